package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.route.RetryPolicy;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is sent again to origins that speak HTTP/2, whose connections go on. */
@ExtendWith(NoLeaks.class)
final class Http2RetriesTest {
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
    private static final byte[] NO_SETTINGS = {};
    private static final int INTERNAL_ERROR = 2;
    private static final int UNAVAILABLE = 14;

    private static byte[] literal(String name, String value) {
        byte[] bytes = new byte[3 + name.length() + value.length()];
        // A literal without indexing, with a new name.
        bytes[1] = (byte) name.length();
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, bytes, 2, name.length());
        bytes[2 + name.length()] = (byte) value.length();
        System.arraycopy(value.getBytes(StandardCharsets.US_ASCII), 0, bytes, 3 + name.length(), value.length());
        return bytes;
    }

    private static byte[] fields(byte[]... fields) {
        byte[] all = {};
        for (byte[] field : fields) {
            byte[] longer = java.util.Arrays.copyOf(all, all.length + field.length);
            System.arraycopy(field, 0, longer, all.length, field.length);
            all = longer;
        }
        return all;
    }

    private static Proxy to(RetryPolicy policy, ScriptedHttp2... origins) {
        Proxy proxy = Proxy.to().link(H2).retry(policy);
        for (ScriptedHttp2 origin : origins) {
            proxy.endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()));
        }
        return proxy;
    }

    private static RetryPolicy policy(int status, int grpcStatus, boolean anyMethod, RetryPolicy.Hedge hedge) {
        RetryPolicy base = RetryPolicy.of(3);
        BitSet statuses = new BitSet();
        statuses.set(status);
        BitSet grpcStatuses = new BitSet();
        grpcStatuses.set(grpcStatus);
        return new RetryPolicy(
                3,
                new RetryPolicy.On(true, true, true, statuses, grpcStatuses),
                anyMethod,
                base.tryNanos(),
                base.bodyBytes(),
                base.backoff(),
                base.budget(),
                hedge);
    }

    @Test
    void anAnswerWithABodyIsDroppedAndTheConnectionGoesOn() throws IOException {
        var asked = new AtomicInteger();
        byte[] unavailable = literal(":status", "503");
        try (var origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    if (asked.incrementAndGet() % 2 == 1) {
                        peer.frame(ScriptedHttp2.HEADERS, ScriptedHttp2.END_HEADERS, stream, unavailable);
                        peer.frame(ScriptedHttp2.DATA, 0, stream, new byte[1000]);
                        peer.frame(ScriptedHttp2.DATA, ScriptedHttp2.END_STREAM, stream, new byte[1000]);
                    } else {
                        peer.ok(stream);
                    }
                });
                var proxy = to(policy(503, UNAVAILABLE, false, RetryPolicy.Hedge.OFF), origin)
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
                assertThat(proxy.next().attempts()).isEqualTo(2);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aStreamThatIsResetIsTriedElsewhere() throws IOException {
        try (var bad = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> peer.reset(stream, INTERNAL_ERROR));
                var good = new ScriptedHttp2(NO_SETTINGS, ScriptedHttp2.Peer::ok);
                var proxy = to(RetryPolicy.of(2), bad, good).open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            assertThat(bad.connections()).isEqualTo(1);
        }
    }

    @Test
    void aCallThatIsAnsweredWithNothingButAStatusIsTriedElsewhere() throws IOException {
        byte[] trailersOnly =
                fields(ScriptedHttp2.OK, literal("content-type", "application/grpc"), literal("grpc-status", "14"));
        try (var busy = new ScriptedHttp2(
                        NO_SETTINGS,
                        (peer, stream) -> peer.frame(
                                ScriptedHttp2.HEADERS,
                                ScriptedHttp2.END_HEADERS | ScriptedHttp2.END_STREAM,
                                stream,
                                trailersOnly));
                var good = new ScriptedHttp2(NO_SETTINGS, ScriptedHttp2.Peer::ok);
                var proxy = to(policy(503, UNAVAILABLE, true, RetryPolicy.Hedge.OFF), busy, good)
                        .open();
                var client = proxy.client()) {
            int lost = 0;
            for (int i = 0; i < 4; i++) {
                client.exchange("POST", "/service/Method", "call");
                Seen seen = proxy.next();
                assertThat(seen.endpoint()).isEqualTo("endpoint-1");
                lost += seen.lost();
            }
            assertThat(lost).isPositive();
        }
    }

    @Test
    void aHedgedStreamThatLosesIsResetAndItsConnectionKept() throws IOException {
        var resets = new AtomicInteger();
        var hung = new AtomicInteger();
        try (var hangs = new ScriptedHttp2(NO_SETTINGS, new ScriptedHttp2.Script() {
                    @Override
                    public void onRequest(ScriptedHttp2.Peer peer, int stream) {
                        hung.incrementAndGet();
                    }

                    @Override
                    public void onReset(ScriptedHttp2.Peer peer, int stream) {
                        resets.incrementAndGet();
                    }
                });
                var good = new ScriptedHttp2(NO_SETTINGS, ScriptedHttp2.Peer::ok);
                var proxy = to(policy(503, UNAVAILABLE, false, new RetryPolicy.Hedge(30_000_000L, 0)), hangs, good)
                        .open();
                Wire client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
                assertThat(proxy.next().endpoint()).isEqualTo("endpoint-1");
            }
            await().until(() -> hung.get() > 0 && resets.get() == hung.get());
            assertThat(hangs.connections()).isEqualTo(1);
        }
    }
}
