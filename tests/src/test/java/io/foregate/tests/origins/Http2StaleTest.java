package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kept HTTP/2 connections that end with a request on them. When one lay idle, that says nothing of the origin, and the request is
 * sent again without being counted; when one was busy, and the origin heard to be alive, it is a failure like any other.
 */
@ExtendWith(NoLeaks.class)
final class Http2StaleTest {
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
    private static final int FIRST = 1;
    private static final int SECOND = 3;
    private static final byte[] NO_SETTINGS = {};

    /** What the first connection does with its second request. Its first is answered, and it ends at its third. */
    private static ScriptedHttp2 origin(ScriptedHttp2.Script second) throws IOException {
        return new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
            if (peer.number() > 1 || stream == FIRST) {
                peer.ok(stream);
            } else if (stream == SECOND) {
                second.onRequest(peer, stream);
            } else {
                peer.hangUp();
            }
        });
    }

    private static Proxy once(ScriptedHttp2 origin) throws IOException {
        return Proxy.to()
                .link(H2)
                .attempts(1)
                .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                .open();
    }

    private static void assertFine(Seen seen) {
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.attempts()).isEqualTo(1);
        assertThat(seen.lost()).isZero();
    }

    @Test
    void whatMeetsTheEndOfAnIdleConnectionIsSentAgainUncounted() throws IOException {
        try (var origin = origin((peer, stream) -> peer.hangUp());
                var proxy = once(origin);
                var client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
                assertFine(proxy.next());
            }
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void soAreAllThatAreOnItWhenNothingHasComeSinceItLayIdle() throws IOException {
        var hanging = new AtomicInteger();
        try (var origin = origin((peer, stream) -> hanging.incrementAndGet());
                var proxy = once(origin);
                var client = proxy.client();
                var other = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> hanging.get() == 1);

            assertThat(other.get("/").status()).isEqualTo(200);
            assertThat(client.response().status()).isEqualTo(200);
            for (int i = 0; i < 3; i++) {
                assertFine(proxy.next());
            }
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatMeetsTheEndOfABusyConnectionHasFailed() throws IOException {
        try (var origin = origin((peer, stream) ->
                        peer.frame(ScriptedHttp2.HEADERS, ScriptedHttp2.END_HEADERS, stream, ScriptedHttp2.OK));
                var proxy = once(origin);
                var client = proxy.client();
                var other = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertFine(proxy.next());
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.responseHead().status()).isEqualTo(200);

            assertThat(other.get("/").status()).isEqualTo(502);
            assertThat(client.ends()).isTrue();
            assertThat(origin.connections()).isEqualTo(1);
            // Once more idle, it begins anew.
            assertThat(other.get("/").status()).isEqualTo(200);
            assertThat(proxy.next().failure()).isNotNull();
            assertThat(proxy.next().failure())
                    .isIn(Failure.Kind.CLOSED_EARLY, Failure.Kind.RESET, Failure.Kind.RESPONSE_TRUNCATED);
            assertFine(proxy.next());
        }
    }
}
