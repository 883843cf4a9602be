package io.foregate.tests.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Bodies far larger than the memory that they may cost. {@code -Dforegate.test.gigabytes=10} makes them larger, 1 is the
 * default.
 */
@ExtendWith(NoLeaks.class)
final class LargeBodyTest {
    private static final long GIGABYTES = Long.getLong("foregate.test.gigabytes", 1);
    private static final byte[] BLOCK = new byte[256 * 1024];
    private static final long BLOCKS = (GIGABYTES << 30) / BLOCK.length;
    private static final long DIRECT_BYTES = 32 << 20;
    private static final long HEAP_BYTES = 16 << 20;

    static {
        new Random(1).nextBytes(BLOCK);
    }

    /** Watches Netty's memory while a body passes, and the heap before and after. */
    private static final class Watch implements AutoCloseable {
        private final long heapBefore = heap();
        private final AtomicLong largestDirect = new AtomicLong();

        /** Called now and then by whoever moves the body. */
        void look() {
            largestDirect.accumulateAndGet(direct(), Math::max);
        }

        private static long direct() {
            ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
            assertThat(allocator).isInstanceOf(AdaptiveByteBufAllocator.class);
            return ((ByteBufAllocatorMetricProvider) allocator).metric().usedDirectMemory();
        }

        private static long heap() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        @Override
        public void close() {
            assertThat(largestDirect.get()).as("Netty's direct memory").isLessThan(DIRECT_BYTES);
            assertThat(heap() - heapBefore).as("growth of the heap").isLessThan(HEAP_BYTES);
        }
    }

    private static long sumOfAll() {
        CRC32 sum = new CRC32();
        for (long i = 0; i < BLOCKS; i++) {
            sum.update(BLOCK);
        }
        return sum.getValue();
    }

    private static void write(OutputStream out, boolean chunked) throws IOException {
        byte[] frame = (Integer.toHexString(BLOCK.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (long i = 0; i < BLOCKS; i++) {
            if (chunked) {
                out.write(frame);
            }
            out.write(BLOCK);
            if (chunked) {
                out.write(new byte[] {'\r', '\n'});
            }
        }
        if (chunked) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static long sum(InputStream in, long length, Watch watch) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[64 * 1024];
        int reads = 0;
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            assertThat(count).isPositive();
            sum.update(buffer, 0, count);
            left -= count;
            if ((reads++ & 63) == 0) {
                watch.look();
            }
        }
        return sum.getValue();
    }

    private static long sumOfChunks(Wire wire, Watch watch) throws IOException {
        CRC32 sum = new CRC32();
        int chunks = 0;
        for (byte[] chunk = wire.chunk(); chunk.length > 0; chunk = wire.chunk()) {
            sum.update(chunk);
            if ((chunks++ & 63) == 0) {
                watch.look();
            }
        }
        return sum.getValue();
    }

    private static String framing(boolean chunked) {
        return chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + BLOCKS * BLOCK.length;
    }

    private static void download(boolean chunked) throws IOException {
        try (var watch = new Watch();
                var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\n" + framing(chunked) + "\r\n\r\n");
                    write(connection.out(), chunked);
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.responseHead().status()).isEqualTo(200);
            long sum = chunked ? sumOfChunks(client, watch) : sum(client.in(), BLOCKS * BLOCK.length, watch);
            assertThat(sum).isEqualTo(sumOfAll());
        }
    }

    private static void upload(boolean chunked) throws IOException {
        try (var watch = new Watch();
                var origin = Origin.start(connection -> {
                    connection.head();
                    long sum = chunked
                            ? sumOfChunks(connection, watch)
                            : sum(connection.in(), BLOCKS * BLOCK.length, watch);
                    connection.send(Origin.ok(String.valueOf(sum)));
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: test\r\n" + framing(chunked) + "\r\n\r\n");
            write(client.out(), chunked);
            Message answer = client.response();
            assertThat(answer.text()).isEqualTo(String.valueOf(sumOfAll()));
        }
    }

    @Test
    void aLongDownloadTakesNoMemory() throws IOException {
        download(false);
    }

    @Test
    void aLongDownloadInChunksTakesNoMemory() throws IOException {
        download(true);
    }

    @Test
    void aLongUploadTakesNoMemory() throws IOException {
        upload(false);
    }

    @Test
    void aLongUploadInChunksTakesNoMemory() throws IOException {
        upload(true);
    }
}
