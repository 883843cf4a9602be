package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes that don't come on, and more of them than may be. */
@ExtendWith(NoLeaks.class)
final class HandshakeLimitsTest {
    private static final String CONFIG = """
            listeners: { tls: { address: "127.0.0.1:0", tls: on } }
            sites: { a.test: { tls: { cert: a.pem, key: a.key }, respond: { body: fine } } }
            """;

    private static final int HANDSHAKE_FAILURE = 40;
    /** More than sockets hold of what nobody reads. */
    private static final long MOST_BYTES = 32 << 20;

    @TempDir
    Path folder;

    private SSLContext trust;
    private byte[] hello;

    @BeforeEach
    void issue() throws Exception {
        Authority authority = new Authority(folder);
        authority.issue("a", "DNS:a.test");
        trust = Client.trusting(authority.certificate());
        hello = Client.hello(trust, "a.test");
    }

    @Test
    void silentAndHalfHandshakesEndWithTheirTimeout() throws Exception {
        try (Served served = Served.start(folder, CONFIG + "tls: { handshakes: { timeout: 500ms } }\n");
                Wire silent = Wire.to(served.port("tls"));
                Wire half = Wire.to(served.port("tls"));
                Wire unfinished = Wire.to(served.port("tls"))) {
            half.send(Arrays.copyOf(hello, hello.length / 2));
            unfinished.send(hello);
            assertThat(silent.ends()).isTrue();
            assertThat(half.ends()).isTrue();
            assertThat(unfinished.ends()).isTrue();
            try (Client client = Client.to(served.port("tls"), trust, "a.test")) {
                assertThat(client.get("a.test")).isEqualTo(200);
            }
        }
    }

    @Test
    void silentClientsTakeNobodysPlace() throws Exception {
        List<Wire> silent = new ArrayList<>();
        try (Served served = Served.start(folder, CONFIG + "tls: { handshakes: { max: 1 } }\n")) {
            for (int i = 0; i < 50; i++) {
                silent.add(Wire.to(served.port("tls")));
            }
            try (Client client = Client.to(served.port("tls"), trust, "a.test")) {
                assertThat(client.get("a.test")).isEqualTo(200);
            }
        } finally {
            for (Wire wire : silent) {
                wire.close();
            }
        }
    }

    @Test
    void handshakesBeyondTheLimitWaitTheirTurnAndThenAreRefused() throws Exception {
        List<Wire> others = new ArrayList<>();
        try (Served served = Served.start(folder, CONFIG + "tls: { handshakes: { max: 1, timeout: 60s } }\n");
                Wire holder = Wire.to(served.port("tls"))) {
            holder.send(hello);
            // Its ServerHello: the one place is taken.
            assertThat(holder.in().read()).isEqualTo(0x16);
            for (int i = 0; i < 5; i++) {
                Wire wire = Wire.to(served.port("tls"));
                wire.send(hello);
                others.add(wire);
            }
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger answered = new AtomicInteger();
            List<Thread> readers = new ArrayList<>();
            for (Wire wire : others) {
                wire.socket().setSoTimeout(30_000);
                readers.add(Thread.ofVirtual().start(() -> {
                    try (wire) {
                        byte[] record = wire.in().readNBytes(7);
                        refused.addAndGet(record[0] == 0x15 && record[6] == HANDSHAKE_FAILURE ? 1 : 0);
                        answered.addAndGet(record[0] == 0x16 ? 1 : 0);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            // Four may wait; of the five one is told that there is no room.
            await().until(() -> refused.get() == 1);
            assertThat(answered).hasValue(0);
            holder.close();
            // Each that waits gets its turn as one before it leaves, whichever that is.
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(refused).hasValue(1);
            assertThat(answered).hasValue(4);
            try (Client client = Client.to(served.port("tls"), trust, "a.test")) {
                assertThat(client.get("a.test")).isEqualTo(200);
            }
        }
    }

    @Test
    void whoWaitsIsNotReadAndAllWhoStayAreServed() throws Exception {
        try (Served served = Served.start(folder, CONFIG + "tls: { handshakes: { max: 1, timeout: 60s } }\n");
                Wire holder = Wire.to(served.port("tls"));
                SocketChannel flood = SocketChannel.open(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), served.port("tls")))) {
            holder.send(hello);
            assertThat(holder.in().read()).isEqualTo(0x16);
            flood.write(ByteBuffer.wrap(hello));
            assertThat(taken(flood)).isLessThan(MOST_BYTES);
            AtomicInteger answered = new AtomicInteger();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    try (Client client = Client.to(served.port("tls"), trust, "a.test")) {
                        answered.addAndGet(client.get("a.test") == 200 ? 1 : 0);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
            }
            holder.close();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(answered).hasValue(3);
        }
    }

    /** How many bytes the other side takes, until it has taken none for a while or {@link #MOST_BYTES}. */
    private static long taken(SocketChannel to) throws Exception {
        to.configureBlocking(false);
        ByteBuffer block = ByteBuffer.allocate(64 * 1024);
        long bytes = 0;
        for (int none = 0; none < 30 && bytes < MOST_BYTES; none++) {
            int written = to.write(block.clear());
            bytes += written;
            if (written > 0) {
                none = 0;
            } else {
                Thread.sleep(10);
            }
        }
        return bytes;
    }
}
