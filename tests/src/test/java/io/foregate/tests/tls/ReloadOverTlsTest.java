package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.foregate.control.certificates.CertificateState;
import io.foregate.control.certificates.CertificateState.Health;
import io.foregate.control.reload.Result;
import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, TLS settings and protocols over changes of the configuration. */
@ExtendWith(NoLeaks.class)
final class ReloadOverTlsTest {
    private static final String TLS = "tls: { address: \"127.0.0.1:0\", tls: on }";

    @TempDir
    Path folder;

    private Path authority;

    @BeforeEach
    void certificates() throws Exception {
        Authority made = new Authority(folder);
        made.issue("one", "DNS:a.test,DNS:one.test");
        made.issue("two", "DNS:a.test,DNS:two.test");
        authority = made.certificate();
    }

    private static String config(String listener, String tls, String text) {
        return "listeners: { " + listener + " }\nlogs: { access: off }\nshutdown: 1ms\nsites:\n  a.test: { tls: " + tls
                + ", respond: { body: " + text + " } }\n";
    }

    private static String cert(String name) {
        return "{ cert: " + name + ".pem, key: " + name + ".key }";
    }

    private String shown(int port) throws IOException {
        // Without sessions of before, which would bring the certificate of before along.
        try (Client client = Client.to(port, Client.trusting(authority), "a.test")) {
            X509Certificate leaf = (X509Certificate) client.tls().getSession().getPeerCertificates()[0];
            return leaf.getSubjectAlternativeNames().toString();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aConnectionGoesOnWhileNewOnesGetTheOtherCertificate() throws Exception {
        try (Configured proxy = Configured.start(folder, config(TLS, cert("one"), "first"))) {
            int port = proxy.port("tls");
            try (Client before = Client.to(port, Client.trusting(authority), "a.test")) {
                assertThat(before.get("a.test")).isEqualTo(200);
                assertThat(shown(port)).contains("one.test");

                proxy.change(config(TLS, cert("two"), "second"));

                assertThat(shown(port)).contains("two.test");
                assertThat(before.get("a.test")).isEqualTo(200);
                assertThat(proxy.port("tls")).isEqualTo(port);
            }
        }
    }

    @Test
    void aSiteWhoseNewCertificateIsBrokenKeepsTheOneItHad() throws Exception {
        Files.writeString(folder.resolve("bad.pem"), "nothing");
        Files.writeString(folder.resolve("bad.key"), "nothing");
        try (Configured proxy = Configured.start(folder, config(TLS, cert("one"), "first"))) {
            int port = proxy.port("tls");

            proxy.change(config(TLS, cert("bad"), "second"));

            assertThat(shown(port)).contains("one.test");
            assertThat(state(proxy).health(Instant.now())).isEqualTo(Health.KEPT);
            assertThat(state(proxy).problem()).contains("bad.pem");

            // Under another policy too, which makes it another identity.
            proxy.change(config(TLS, "{ cert: bad.pem, key: bad.key, preset: modern }", "third"));
            assertThat(shown(port)).contains("one.test");
            assertThat(state(proxy).health(Instant.now())).isEqualTo(Health.KEPT);

            // And it gets well by itself once its files do.
            Files.copy(folder.resolve("two.key"), folder.resolve("new.key"));
            Files.move(folder.resolve("new.key"), folder.resolve("bad.key"), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(folder.resolve("two.pem"), folder.resolve("new.pem"));
            Files.move(folder.resolve("new.pem"), folder.resolve("bad.pem"), StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(30)).until(() -> shown(port).contains("two.test"));
            assertThat(state(proxy).problem()).isNull();
        }
    }

    private static CertificateState state(Configured proxy) {
        return proxy.foregate().certificates().getFirst();
    }

    @Test
    void aListenerBeginsToSpeakTlsAndAnotherProtocolOnTheSameSocket() throws Exception {
        String plain = "tls: { address: \"127.0.0.1:0\", tls: off }";
        String older = "tls: { address: \"127.0.0.1:0\", tls: on, protocols: [h1] }";
        String quiet = "{ cert: one.pem, key: one.key }, https-redirect: off";
        try (Configured proxy = Configured.start(folder, config(plain, quiet, "first"))) {
            int port = proxy.port("tls");
            assertThat(curl("http://a.test:" + port + "/", port)).isEqualTo("first 1.1");

            proxy.change(config(older, quiet, "second"));
            assertThat(proxy.port("tls")).isEqualTo(port);
            assertThat(curl("https://a.test:" + port + "/", port)).isEqualTo("second 1.1");

            proxy.change(config(TLS, quiet, "third"));
            assertThat(curl("https://a.test:" + port + "/", port)).isEqualTo("third 2");
        }
    }

    private String curl(String url, int port) throws IOException {
        return Program.run(List.of(
                        "curl",
                        "-sS",
                        "--http2",
                        "--cacert",
                        folder.resolve("ca.pem").toString(),
                        "--resolve",
                        "a.test:" + port + ":127.0.0.1",
                        "-w",
                        " %{http_version}",
                        url)
                .toArray(String[]::new));
    }

    @Test
    void sitesWithCertificatesComeAndGo() throws Exception {
        String both = config(TLS, cert("one"), "first") + "  b.test: { tls: internal, respond: { body: b } }\n";
        try (Configured proxy = Configured.start(folder, config(TLS, cert("one"), "first"))) {
            int port = proxy.port("tls");
            for (int i = 0; i < 3; i++) {
                proxy.change(both);
                assertThat(proxy.foregate().certificates()).hasSize(2);
                assertThat(tried(port, "b.test")).contains("BEGIN CERTIFICATE");
                assertThat(shown(port)).contains("one.test");

                proxy.change(config(TLS, cert("one"), "first"));
                assertThat(proxy.foregate().certificates()).hasSize(1);
                assertThat(shown(port)).contains("one.test");
            }
        }
    }

    private static String tried(int port, String name) throws IOException {
        try (Program program =
                Program.start("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-servername", name)) {
            program.awaitEnd(Duration.ofSeconds(30));
            return String.join("\n", program.output());
        }
    }

    @Test
    void aChangeThatFailsLeavesTheCertificates() throws Exception {
        try (Configured proxy = Configured.start(folder, config(TLS, cert("one"), "first"))) {
            int port = proxy.port("tls");
            String taken = TLS + ", other: \"127.0.0.1:" + port + "\"";

            assertThat(proxy.reload(config(taken, cert("two"), "second"))).isInstanceOf(Result.Refused.class);

            assertThat(shown(port)).contains("one.test");
        }
    }

    @Test
    void aSiteThatIsGoneIsNotShownAnyMore() throws Exception {
        String other = "listeners: { " + TLS + " }\nlogs: { access: off }\nshutdown: 1ms\nsites:\n"
                + "  b.test: { tls: internal, respond: { body: b } }\n  c.test: { tls: internal, respond: { body: c } }\n";
        try (Configured proxy = Configured.start(folder, config(TLS, cert("one"), "first"))) {
            int port = proxy.port("tls");
            assertThat(shown(port)).contains("one.test");

            proxy.change(other);

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> shown(port));
        }
    }
}
