package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Fields behind a body, both ways (RFC 9110 §6.5, RFC 9112 §7.1.2). */
@ExtendWith(NoLeaks.class)
final class TrailersTest {
    private static final String TRAILED = "3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\nx-other:  \t3 \r\n\r\n";
    private static final String FORBIDDEN =
            "3\r\nabc\r\n0\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\nHost: b\r\n"
                    + "Authorization: x\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\nSet-Cookie: a=b\r\nX-Fine: 1\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK_CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static void expectTrailers(Peer from, String... lines) {
        for (String line : lines) {
            assertThat(from.line()).isEqualTo(line);
        }
        assertThat(from.line()).isEmpty();
    }

    @Test
    void thoseOfARequestReachTheOrigin() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n" + TRAILED);
            var origin = server.accept();
            origin.head().expect("Trailer", "X-Sum");
            assertThat(origin.chunks()).isEqualTo("abc");
            expectTrailers(origin, "X-Sum: 1", "X-Sum: 2", "x-other: 3");
            origin.send(OK);
            client.expect(200, "ok");
            client.send(GET);
            origin.head().expectStart("GET / HTTP/1.1").expectNo("X-Sum");
        }
    }

    @Test
    void thoseOfAnAnswerReachTheClient() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(GET);
            var origin = server.accept();
            origin.head();
            origin.send(OK_CHUNKED + TRAILED);
            client.expectStatus(200);
            assertThat(client.chunks()).isEqualTo("abc");
            expectTrailers(client, "X-Sum: 1", "X-Sum: 2", "x-other: 3");
            client.send(GET);
            origin.head();
            origin.send(OK);
            client.expect(200, "ok").expectNo("X-Sum");
        }
    }

    @Test
    void trailersWithoutABodyPass() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(POST + "0\r\nX-Sum: 1\r\n\r\n");
            var origin = server.accept();
            origin.head().expect("Transfer-Encoding", "chunked");
            assertThat(origin.chunks()).isEmpty();
            expectTrailers(origin, "X-Sum: 1");
            origin.send(OK_CHUNKED + "0\r\nX-Sum: 2\r\n\r\n");
            client.expectStatus(200);
            assertThat(client.chunks()).isEmpty();
            expectTrailers(client, "X-Sum: 2");
        }
    }

    @Test
    void whatFramesRoutesOrAuthorizesIsNoTrailer() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(POST + FORBIDDEN);
            var origin = server.accept();
            origin.head();
            assertThat(origin.chunks()).isEqualTo("abc");
            expectTrailers(origin, "X-Fine: 1");
            origin.send(OK_CHUNKED + FORBIDDEN);
            client.expectStatus(200);
            assertThat(client.chunks()).isEqualTo("abc");
            expectTrailers(client, "X-Fine: 1");
        }
    }

    @Test
    void http10ClientGetsTheBodyWithoutThem() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send(OK_CHUNKED + TRAILED);
            client.expectStatus(200);
            assertThat(client.toEnd()).isEqualTo("abc");
        }
    }

    @Test
    void trailersThatComeLaterThanTheBodyPass() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(POST + "3\r\nabc\r\n");
            var origin = server.accept();
            origin.head();
            assertThat(origin.line()).isEqualTo("3");
            assertThat(origin.exactly(5)).isEqualTo("abc\r\n");
            client.drip("0\r\nX-Sum: 1\r\n\r\n");
            assertThat(origin.line()).isEqualTo("0");
            expectTrailers(origin, "X-Sum: 1");
        }
    }
}
