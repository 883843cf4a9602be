package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies in frames of one byte cost about as much memory as others. */
@ExtendWith(NoLeaks.class)
final class SmallFramesTest {
    private static final int UPLOADS = 2;
    private static final int BYTES = 50_000;

    private static long usedHeapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Waits until all before it has been dealt with. */
    private static void ping(Http2Wire client) throws IOException {
        client.frame(Http2Wire.PING, 0, 0, new byte[8]);
        client.await(Http2Wire.PING);
    }

    private static void upload(Http2Wire client, int id) throws IOException {
        client.headers(id, false, Http2Wire.request("POST", "/", "content-length", String.valueOf(BYTES)));
        for (int i = 0; i < BYTES; i++) {
            client.queue(Http2Wire.DATA, i == BYTES - 1 ? Http2Wire.END_STREAM : 0, id, (byte) ('a' + i % 26));
        }
        client.flush();
    }

    @Test
    void uploadsThatWaitForAnOriginAreHeldInFewBuffers() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicLong whole = new AtomicLong();
        try (Origin origin = Origin.start(connection -> {
                    for (var request = connection.request(); request != null; request = connection.request()) {
                        goOn.await();
                        byte[] body = request.body();
                        boolean same = body.length == BYTES;
                        for (int i = 0; same && i < BYTES; i++) {
                            same = body[i] == 'a' + i % 26;
                        }
                        whole.addAndGet(same ? 1 : 0);
                        connection.send(Origin.ok("done"));
                    }
                });
                Proxy proxy = Proxy.to(origin).maxConnections(1).open();
                Wire first = proxy.client();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> origin.requests() == 1);
            ping(client);
            long before = usedHeapBytes();
            for (int id = 1; id < 2 * UPLOADS; id += 2) {
                upload(client, id);
            }
            ping(client);
            assertThat(usedHeapBytes() - before).isLessThan(UPLOADS * BYTES * 60L);
            goOn.countDown();
            for (int i = 0; i < UPLOADS; i++) {
                assertThat(client.await(frame -> frame.type() == Http2Wire.HEADERS)
                                .fields())
                        .contains(":status: 200");
            }
            assertThat(whole).hasValue(UPLOADS);
        }
    }
}
