package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Expect: 100-continue and the answers before the answer (RFC 9110 §10.1.1, §15.2). */
@ExtendWith(NoLeaks.class)
final class InterimTest {
    private static final String EXPECTS =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void expectationIsForwardedAndThe100ComesBackBeforeTheBody() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(EXPECTS);
            var origin = server.accept();
            origin.head().expect("Expect", "100-continue");
            origin.send("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n");
            client.expectStatus(100).expect("X", "y").expectNo("Content-Length").expectNo("Transfer-Encoding");
            client.send("hello");
            assertThat(origin.exactly(5)).isEqualTo("hello");
            origin.send(OK);
            client.expect(200, "ok").expectNo("Connection");
            client.send(GET);
            origin.head().expectStart("GET / HTTP/1.1");
        }
    }

    @Test
    void finalAnswerInsteadOfThe100EndsIt() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(EXPECTS);
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
            client.expect(417, "no").expect("Connection", "close");
            client.expectEnd();
            assertThat(origin.ending().bytes()).isEmpty();
        }
    }

    @Test
    void clientMayStopWaitingForThe100() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(EXPECTS);
            var origin = server.accept();
            origin.head();
            client.send("hello");
            assertThat(origin.exactly(5)).isEqualTo("hello");
            origin.send(OK);
            client.expect(200, "ok").expectNo("Connection");
        }
    }

    @Test
    void originThatAnsweredWithoutA100GetsNoOtherRequestOnThatConnection() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(EXPECTS);
            var origin = server.accept();
            origin.head();
            client.send("hello");
            assertThat(origin.exactly(5)).isEqualTo("hello");
            origin.send(OK);
            client.expect(200, "ok");
            assertThat(origin.ending().bytes()).isEmpty();
            client.send(GET);
            var next = server.accept();
            assertThat(next.head().start()).isEqualTo("GET / HTTP/1.1");
            next.send(OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void originThatAnswersNothingTimesOut() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server)
                        .firstByte(Duration.ofMillis(300))
                        .start();
                var client = foregate.connect()) {
            client.send(EXPECTS);
            var origin = server.accept();
            origin.head();
            client.body(client.expectStatus(504).expect("Connection", "close"));
            client.expectEnd();
            assertThat(origin.ending().bytes()).isEmpty();
        }
    }

    @Test
    void a100ThatNobodyAskedForIsDropped() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 100 Continue\r\n\r\n" + OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void earlyHintsPassAtOnceAndAsOftenAsTheyCome() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            for (int i = 0; i < 3; i++) {
                origin.send("HTTP/1.1 103 Early Hints\r\nLink: </" + i + ".css>\r\nConnection: X\r\nX: y\r\n\r\n");
                client.expectStatus(103)
                        .expect("Link", "</" + i + ".css>")
                        .expectNo("X")
                        .expectNo("Connection");
            }
            origin.send(OK);
            client.expect(200, "ok").expectNo("Link");
        }
    }

    @Test
    void interimAnswersCutAtEveryPositionPass() {
        String answer = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK;
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            Peer origin = null;
            for (int cut = 1; cut < answer.length(); cut++) {
                client.send(GET);
                origin = origin == null ? server.accept() : origin;
                origin.head();
                origin.send(answer.substring(0, cut)).send(answer.substring(cut));
                client.expectStatus(102);
                client.expectStatus(103).expect("Link", "x");
                client.expect(200, "ok");
            }
        }
    }

    @Test
    void http10ClientNeverSeesAnInterimAnswer() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK);
            client.expect(200, "ok");
            client.expectEnd();
        }
    }
}
