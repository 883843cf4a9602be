package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Wire;
import java.io.IOException;
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
            // Four may wait; of the five one is told that there is no room: a fatal alert, handshake_failure.
            int refused = 0;
            for (Wire wire : others) {
                wire.socket().setSoTimeout(500);
                refused += alertOf(wire) == 40 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(1);
            holder.close();
            // Each that waits gets its turn as one before it leaves, whichever that is.
            AtomicInteger answered = new AtomicInteger();
            List<Thread> readers = new ArrayList<>();
            for (Wire wire : others) {
                wire.socket().setSoTimeout(30_000);
                readers.add(Thread.ofVirtual().start(() -> {
                    try (wire) {
                        answered.addAndGet(wire.in().read() == 0x16 ? 1 : 0);
                    } catch (IOException e) {
                        // The one that was refused.
                    }
                }));
            }
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(answered.get()).isEqualTo(4);
            try (Client client = Client.to(served.port("tls"), trust, "a.test")) {
                assertThat(client.get("a.test")).isEqualTo(200);
            }
        }
    }

    private static int alertOf(Wire wire) throws Exception {
        try {
            byte[] record = wire.in().readNBytes(7);
            return record.length == 7 && record[0] == 0x15 ? record[6] : 0;
        } catch (java.net.SocketTimeoutException waiting) {
            return 0;
        }
    }
}
