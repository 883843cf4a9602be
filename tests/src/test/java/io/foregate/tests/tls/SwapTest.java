package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.certificates.CertificateState.Health;
import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Certificate files that change while they are in use. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class SwapTest {
    private static final int SWAPS = 200;
    private static final int NEWCOMERS = 2;
    private static final String CONFIG = """
            listeners: { tls: { address: "127.0.0.1:0", tls: on } }
            sites: { swap.test: { tls: { cert: live.pem, key: live.key }, respond: { body: fine } } }
            overload: { lag: none }
            """;

    @TempDir
    Path folder;

    @Test
    void twoHundredSwapsUnderLoadFailNoHandshakeAndNoRequest() throws Exception {
        Authority authority = new Authority(folder);
        authority.issue("one", "DNS:swap.test,DNS:one.test");
        authority.issueRsa("two", "DNS:swap.test,DNS:two.test");
        swapUnderLoad(authority);
    }

    @Test
    void twoHundredSwapsOfRsaKeysUnderLoadFailNoHandshakeAndNoRequest() throws Exception {
        Authority authority = new Authority(folder);
        authority.issueRsa("one", "DNS:swap.test,DNS:one.test");
        authority.issueRsa("two", "DNS:swap.test,DNS:two.test");
        swapUnderLoad(authority);
    }

    private void swapUnderLoad(Authority authority) throws Exception {
        use("one");
        SSLContext context = Client.trusting(authority.certificate());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger handshakes = new AtomicInteger();
        AtomicInteger requests = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        try (Served served = Served.start(folder, CONFIG)) {
            int port = served.port("tls");
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < NEWCOMERS; i++) {
                clients.add(Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        try (Client client = Client.to(port, context, "swap.test")) {
                            handshakes.incrementAndGet();
                            assertThat(client.get("swap.test")).isEqualTo(200);
                        } catch (IOException | AssertionError e) {
                            failures.add(e.toString());
                        }
                    }
                }));
            }
            clients.add(Thread.ofPlatform().start(() -> {
                try (Client client = Client.to(port, context, "swap.test")) {
                    while (!over.get()) {
                        assertThat(client.get("swap.test")).isEqualTo(200);
                        requests.incrementAndGet();
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e.toString());
                }
            }));
            for (int i = 1; i <= SWAPS; i++) {
                String next = i % 2 == 0 ? "one" : "two";
                use(next);
                await().pollInterval(Duration.ofMillis(10))
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> shows(served, next + ".test"));
            }
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(handshakes.get()).isGreaterThan(SWAPS);
        assertThat(requests.get()).isGreaterThan(SWAPS);
    }

    @Test
    void brokenNewFileKeepsTheOldCertificateAndSaysSo() throws Exception {
        Authority authority = new Authority(folder);
        authority.issue("one", "DNS:swap.test,DNS:one.test");
        authority.issue("two", "DNS:swap.test,DNS:two.test");
        use("one");
        try (Served served = Served.start(folder, CONFIG)) {
            assertThat(served.state("swap.test").health(Instant.now())).isEqualTo(Health.FINE);

            Files.writeString(folder.resolve("live.pem"), "nonsense");
            awaitHealth(served, Health.KEPT);
            assertThat(served.state("swap.test").problem()).contains("live.pem holds no certificate");
            assertThat(served.openssl("-servername", "swap.test")).contains("subject=CN = swap.test");

            // A certificate without its key is no better.
            Files.copy(folder.resolve("two.pem"), folder.resolve("live.pem"), StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> String.valueOf(served.state("swap.test").problem())
                    .contains("the private key is not that of the certificate"));
            assertThat(served.state("swap.test").shown().getFirst().names()).contains("one.test");

            Files.delete(folder.resolve("live.key"));
            await().until(() ->
                    String.valueOf(served.state("swap.test").problem()).contains("there is no file"));

            use("two");
            awaitHealth(served, Health.FINE);
            assertThat(shows(served, "two.test")).isTrue();
        }
    }

    @Test
    void siteWithoutItsFilesIsOutAndTheOthersAreServedUntilTheyCome() throws Exception {
        Authority authority = new Authority(folder);
        authority.issue("one", "DNS:swap.test");
        authority.issue("other", "DNS:other.test");
        try (Served served = Served.start(folder, """
                listeners: { tls: { address: "127.0.0.1:0", tls: on } }
                sites:
                  swap.test: { tls: { cert: live.pem, key: live.key }, respond: { body: fine } }
                  other.test: { tls: { cert: other.pem, key: other.key }, respond: { body: other } }
                """)) {
            assertThat(served.state("swap.test").health(Instant.now())).isEqualTo(Health.MISSING);
            assertThat(served.openssl("-servername", "swap.test")).contains("SSL alert number 80");
            assertThat(served.openssl("-servername", "other.test")).contains("subject=CN = other.test");
            use("one");
            awaitHealth(served, Health.FINE);
            assertThat(served.openssl("-servername", "swap.test")).contains("subject=CN = swap.test");
        }
    }

    private static void awaitHealth(Served served, Health health) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> served.state("swap.test").health(Instant.now()) == health);
    }

    private static boolean shows(Served served, String name) {
        var state = served.state("swap.test");
        return state.problem() == null
                && !state.shown().isEmpty()
                && state.shown().getFirst().names().contains(name);
    }

    // The certificate first and the key later, as most tools do it.
    private void use(String name) throws IOException {
        replace(name + ".pem", "live.pem");
        replace(name + ".key", "live.key");
    }

    private void replace(String from, String to) throws IOException {
        Path fresh = folder.resolve(to + ".new");
        Files.copy(folder.resolve(from), fresh, StandardCopyOption.REPLACE_EXISTING);
        Files.move(fresh, folder.resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
