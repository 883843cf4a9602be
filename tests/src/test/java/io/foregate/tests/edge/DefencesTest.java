package io.foregate.tests.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.Defence;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What clients are kept from doing over HTTP/1, while others are served as ever. */
@Execution(ExecutionMode.CONCURRENT)
final class DefencesTest {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LARGE_BYTES = 32 << 20;

    @TempDir
    private Path folder;

    /** Answers {@code /large} with a large body, of known length or in chunks, and anything else with what came. */
    private static Origin echoing() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                switch (request.target()) {
                    case "/large" -> {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n");
                        connection.send(new byte[LARGE_BYTES]);
                    }
                    case "/chunks" -> {
                        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                        connection.send(Integer.toHexString(LARGE_BYTES) + "\r\n");
                        connection.send(new byte[LARGE_BYTES]);
                        connection.send("\r\n0\r\n\r\n");
                    }
                    default -> connection.send(Origin.ok(request.text()));
                }
            }
        });
    }

    private static void innocentIsServed(Edge edge) throws IOException {
        assertThat(edge.get("/").status()).isEqualTo(200);
        assertThat(edge.get("/local").text()).isEqualTo("fine");
    }

    @Test
    void aHeadThatDripsIsCutOff() throws IOException {
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), "timeouts: { header-read: 500ms }", "")) {
            List<Wire> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(edge.client().send("GET / HTTP/1.1\r\nHost: te"));
            }
            innocentIsServed(edge);
            for (Wire client : slow) {
                assertThat(client.response().status()).isEqualTo(408);
                client.close();
            }
            assertThat(edge.count(Defence.SLOW_HEAD)).isEqualTo(20);
            // Somebody who hasn't begun is no attacker.
            try (Wire silent = edge.client()) {
                assertThat(silent.ends()).isTrue();
            }
            assertThat(edge.count(Defence.SLOW_HEAD)).isEqualTo(20);
        }
    }

    @Test
    void aBodyThatDripsIsCutOff() throws IOException {
        String rate = "min-rate: { upload: 10KB/s, over: 500ms }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            Thread drip = Thread.ofVirtual().start(() -> {
                try {
                    while (edge.count(Defence.SLOW_BODY) == 0) {
                        client.send("x");
                        sent.incrementAndGet();
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException refused) {
                    // It is over.
                }
            });
            innocentIsServed(edge);
            assertThat(client.response().status()).isEqualTo(408);
            edge.awaitCount(Defence.SLOW_BODY, 1);
            assertThat(sent.get()).isLessThan(1_000_000);
            drip.interrupt();
        }
    }

    @Test
    void aBodyThatStopsIsCutOffAndOneThatIsFastEnoughIsNot() throws Exception {
        String rate = "min-rate: { upload: 1KB/s, over: 500ms }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire stops = edge.client();
                Wire steady = edge.client()) {
            stops.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000));
            steady.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 60000\r\n\r\n");
            int rounds = 0;
            while (rounds < 60) {
                steady.send("y".repeat(1000));
                rounds++;
                Thread.sleep(50);
            }
            assertThat(steady.response().text()).hasSize(60_000);
            assertThat(stops.response().status()).isEqualTo(408);
            assertThat(edge.count(Defence.SLOW_BODY)).isOne();
        }
    }

    @Test
    void aClientThatIsStoppedByASlowOriginIsNotSlow() throws IOException {
        String rate = "min-rate: { upload: 100KB/s, over: 200ms }";
        try (Origin origin = Origin.start(connection -> {
                    Message head = connection.head();
                    // Longer than several windows, in which the client can't send because nobody takes it.
                    Thread.sleep(1500);
                    assertThat(head).isNotNull();
                    connection.send(Origin.ok(String.valueOf(connection.body(head, 0).length)));
                });
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire client = edge.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n");
            client.send(new byte[LARGE_BYTES]);
            assertThat(client.response().text()).isEqualTo(String.valueOf(LARGE_BYTES));
            assertThat(edge.count(Defence.SLOW_BODY)).isZero();
        }
    }

    @Test
    void anUploadMayBeSilentOnceTheAnswerHasBegun() throws Exception {
        String rate = "min-rate: { upload: 10KB/s, over: 200ms }";
        try (Origin origin = Origin.start(connection -> {
                    Message head = connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nready\r\n");
                    assertThat(head).isNotNull();
                    byte[] body = connection.body(head, 0);
                    connection.send(Integer.toHexString(body.length) + "\r\n");
                    connection.send(body);
                    connection.send("\r\n0\r\n\r\n");
                });
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire client = edge.client()) {
            client.send(CHUNKED + "1\r\na\r\n");
            assertThat(client.responseHead().status()).isEqualTo(200);
            assertThat(new String(client.chunk(), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("ready");
            Thread.sleep(1000);
            client.send("1\r\nb\r\n0\r\n\r\n");
            assertThat(new String(client.chunk(), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("ab");
        }
    }

    @Test
    void aClientThatReadsNothingIsCutOff() throws IOException {
        String rate = "min-rate: { download: 10KB/s, over: 500ms }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire spliced = Wire.narrow(edge.port(), 8192);
                Wire relayed = Wire.narrow(edge.port(), 8192)) {
            spliced.send("GET /large HTTP/1.1\r\nHost: test\r\n\r\n");
            relayed.send("GET /chunks HTTP/1.1\r\nHost: test\r\n\r\n");
            innocentIsServed(edge);
            edge.awaitCount(Defence.SLOW_READ, 2);
            innocentIsServed(edge);
            await().atMost(PATIENCE).until(() -> origin.open() <= 2);
        }
    }

    @Test
    void aClientThatSipsIsCutOff() throws Exception {
        // Faster than nothing, so that idleness alone wouldn't find it out.
        String rate = "min-rate: { download: 1MB/s, over: 500ms }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire client = Wire.narrow(edge.port(), 4096)) {
            client.send("GET /chunks HTTP/1.1\r\nHost: test\r\n\r\n");
            Thread sips = Thread.ofVirtual().start(() -> {
                try {
                    while (edge.count(Defence.SLOW_READ) == 0) {
                        client.socket().getInputStream().readNBytes(1000);
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException over) {
                    // It is over.
                }
            });
            edge.awaitCount(Defence.SLOW_READ, 1);
            innocentIsServed(edge);
            sips.join();
        }
    }

    @Test
    void aSlowButSteadyClientIsServedThoughOneBufferLastsLongerThanTheIdleTimeout() throws Exception {
        // What the kernel holds for it lasts for many times the idle timeout: only its acknowledgements show that it
        // reads.
        String rate = "min-rate: { download: 10KB/s, over: 1s }";
        String idle = "defaults: { timeouts: { idle: 1s } }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, idle);
                Wire client = Wire.narrow(edge.port(), 16 * 1024)) {
            client.send("GET /chunks HTTP/1.1\r\nHost: test\r\n\r\n");
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            long read = 0;
            byte[] sip = new byte[8 * 1024];
            while (System.nanoTime() - end < 0) {
                int length = client.socket().getInputStream().read(sip);
                assertThat(length).isPositive();
                read += length;
                Thread.sleep(50);
            }
            assertThat(edge.count(Defence.SLOW_READ)).isZero();
            assertThat(read).isLessThan(LARGE_BYTES);
            // And then it may hurry.
            while (read < LARGE_BYTES) {
                int length = client.socket().getInputStream().read(sip);
                assertThat(length).isPositive();
                read += length;
            }
        }
    }

    @Test
    void answersThatNobodyReadsAreNotMade() throws Exception {
        String request = "GET /local HTTP/1.1\r\nHost: test\r\n\r\n";
        String rate = "min-rate: { download: 10KB/s, over: 500ms }";
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), rate, "");
                Wire client = Wire.narrow(edge.port(), 4096)) {
            AtomicLong sent = new AtomicLong();
            Thread floods = Thread.ofVirtual().start(() -> {
                try {
                    String many = request.repeat(100);
                    while (true) {
                        client.send(many);
                        sent.addAndGet(100);
                    }
                } catch (IOException over) {
                    // It was cut off.
                }
            });
            // Sooner or later it can't send any more, because we don't read on.
            await().atMost(PATIENCE).until(() -> {
                long before = sent.get();
                Thread.sleep(300);
                return before > 0 && sent.get() == before;
            });
            innocentIsServed(edge);
            long answered = edge.accessLog(1).size();
            assertThat(answered).isLessThan(sent.get());
            edge.awaitCount(Defence.SLOW_READ, 1);
            floods.join();
        }
    }

    @Test
    void pipelinedRequestsAreAllAnsweredWhenTheClientReadsLate() throws Exception {
        String request = "GET /local HTTP/1.1\r\nHost: test\r\n\r\n";
        int count = 100_000;
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), "", "");
                Wire client = Wire.narrow(edge.port(), 4096)) {
            Thread sends = Thread.ofVirtual().start(() -> {
                try {
                    client.send(request.repeat(count));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            Thread.sleep(500);
            for (int i = 0; i < count; i++) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            sends.join();
        }
    }

    @Test
    void aBodyThatIsMostlyFramingIsRefused() throws IOException {
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), "", "");
                Wire client = edge.client();
                Wire small = edge.client()) {
            client.send(CHUNKED);
            String some = "1\r\nx\r\n".repeat(1000);
            try {
                for (int i = 0; i < 100; i++) {
                    client.send(some);
                }
            } catch (IOException refused) {
                // Refused while we were at it.
            }
            edge.awaitCount(Defence.ONE_BYTE_CHUNKS, 1);
            innocentIsServed(edge);
            // Small chunks are fine, and so are tiny ones as long as they aren't endless.
            small.send(CHUNKED + "8\r\n12345678\r\n".repeat(20_000) + "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n");
            assertThat(small.response().text()).hasSize(170_000);
            assertThat(edge.count(Defence.ONE_BYTE_CHUNKS)).isOne();
        }
    }

    @Test
    void hugeChunkExtensionsAreRefused() throws IOException {
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), "", "")) {
            try (Wire one = edge.client()) {
                one.send(CHUNKED + "1;x=" + "y".repeat(2000) + "\r\nz\r\n0\r\n\r\n");
                assertThat(one.response().status()).isEqualTo(400);
            }
            try (Wire many = edge.client()) {
                many.send(CHUNKED + ("1;x=" + "y".repeat(500) + "\r\nz\r\n").repeat(40) + "0\r\n\r\n");
                assertThat(many.response().status()).isEqualTo(400);
            }
            edge.awaitCount(Defence.CHUNK_EXTENSIONS, 2);
            try (Wire few = edge.client()) {
                few.send(CHUNKED + "1;x=y\r\nz\r\n0\r\n\r\n");
                assertThat(few.response().text()).isEqualTo("z");
            }
            innocentIsServed(edge);
        }
    }

    @Test
    void aHeadOfTooManyFieldsIsCounted() throws IOException {
        try (Origin origin = echoing();
                Edge edge = Edge.start(folder, origin.port(), "", "");
                Wire client = edge.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n" + "X: y\r\n".repeat(200) + "\r\n");
            assertThat(client.response().status()).isEqualTo(431);
            edge.awaitCount(Defence.HEADER_FLOOD, 1);
            innocentIsServed(edge);
        }
    }
}
