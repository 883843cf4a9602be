package io.foregate.tests.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Health as a configuration asks for it, seen by clients. */
@ExtendWith(NoLeaks.class)
final class ConfiguredTest {
    @TempDir
    private Path folder;

    private static String yaml(String pool) {
        return """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": web }
                pools: { web: %s }
                logs: { access: off, error: error }
                shutdown: 10s
                """.formatted(pool);
    }

    /** An origin that says {@code name}; its {@code /healthz} answers with that status, and is counted apart. */
    private static Origin origin(String name, AtomicInteger health, AtomicInteger checks) throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                if (request.target().equals("/healthz")) {
                    checks.incrementAndGet();
                    connection.send("HTTP/1.1 " + health.get() + " Whatever\r\nContent-Length: 0\r\n\r\n");
                } else {
                    connection.send(Origin.ok(name));
                }
            }
        });
    }

    /** Waits until that many requests in a row are answered so. */
    static void awaitOnly(int port, String text) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Wire client = Wire.to(port)) {
                for (int i = 0; i < 10; i++) {
                    if (!client.get("/").text().equals(text)) {
                        return false;
                    }
                }
                return true;
            }
        });
    }

    static void awaitAny(int port, String text) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Wire client = Wire.to(port)) {
                return client.get("/").text().equals(text);
            }
        });
    }

    @Test
    void requestsGoElsewhereWhileChecksFail() throws Exception {
        var first = new AtomicInteger(200);
        var second = new AtomicInteger(200);
        var checks = new AtomicInteger();
        try (var a = origin("a", first, checks);
                var b = origin("b", second, checks);
                var foregate = Configured.start(
                        folder, yaml("""
                        { servers: ["127.0.0.1:%d", "127.0.0.1:%d"], health: { http: /healthz, interval: 100ms } }
                        """.formatted(a.port(), b.port()).trim()))) {
            int port = foregate.port("main");
            awaitAny(port, "a");
            awaitAny(port, "b");
            first.set(500);
            awaitOnly(port, "b");
            first.set(200);
            awaitAny(port, "a");
            second.set(404);
            awaitOnly(port, "a");
        }
        int last = checks.get();
        Thread.sleep(300);
        // The process has ended, and its checks with it.
        assertThat(checks).hasValue(last);
    }

    @Test
    void oneCheckIsForAllLoops() throws Exception {
        var checks = new AtomicInteger();
        try (var a = origin("a", new AtomicInteger(200), checks);
                var foregate =
                        Configured.start(folder, yaml("""
                        { servers: ["127.0.0.1:%d"], health: { http: /healthz, interval: 1h } }
                        """.formatted(a.port()).trim()))) {
            awaitAny(foregate.port("main"), "a");
            await().until(() -> checks.get() > 0);
            for (int i = 0; i < 20; i++) {
                awaitAny(foregate.port("main"), "a");
            }
            assertThat(checks).hasValue(1);
        }
    }

    @Test
    void checksTrustWhomRequestsTrust() throws Exception {
        try (var trusted = TlsOrigin.start(folder, "trusted");
                var stranger = TlsOrigin.start(folder, "stranger");
                var foregate = Configured.start(folder, yaml("""
                        { servers: ["https://127.0.0.1:%d", "https://127.0.0.1:%d"], tls: trusted.pem,
                          health: { http: /healthz, interval: 100ms, unchecked: wait } }
                        """.formatted(trusted.port(), stranger.port())
                        .trim()))) {
            int port = foregate.port("main");
            await().until(() -> trusted.requests() > 0);
            awaitOnly(port, "secure");
            assertThat(stranger.requests()).isZero();
            int before = trusted.requests();
            await().until(() -> trusted.requests() > before + 3);
        }
    }

    @Test
    void checksShowTheCertificateThatRequestsShow() throws Exception {
        Authority.selfSigned(folder, "ours", "IP:127.0.0.1");
        try (var asking = TlsOrigin.asking(folder, "asking");
                var foregate = Configured.start(
                        folder, yaml("""
                        { servers: ["https://127.0.0.1:%d"], tls: { ca: asking.pem, cert: ours.pem, key: ours.key },
                          health: { http: /healthz, interval: 100ms, unchecked: wait } }
                        """.formatted(asking.port()).trim()))) {
            await().until(() -> asking.requests() > 3);
            awaitOnly(foregate.port("main"), "secure");
        }
    }

    @Test
    void aServerThatRefusesConnectionsIsBackWithTheNextCheck() throws Exception {
        var checks = new AtomicInteger();
        var up = new AtomicInteger(200);
        try (var b = origin("b", up, new AtomicInteger());
                var a = origin("a", up, checks);
                var foregate = Configured.start(
                        folder, yaml("""
                        { servers: ["127.0.0.1:%d", "127.0.0.1:%d"], health: { http: /healthz, interval: 30s } }
                        """.formatted(a.port(), b.port()).trim()))) {
            int port = foregate.port("main");
            awaitAny(port, "a");
            await().until(() -> checks.get() == 1);
            a.close();
            awaitOnly(port, "b");
            try (var again = Origin.at(a.address(), connection -> {
                while (connection.request() != null) {
                    connection.send(Origin.ok("again"));
                }
            })) {
                // A rest is a second, and a check follows it at once, whatever the interval.
                awaitAny(port, "again");
                assertThat(again.requests()).isPositive();
            }
        }
    }
}
