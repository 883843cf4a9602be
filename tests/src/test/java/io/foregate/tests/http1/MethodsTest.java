package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Methods that mean something to a proxy (RFC 9110 §7.6.2, §9.3). */
@ExtendWith(NoLeaks.class)
final class MethodsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static void isAnsweredHere(String request, int status) {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(request);
            Message head = client.expectStatus(status);
            client.body(head);
            if (status == 200) {
                assertThat(head.value("Allow")).contains("GET", "OPTIONS").doesNotContain("TRACE", "CONNECT");
            }
            server.expectNoConnection();
        }
    }

    private static Message isForwarded(String request) {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(request);
            var origin = server.accept();
            Message got = origin.head();
            origin.send(OK);
            client.expect(200, "ok");
            return got;
        }
    }

    @Test
    void traceAndConnectAreRefused() {
        isAnsweredHere("TRACE / HTTP/1.1\r\nHost: a\r\nCookie: x\r\n\r\n", 501);
        isAnsweredHere("TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", 501);
        isAnsweredHere("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501);
    }

    @Test
    void requestsThatMayHaveABodyAndHaveNoneSaySo() {
        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            isForwarded(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").expect("Content-Length", "0");
            isForwarded(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                    .expect("Content-Length", "0");
        }
        isForwarded("GET / HTTP/1.1\r\nHost: a\r\n\r\n").expectNo("Content-Length");
        isForwarded("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n").expectNo("Content-Length");
    }

    @Test
    void optionsForTheServerAreAnsweredHere() {
        isAnsweredHere("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200);
        isAnsweredHere("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n", 200);
        isAnsweredHere("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n", 200);
    }

    @Test
    void optionsForAResourceGoOnAndAreCountedDown() {
        isForwarded("OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n").expectNo("Max-Forwards");
        isForwarded("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 10\r\n\r\n")
                .expect("Max-Forwards", "9");
        isForwarded("OPTIONS http://a/x HTTP/1.1\r\nHost: a\r\n\r\n").expectStart("OPTIONS /x HTTP/1.1");
    }

    @Test
    void maxForwardsOfOtherMethodsIsLeftAlone() {
        isForwarded("GET / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n").expect("Max-Forwards", "0");
    }

    @Test
    void connectionServesOnBehindAnAnswerOfOurOwn() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(
                    "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcTRACE / HTTP/1.1\r\nHost: a\r\n\r\n"
                            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.body(client.expectStatus(200));
            client.body(client.expectStatus(501));
            var origin = server.accept();
            origin.head().expectStart("GET / HTTP/1.1");
            origin.send(OK);
            client.expect(200, "ok");
        }
    }
}
