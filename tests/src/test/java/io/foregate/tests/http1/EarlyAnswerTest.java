package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that come while the request is still on its way, and sides that end or stall before the other does. */
@ExtendWith(NoLeaks.class)
final class EarlyAnswerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String TOO_LARGE =
            "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nlate";

    private static String post(int length) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void originThatRefusesAnUploadAndClosesIsHeard() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(post(100_000_000)).send(new byte[20_000]);
            var origin = server.accept();
            origin.head();
            origin.send(TOO_LARGE).close();
            client.expect(413, "late");
            // The rest of the upload is taken for a while, so that no RST overtakes the answer, and then no more.
            client.trySend(new byte[10_000_000]);
            client.ending();
        }
    }

    @Test
    void originThatResetsBehindItsAnswerIsHeard() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(post(1_000_000)).send(new byte[20_000]);
            var origin = server.accept();
            origin.head();
            origin.send(TOO_LARGE);
            client.expect(413, "late");
            origin.reset();
        }
    }

    @Test
    void connectionIsUsedAgainOnceTheRestOfAShortUploadCame() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(post(10) + "hello");
            var origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok").expectNo("Connection");
            client.send("world" + GET);
            // The origin's connection isn't: half a request is still due there.
            assertThat(origin.ending().bytes()).isEqualTo("hello");
            var next = server.accept();
            next.head().expectStart("GET / HTTP/1.1");
            next.send(OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void answerMayFlowWhileTheRequestStillDoes() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(post(6) + "a");
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            client.expectStatus(200);
            for (char c = 'a'; c < 'g'; c++) {
                if (c > 'a') {
                    client.send(String.valueOf(c));
                }
                assertThat(origin.exactly(1)).isEqualTo(String.valueOf(c));
                origin.send(String.valueOf((char) (c - 32)));
                assertThat(client.exactly(1)).isEqualTo(String.valueOf((char) (c - 32)));
            }
            client.send(GET);
            origin.head().expectStart("GET / HTTP/1.1");
        }
    }

    @Test
    void uploadThatGoesOnBehindTheAnswersHeadKeepsTheExchangeAlive() throws InterruptedException {
        try (var server = new Origin();
                var foregate =
                        Foregate.inFrontOf(server).idle(Duration.ofMillis(600)).start();
                var client = foregate.connect()) {
            client.send(post(8));
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            client.expectStatus(200);
            for (int i = 0; i < 8; i++) {
                client.send("x");
                origin.exactly(1);
                Thread.sleep(150);
            }
            origin.send("ok");
            assertThat(client.exactly(2)).isEqualTo("ok");
        }
    }

    @Test
    void clientMayEndItsSideBehindItsRequest() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(post(5) + "hello").finish();
            var origin = server.accept();
            origin.head();
            assertThat(origin.exactly(5)).isEqualTo("hello");
            origin.send(OK);
            client.expect(200, "ok").expect("Connection", "close");
            client.expectEnd();
        }
    }
}
