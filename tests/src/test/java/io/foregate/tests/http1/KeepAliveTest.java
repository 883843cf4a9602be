package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long connections live on either side, and that what is pipelined on them is answered in order. */
@ExtendWith(NoLeaks.class)
final class KeepAliveTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Test
    void bothConnectionsServeRequestAfterRequest() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/0"));
            var origin = server.accept();
            for (int i = 0; i < 20; i++) {
                origin.head().expectStart("GET /" + i + " HTTP/1.1").expectNo("Connection");
                origin.send(ok("answer " + i));
                client.expect(200, "answer " + i).expectNo("Connection");
                client.send(get("/" + (i + 1)));
            }
            origin.head().expectStart("GET /20 HTTP/1.1");
        }
    }

    @Test
    void anotherClientUsesTheConnectionToTheOriginNext() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start()) {
            Peer origin;
            try (var first = foregate.connect()) {
                first.send(get("/1"));
                origin = server.accept();
                origin.head();
                origin.send(OK);
                first.expect(200, "ok");
            }
            try (var second = foregate.connect()) {
                second.send(get("/2"));
                origin.head().expectStart("GET /2 HTTP/1.1");
                origin.send(OK);
                second.expect(200, "ok");
            }
        }
    }

    @Test
    void closeIsHonouredAndSaid() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n" + get("/never"));
            var origin = server.accept();
            origin.head().expectNo("Connection");
            origin.send(OK);
            client.expect(200, "ok").expect("Connection", "close");
            client.expectEnd();
            server.expectNoConnection();
        }
    }

    @Test
    void http10ClosesUnlessItAsksOtherwise() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send("GET /1 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
            var origin = server.accept();
            origin.head().expectStart("GET /1 HTTP/1.1").expectNo("Connection");
            origin.send(OK);
            client.expect(200, "ok").expect("Connection", "keep-alive");
            client.send("GET /2 HTTP/1.0\r\n\r\n");
            origin.head().expectStart("GET /2 HTTP/1.1");
            origin.send(OK);
            client.expect(200, "ok").expect("Connection", "close");
            client.expectEnd();
        }
    }

    @Test
    void originThatClosesIsNotAskedAgainOnThatConnection() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/1"));
            try (var origin = server.accept()) {
                origin.head();
                origin.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
                client.expect(200, "ok").expectNo("Connection");
                origin.expectEnd();
            }
            client.send(get("/2"));
            var next = server.accept();
            next.head().expectStart("GET /2 HTTP/1.1");
            next.send("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
            client.expect(200, "ok").expectNo("Connection");
            next.expectEnd();
            client.send(get("/3"));
            var http10 = server.accept();
            http10.head().expectStart("GET /3 HTTP/1.1");
            http10.send("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok");
            client.expect(200, "ok");
            client.send(get("/4"));
            http10.head().expectStart("GET /4 HTTP/1.1");
        }
    }

    @Test
    void originThatSpeaksUnaskedLosesItsConnection() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/1"));
            var origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok");
            origin.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            origin.ending();
            client.send(get("/2"));
            var next = server.accept();
            next.head().expectStart("GET /2 HTTP/1.1");
            next.send(OK);
            client.expect(200, "ok");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(i % 2 == 0 ? get("/" + i) : post("/" + i, "body " + i, i % 4 == 1));
            }
            client.send(all.toString());
            var origin = server.accept();
            for (int i = 0; i < 50; i++) {
                var head = origin.head();
                assertThat(head.start()).endsWith(" /" + i + " HTTP/1.1");
                assertThat(origin.body(head)).isEqualTo(i % 2 == 0 ? "" : "body " + i);
                origin.send(ok("answer " + i));
            }
            for (int i = 0; i < 50; i++) {
                client.expect(200, "answer " + i);
            }
            client.send(get("/50"));
            origin.head().expectStart("GET /50 HTTP/1.1");
        }
    }

    private static String post(String path, String body, boolean chunked) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n"
                + (chunked
                        ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                                + "\r\n0\r\n\r\n"
                        : "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void pipelinedRequestsWithAFinBehindThemAreAllAnswered() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/0") + post("/1", "x", true) + get("/2")).finish();
            var origin = server.accept();
            for (int i = 0; i < 3; i++) {
                origin.body(origin.head());
                origin.send(ok("answer " + i));
            }
            client.expect(200, "answer 0");
            client.expect(200, "answer 1");
            client.expect(200, "answer 2");
            client.expectEnd();
        }
    }

    @Test
    void finBehindHalfARequestEndsTheConnectionAfterTheWholeOnes() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/0") + "GET /1 HTTP/1.1\r\nHo").finish();
            var origin = server.accept();
            origin.head().expectStart("GET /0 HTTP/1.1");
            origin.send(OK);
            client.expect(200, "ok");
            client.expectEnd();
            server.expectNoConnection();
        }
    }

    @Test
    void pipelinedRequestBehindARefusedOneIsNotServed() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(get("/0") + "GET /1 HTTP/1.1\r\n\r\n" + get("/2"));
            var origin = server.accept();
            origin.head().expectStart("GET /0 HTTP/1.1");
            origin.send(OK);
            client.expect(200, "ok");
            client.body(client.expectStatus(400).expect("Connection", "close"));
            client.expectEnd();
        }
    }

    @Test
    void idleConnectionIsClosedSilently() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server)
                        .keepAlive(Duration.ofMillis(300))
                        .start();
                var client = foregate.connect()) {
            client.send(get("/"));
            var origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok");
            client.expectEnd();
        }
    }

    @Test
    void connectionOnWhichNothingComesIsClosedSilently() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server)
                        .headTimeout(Duration.ofMillis(300))
                        .start();
                var client = foregate.connect()) {
            client.expectEnd();
        }
    }

    @Test
    void slowHeadIsAnsweredWith408() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server)
                        .headTimeout(Duration.ofMillis(300))
                        .start();
                var client = foregate.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
            client.body(client.expectStatus(408).expect("Connection", "close"));
            client.expectEnd();
            server.expectNoConnection();
        }
    }

    @Test
    void slowSecondHeadIsAnsweredWith408() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server)
                        .headTimeout(Duration.ofMillis(300))
                        .start();
                var client = foregate.connect()) {
            client.send(get("/") + "G");
            var origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok");
            client.body(client.expectStatus(408).expect("Connection", "close"));
            client.expectEnd();
        }
    }
}
