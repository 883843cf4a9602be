package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Upgrade to another protocol and the tunnel that follows (RFC 9110 §7.8). */
@ExtendWith(NoLeaks.class)
final class UpgradeTest {
    private static final String ASKS =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n";
    private static final String SWITCHES =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: y\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void bytesPassInBothDirections() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head()
                    .expectStart("GET /chat HTTP/1.1")
                    .expect("Connection", "Upgrade")
                    .expect("Upgrade", "websocket")
                    .expect("Sec-WebSocket-Key", "x");
            origin.send(SWITCHES);
            client.expectStatus(101)
                    .expect("Connection", "Upgrade")
                    .expect("Upgrade", "websocket")
                    .expect("Sec-WebSocket-Accept", "y")
                    .expectNo("Content-Length")
                    .expectNo("Transfer-Encoding");
            for (int i = 0; i < 10; i++) {
                client.send("ping\0\r\n\r\n" + i);
                assertThat(origin.exactly(10)).isEqualTo("ping\0\r\n\r\n" + i);
                origin.send("pong" + i);
                assertThat(client.exactly(5)).isEqualTo("pong" + i);
            }
        }
    }

    @Test
    void bytesRightBehindEitherHeadBelongToTheTunnel() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS + "GET /not-a-request HTTP/1.1\r\n\r\n");
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES + "HTTP/1.1 200 not an answer\r\n\r\n");
            client.expectStatus(101);
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 not an answer");
            assertThat(origin.line()).isEqualTo("GET /not-a-request HTTP/1.1");
            assertThat(origin.line()).isEmpty();
            assertThat(client.line()).isEmpty();
            client.send("on");
            assertThat(origin.exactly(2)).isEqualTo("on");
        }
    }

    @Test
    void clientMayEndItsSideFirst() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES);
            client.expectStatus(101);
            client.send("last words").finish();
            assertThat(origin.toEnd()).isEqualTo("last words");
            origin.send("still talking");
            assertThat(client.exactly(13)).isEqualTo("still talking");
            origin.close();
            client.expectEnd();
        }
    }

    @Test
    void originMayEndItsSideFirst() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES + "last words").finish();
            client.expectStatus(101);
            assertThat(client.toEnd()).isEqualTo("last words");
            client.send("still talking");
            assertThat(origin.exactly(13)).isEqualTo("still talking");
            client.close();
            origin.expectEnd();
        }
    }

    @Test
    void clientThatEndedItsSideBehindItsHeadIsTunnelledOn() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS + "only words").finish();
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES);
            client.expectStatus(101);
            assertThat(origin.toEnd()).isEqualTo("only words");
            origin.send("heard").finish();
            assertThat(client.toEnd()).isEqualTo("heard");
        }
    }

    @Test
    void slowOriginGetsAllThatTheClientSentBeforeItsEnd() {
        int length = 16_000_000;
        try (var server = new Origin(8 * 1024);
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES).finish();
            client.expectStatus(101);
            client.expectEnd();
            Thread.startVirtualThread(() -> client.send(new byte[length]).finish());
            origin.skip(length);
            origin.expectEnd();
        }
    }

    @Test
    void slowClientGetsAllThatTheOriginSentBeforeItsEnd() {
        int length = 16_000_000;
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connectSlowly()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send(SWITCHES);
            client.expectStatus(101);
            client.finish();
            origin.expectEnd();
            Thread.startVirtualThread(() -> origin.send(new byte[length]).finish());
            client.skip(length);
            client.expectEnd();
        }
    }

    @Test
    void resetOfEitherSideReachesTheOther() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start()) {
            try (var client = foregate.connect()) {
                client.send(ASKS);
                var origin = server.accept();
                origin.head();
                origin.send(SWITCHES);
                client.expectStatus(101);
                client.reset();
                assertThat(origin.ending().aborted()).isTrue();
            }
            try (var client = foregate.connect()) {
                client.send(ASKS);
                var origin = server.accept();
                origin.head();
                origin.send(SWITCHES);
                client.expectStatus(101);
                origin.reset();
                assertThat(client.ending().aborted()).isTrue();
            }
        }
    }

    @Test
    void originMayDecline() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send(OK);
            client.expect(200, "ok").expectNo("Upgrade").expectNo("Connection");
            client.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            origin.head().expectStart("GET /next HTTP/1.1");
        }
    }

    private static void isNotForwarded(String head, String body) {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(head + "\r\n" + body);
            var origin = server.accept();
            origin.head().expectNo("Upgrade").expectNo("Connection").expectNo("HTTP2-Settings");
            origin.exactly(body.length());
            origin.send(OK);
            client.expect(200, "ok").expectNo("Upgrade");
        }
    }

    @Test
    void h2cIsNotForwarded() {
        isNotForwarded(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n",
                "");
        isNotForwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: H2C\r\n", "");
        isNotForwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c/2\r\n", "");
        isNotForwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c, websocket\r\n", "");
        isNotForwarded("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket, h2c\r\n", "");
        isNotForwarded(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c\r\n", "");
    }

    @Test
    void upgradeThatIsNotMeantForThisHopOrNotAllowedIsNotForwarded() {
        isNotForwarded("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n", "");
        isNotForwarded("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n", "");
        isNotForwarded(
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n",
                "hi");
    }

    @Test
    void protocolChangeWithoutAProtocolIs502() {
        try (var server = new Origin();
                var foregate = Foregate.inFrontOf(server).start();
                var client = foregate.connect()) {
            client.send(ASKS);
            var origin = server.accept();
            origin.head();
            origin.send("HTTP/1.1 101 Switching Protocols\r\n\r\n");
            client.expectStatus(502);
        }
    }
}
