package io.foregate.tests.origins;

import static io.foregate.tests.origins.ScriptedHttp2.DATA;
import static io.foregate.tests.origins.ScriptedHttp2.END_HEADERS;
import static io.foregate.tests.origins.ScriptedHttp2.END_STREAM;
import static io.foregate.tests.origins.ScriptedHttp2.HEADERS;
import static io.foregate.tests.origins.ScriptedHttp2.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.upstream.Link;
import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many answers share a connection to an origin, some of which nobody reads. */
@ExtendWith(NoLeaks.class)
final class ManyStreamsTest {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int SLOW = 80;
    private static final int BODY_BYTES = 1 << 20;
    private static final int FRAME_BYTES = 16 * 1024;

    /** Answers everything with 1 MiB, as fast as the windows of stream and connection allow. */
    private static final class Windows implements ScriptedHttp2.Script {
        private static final int STREAM_WINDOW = 128 * 1024;

        private final Map<Integer, int[]> streams = new LinkedHashMap<>();
        final AtomicInteger begun = new AtomicInteger();
        final AtomicLong sent = new AtomicLong();
        private long window = 65_535;

        @Override
        public void onRequest(ScriptedHttp2.Peer peer, int stream) throws IOException {
            begun.incrementAndGet();
            peer.frame(HEADERS, END_HEADERS, stream, OK);
            streams.put(stream, new int[] {BODY_BYTES, STREAM_WINDOW});
            send(peer);
        }

        @Override
        public void onWindow(ScriptedHttp2.Peer peer, int stream, int increment) throws IOException {
            int[] of = streams.get(stream);
            if (stream == 0) {
                window += increment;
            } else if (of != null) {
                of[1] += increment;
            }
            send(peer);
        }

        private void send(ScriptedHttp2.Peer peer) throws IOException {
            for (Map.Entry<Integer, int[]> entry : streams.entrySet()) {
                int[] of = entry.getValue();
                while (of[0] > 0 && of[1] > 0 && window > 0) {
                    int length = (int) Math.min(Math.min(Math.min(of[0], of[1]), window), FRAME_BYTES);
                    of[0] -= length;
                    of[1] -= length;
                    window -= length;
                    sent.addAndGet(length);
                    peer.frame(DATA, of[0] == 0 ? END_STREAM : 0, entry.getKey(), new byte[length]);
                }
            }
        }
    }

    @Test
    void answersThatNobodyReadsLeaveRoomForTheOthers() throws Exception {
        Windows script = new Windows();
        try (ScriptedHttp2 origin = new ScriptedHttp2(new byte[0], script);
                Proxy proxy = Proxy.to()
                        .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                        .link(new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null))
                        .idleTimeout(Duration.ofMinutes(1))
                        .open();
                Http2Wire slow = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 0)) {
            for (int id = 1; id < 2 * SLOW; id += 2) {
                slow.get(id, "/");
            }
            long[] last = {-1};
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                boolean still = script.begun.get() == SLOW && script.sent.get() == last[0];
                last[0] = script.sent.get();
                return still;
            });
            // Of each what may wait for its client, a frame more, and the window.
            long toSlow = script.sent.get();
            assertThat(toSlow).isLessThanOrEqualTo(SLOW * (64 + 16 + 128) * 1024L);
            assertThat(proxy.get("/").body()).hasSize(BODY_BYTES);
            // Nothing more went to the slow ones: it isn't their end that made room.
            assertThat(script.sent.get()).isEqualTo(toSlow + BODY_BYTES);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }
}
