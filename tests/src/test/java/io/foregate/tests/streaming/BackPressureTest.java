package io.foregate.tests.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who doesn't read stops who writes, at a bounded cost, and nobody else. One loop, so that all share it. */
@ExtendWith(NoLeaks.class)
final class BackPressureTest {
    private static final long LENGTH = 256L << 20;
    private static final byte[] BLOCK = new byte[64 * 1024];
    // Nearly all of it is the kernel's: four socket buffers that grow to some megabytes each.
    private static final long MOST_UNDER_WAY = 40L << 20;
    private static final long MOST_DIRECT = 8L << 20;

    private static long direct() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    /** Waits until {@code count} has grown and then stays as it is. */
    private static void awaitStill(AtomicLong count) {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(400))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long before = last[0];
                    last[0] = count.get();
                    return before > 0 && before == last[0];
                });
    }

    private static void write(Wire to, AtomicLong written) {
        try {
            while (written.get() < LENGTH) {
                to.send(BLOCK);
                written.addAndGet(BLOCK.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Wire from, long length) throws IOException {
        byte[] buffer = new byte[BLOCK.length];
        for (long left = length; left > 0; ) {
            int count = from.in().read(buffer, 0, (int) Math.min(left, buffer.length));
            assertThat(count).isPositive();
            left -= count;
        }
    }

    private static void assertOthersAreServed(Proxy proxy) throws IOException {
        try (Wire other = proxy.client()) {
            for (int i = 0; i < 200; i++) {
                assertThat(other.get("/small").text()).isEqualTo("small");
            }
        }
    }

    @Test
    void requestsThatWaitForTheirClientToReadAreAnsweredThoughItHasEndedItsSide() throws Exception {
        int requests = 1500;
        int length = 10_000;
        try (Origin origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                        connection.send(new byte[length]);
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Wire client = Wire.narrow(proxy.port(), 8 * 1024)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
            Thread.sleep(300);
            client.shutdownOutput();
            Thread.sleep(300);
            for (int i = 0; i < requests; i++) {
                assertThat(client.response().body()).hasSize(length);
            }
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void aSlowReaderStopsTheOriginAndNobodyElse() throws IOException {
        var written = new AtomicLong();
        try (var origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        if (request.target().equals("/small")) {
                            connection.send(Origin.ok("small"));
                        } else {
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                            write(connection, written);
                        }
                    }
                });
                var proxy = Proxy.to(origin).open();
                var slow = Wire.narrow(proxy.port(), 16 * 1024)) {
            long directBefore = direct();
            slow.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            awaitStill(written);
            assertThat(written.get()).isLessThan(MOST_UNDER_WAY);
            assertThat(direct() - directBefore).isLessThan(MOST_DIRECT);
            assertOthersAreServed(proxy);
            assertThat(slow.responseHead().status()).isEqualTo(200);
            read(slow, LENGTH);
            assertThat(slow.get("/small").text()).isEqualTo("small");
        }
    }

    @Test
    void aSlowOriginStopsTheUploaderAndNobodyElse() throws Exception {
        var written = new AtomicLong();
        var mayRead = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    for (Message head = connection.head(); head != null; head = connection.head()) {
                        if (head.target().equals("/small")) {
                            connection.send(Origin.ok("small"));
                        } else {
                            mayRead.await();
                            read(connection, LENGTH);
                            connection.send(Origin.ok("got it"));
                        }
                    }
                });
                var proxy = Proxy.to(origin).open();
                var uploader = proxy.client()) {
            long directBefore = direct();
            uploader.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            Thread writer = Thread.ofVirtual().start(() -> write(uploader, written));
            awaitStill(written);
            assertThat(written.get()).isLessThan(MOST_UNDER_WAY);
            assertThat(direct() - directBefore).isLessThan(MOST_DIRECT);
            assertOthersAreServed(proxy);
            mayRead.countDown();
            writer.join();
            assertThat(uploader.response().text()).isEqualTo("got it");
        }
    }

    @Test
    void manySlowReadersCostABoundEach() throws IOException {
        int readers = 20;
        try (var origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        if (request.target().equals("/small")) {
                            connection.send(Origin.ok("small"));
                        } else {
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
                            write(connection, new AtomicLong());
                        }
                    }
                });
                var proxy = Proxy.to(origin).open()) {
            long directBefore = direct();
            Wire[] slow = new Wire[readers];
            for (int i = 0; i < readers; i++) {
                slow[i] = Wire.narrow(proxy.port(), 16 * 1024);
                slow[i].send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            for (Wire reader : slow) {
                assertThat(reader.responseHead().status()).isEqualTo(200);
            }
            assertOthersAreServed(proxy);
            assertThat(direct() - directBefore).isLessThan(readers * 2L << 20);
            for (Wire reader : slow) {
                reader.reset();
            }
            await().until(() -> origin.open() <= 1);
        }
    }
}
