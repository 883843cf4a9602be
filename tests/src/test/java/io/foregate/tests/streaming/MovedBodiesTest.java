package io.foregate.tests.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies of known length, which move within the kernel where the transport can have it so, and look no different. */
@ExtendWith(NoLeaks.class)
@ParameterizedClass
@EnumSource(Transport.class)
final class MovedBodiesTest {
    private static final int MEGABYTE = 1 << 20;
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    private final Transport transport;

    MovedBodiesTest(Transport transport) {
        this.transport = transport;
    }

    @BeforeEach
    void worksHere() {
        assumeThat(transport.available()).isTrue();
    }

    private Proxy to(Origin origin) throws IOException {
        return Proxy.to(origin).transport(transport).open();
    }

    private static String head(long length) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Writes that many bytes, always the same, and none of them like its neighbours. */
    private static void write(OutputStream out, long length) throws IOException {
        byte[] block = new byte[100_003];
        new Random(7).nextBytes(block);
        for (long left = length; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
    }

    private static void assertSame(InputStream in, long length) throws IOException {
        CRC32 got = new CRC32();
        byte[] buffer = new byte[64 * 1024];
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            assertThat(count).as("%s bytes before the end", left).isPositive();
            got.update(buffer, 0, count);
            left -= count;
        }
        CRC32 sent = new CRC32();
        write(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        sent.update(b);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int count) {
                        sent.update(bytes, from, count);
                    }
                },
                length);
        assertThat(got.getValue()).isEqualTo(sent.getValue());
    }

    /** Answers every request with as many bytes as its target says, and keeps the connection. */
    private static Origin measured() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                long length = Long.parseLong(request.target().substring(1));
                connection.send(head(length));
                write(connection.out(), length);
            }
        });
    }

    @Test
    void allBytesArriveOneAnswerAfterAnother() throws IOException {
        try (var origin = measured();
                var proxy = to(origin);
                var client = proxy.client()) {
            for (int length : new int[] {65_537, 66_600, MEGABYTE, 100 * MEGABYTE, 10, 3 * MEGABYTE + 1, 65_536}) {
                client.send("GET /" + length + " HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(client.responseHead().status()).isEqualTo(200);
                assertSame(client.in(), length);
                Seen seen = proxy.next();
                assertThat(seen.failure()).isNull();
                assertThat(seen.bytes()).isEqualTo(length);
            }
            assertThat(origin.accepted()).isEqualTo(1);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (var origin = measured();
                var proxy = to(origin);
                var client = proxy.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                requests.append("GET /").append(MEGABYTE + i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 20; i++) {
                assertThat(client.responseHead().field("Content-Length")).isEqualTo(String.valueOf(MEGABYTE + i));
                assertSame(client.in(), MEGABYTE + i);
            }
        }
    }

    @Test
    void uploadsArriveWhole() throws IOException {
        try (var origin = Origin.start(connection -> {
                    for (Message head = connection.head(); head != null; head = connection.head()) {
                        assertSame(connection.in(), Long.parseLong(head.field("Content-Length")));
                        connection.send(Origin.ok("same"));
                    }
                });
                var proxy = to(origin);
                var client = proxy.client()) {
            for (int length : new int[] {65_537, MEGABYTE, 100 * MEGABYTE}) {
                client.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: " + length + "\r\n\r\n");
                write(client.out(), length);
                assertThat(client.response().text()).isEqualTo("same");
            }
        }
    }

    @Test
    void aClientThatReadsSlowlyGetsAll() throws Exception {
        int length = 8 * MEGABYTE;
        try (var origin = measured();
                var proxy = to(origin);
                var client = Wire.narrow(proxy.port(), 16 * 1024)) {
            client.send("GET /" + length + " HTTP/1.1\r\nHost: test\r\n\r\n");
            client.responseHead();
            assertSame(
                    new InputStream() {
                        private int reads;

                        @Override
                        public int read() throws IOException {
                            throw new IOException("only blocks are read");
                        }

                        @Override
                        public int read(byte[] into, int from, int count) throws IOException {
                            if (++reads % 16 == 0) {
                                try {
                                    Thread.sleep(2);
                                } catch (InterruptedException e) {
                                    throw new IOException(e);
                                }
                            }
                            return client.in().read(into, from, Math.min(count, 20_000));
                        }
                    },
                    length);
            assertThat(proxy.next().failure()).isNull();
        }
    }

    @Test
    void whatAnOriginSendsInPiecesArrivesAtOnce() throws Exception {
        var go = new java.util.concurrent.Semaphore(0);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send(head(1000 * 1000));
                    for (int i = 0; i < 10; i++) {
                        connection.send(new byte[100 * 1000]);
                        go.acquire();
                    }
                });
                var proxy = to(origin);
                var client = proxy.client()) {
            client.send(GET);
            client.responseHead();
            for (int i = 0; i < 10; i++) {
                // All that has been sent, though the origin sends no more until it is here.
                assertThat(client.in().readNBytes(i < 9 ? 99_000 : 109_000)).isNotEmpty();
                go.release();
            }
            assertThat(proxy.next().failure()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOriginThatBreaksOffBreaksTheAnswerOff(boolean reset) throws IOException {
        for (int given : new int[] {70_000, 500_000, 3 * MEGABYTE - 1}) {
            try (var origin = Origin.start(connection -> {
                        connection.request();
                        connection.send(head(3 * MEGABYTE));
                        write(connection.out(), given);
                        if (reset) {
                            connection.reset();
                        }
                    });
                    var proxy = Proxy.to(origin)
                            .transport(transport)
                            .idleTimeout(Duration.ofSeconds(1))
                            .open();
                    var client = proxy.client()) {
                client.send(GET);
                client.responseHead();
                long got = 0;
                try {
                    byte[] buffer = new byte[64 * 1024];
                    for (int count = client.in().read(buffer);
                            count >= 0;
                            count = client.in().read(buffer)) {
                        got += count;
                    }
                } catch (IOException broken) {
                    // As good a sign that this isn't all.
                }
                assertThat(got).isLessThanOrEqualTo(given);
                Failure.Kind failure = proxy.next().failure();
                if (reset && transport == Transport.IO_URING) {
                    // A RST that comes before all ahead of it was read may escape this transport; then time ends the
                    // answer.
                    assertThat(failure).isIn(Failure.Kind.RESPONSE_TRUNCATED, Failure.Kind.IDLE_TIMEOUT);
                } else {
                    assertThat(failure).isEqualTo(Failure.Kind.RESPONSE_TRUNCATED);
                }
            }
        }
    }

    @Test
    void anOriginThatEndsWithItsAnswerIsNoFailure() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (var origin = Origin.start(connection -> {
                        connection.request();
                        connection.send(head(5 * MEGABYTE));
                        write(connection.out(), 5 * MEGABYTE);
                    });
                    var proxy = to(origin);
                    var client = proxy.client()) {
                client.send(GET);
                client.responseHead();
                assertSame(client.in(), 5 * MEGABYTE);
                Seen seen = proxy.next();
                assertThat(seen.failure()).isNull();
                assertThat(seen.bytes()).isEqualTo(5 * MEGABYTE);
            }
        }
    }

    @Test
    void moreThanAnnouncedIsNeverAnotherAnswer() throws IOException {
        // In one piece: what comes later than the next request nobody can tell from its answer.
        var both = new ByteArrayOutputStream();
        write(both, MEGABYTE);
        both.writeBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nforge".getBytes(StandardCharsets.US_ASCII));
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send(head(MEGABYTE));
                        connection.out().write(both.toByteArray());
                    }
                });
                var proxy = to(origin);
                var client = proxy.client()) {
            for (int i = 0; i < 5; i++) {
                client.send(GET);
                assertThat(client.responseHead().field("Content-Length")).isEqualTo(String.valueOf(MEGABYTE));
                assertSame(client.in(), MEGABYTE);
            }
        }
    }

    @Test
    void aClientThatGoesInTheMiddleEndsTheOriginsWork() throws IOException {
        try (var origin = measured();
                var proxy = to(origin)) {
            for (boolean stopped : new boolean[] {true, false}) {
                try (Wire client = proxy.client()) {
                    client.send("GET /" + 100_000_000_000L + " HTTP/1.1\r\nHost: test\r\n\r\n");
                    client.responseHead();
                    client.in().readNBytes(stopped ? 1 : 10 * MEGABYTE);
                    client.reset();
                    assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
                    await().until(() -> origin.open() == 0);
                }
            }
        }
    }

    @Test
    void aMoveThatMovesNothingTimesOut() throws Exception {
        var over = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send(head(MEGABYTE));
                    write(connection.out(), MEGABYTE / 2);
                    over.await();
                });
                var proxy = Proxy.to(origin)
                        .transport(transport)
                        .idleTimeout(Duration.ofMillis(300))
                        .open();
                var client = proxy.client()) {
            client.send(GET);
            client.responseHead();
            assertThat(client.ends()).isTrue();
            assertThat(proxy.next().source()).isEqualTo(Failure.Source.ORIGIN);
            over.countDown();
        }
    }

    @Test
    void aSteadyMoveOutlivesTheIdleTimeout() throws Exception {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send(head(1000 * 1000));
                    for (int i = 0; i < 10; i++) {
                        connection.send(new byte[100 * 1000]);
                        Thread.sleep(100);
                    }
                });
                var proxy = Proxy.to(origin)
                        .transport(transport)
                        .idleTimeout(Duration.ofMillis(400))
                        .open();
                var client = proxy.client()) {
            client.send(GET);
            assertThat(client.response().body()).hasSize(1000 * 1000);
            assertThat(proxy.next().failure()).isNull();
        }
    }
}
