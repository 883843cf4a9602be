package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Heads that come in pieces: same outcome, linear cost, and refused as soon as they are too large. */
@ExtendWith(NoLeaks.class)
final class HeadArrivalTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void headCutAtEveryPositionPasses() {
        String request =
                "\r\nGET /a/../b?c HTTP/1.1\r\nHost: a\r\nX:  y \r\nConnection: z\r\nExpect:100-continue\r\n\r\n";
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            Peer origin = null;
            for (int cut = 1; cut < request.length(); cut++) {
                client.send(request.substring(0, cut)).send(request.substring(cut));
                origin = origin == null ? server.accept() : origin;
                origin.head().expectStart("GET /b?c HTTP/1.1").expect("X", "y").expectNo("Expect");
                origin.send(OK);
                client.expect(200, "ok");
            }
        }
    }

    @Test
    void largeHeadsByteByBytePassBothWays() {
        String fields = "X-Filler: " + "y".repeat(20_000) + "\r\n\r\n";
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.drip("GET / HTTP/1.1\r\nHost: a\r\n" + fields);
            var origin = server.accept();
            assertThat(origin.head().value("X-Filler")).hasSize(20_000);
            origin.drip("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + "ok");
            assertThat(client.expect(200, "ok").value("X-Filler")).hasSize(20_000);
        }
    }

    @Test
    void endlessHeadIsRefusedWhileItStillComes() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start()) {
            refusedBeforeItsEnd(foregate, "GET / HTTP/1.1\r\nHost: a\r\nX: ", "y", 431);
            refusedBeforeItsEnd(foregate, "GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", 431);
            refusedBeforeItsEnd(foregate, "GET /", "a", 414);
            refusedBeforeItsEnd(foregate, "", "M", 414);
            refusedBeforeItsEnd(foregate, "", "\r\n", 400);
            server.expectNoConnection();
        }
    }

    private static void refusedBeforeItsEnd(Foregate foregate, String begin, String endless, int status) {
        try (var client = foregate.connect()) {
            client.send(begin);
            byte[] more = Peer.octets(endless.repeat(500 / endless.length()));
            for (int i = 0; i < 100; i++) {
                client.trySend(more);
            }
            client.expectStatus(status).expect("Connection", "close");
        }
    }

    @Test
    void arbitraryPiecesOfAPipelineGiveTheSameAnswers() {
        var random = new Random(7);
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            var all = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                all.append(
                        i % 3 == 0
                                ? "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n"
                                : i % 3 == 1
                                        ? "POST /" + i + " HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
                                        : "PUT /" + i
                                                + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;x\r\ndy\r\n0\r\n\r\n");
            }
            var sending = Thread.startVirtualThread(() -> {
                for (int at = 0; at < all.length(); ) {
                    int end = Math.min(all.length(), at + 1 + random.nextInt(40));
                    client.send(all.substring(at, end));
                    at = end;
                }
            });
            var origin = server.accept();
            for (int i = 0; i < 60; i++) {
                Message head = origin.head();
                assertThat(head.start()).contains(" /" + i + " ");
                assertThat(origin.body(head)).isEqualTo(i % 3 == 0 ? "" : "body");
                origin.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (10 + i));
            }
            for (int i = 0; i < 60; i++) {
                client.expect(200, String.valueOf(10 + i));
            }
            assertThat(sending.isAlive()).isFalse();
        }
    }
}
