package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that show a certificate, and those that don't, or pretend. */
@ExtendWith(NoLeaks.class)
final class ClientCertificatesTest {
    @TempDir
    static Path folder;

    private static Served served;
    private static Origin origin;
    private static String ca;

    @BeforeAll
    static void start() throws Exception {
        Authority authority = new Authority(folder);
        Authority clients = new Authority(folder, "clients");
        Authority others = new Authority(folder, "others");
        ca = authority.certificate().toString();
        authority.issue("site", "DNS:need.test,DNS:may.test,DNS:open.test");
        clients.issue(
                "alice",
                "DNS:alice.test,email:alice@example.org,URI:spiffe://test/a",
                List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
                "extendedKeyUsage=clientAuth\n");
        others.issue("mallory", "DNS:mallory.test");
        origin = Origin.start(Echo::fields);
        served = Served.start(folder, """
                listeners:
                  tls: { address: "127.0.0.1:0", tls: on }
                  plain: "127.0.0.1:0"
                sites:
                  need.test: { tls: { cert: site.pem, key: site.key, client-certificates: clients.pem }, routes: web, https-redirect: off }
                  may.test: { tls: { cert: site.pem, key: site.key, client-certificates: { ca: clients.pem, mode: optional } }, routes: web }
                  open.test: { tls: { cert: site.pem, key: site.key }, routes: web, https-redirect: off }
                pools: { web: "127.0.0.1:%d" }
                trusted-proxies: [ 127.0.0.1 ]
                """.formatted(origin.address().getPort()));
    }

    @AfterAll
    static void stop() throws Exception {
        served.close();
        origin.close();
    }

    private static String[] with(String client, String... more) {
        List<String> options = new java.util.ArrayList<>(List.of("--cacert", ca));
        if (!client.isEmpty()) {
            options.addAll(List.of("--cert", folder.resolve(client + ".pem").toString()));
            options.addAll(List.of("--key", folder.resolve(client + ".key").toString()));
        }
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    @Test
    void originIsToldWhoTheClientIs() throws Exception {
        for (String site : List.of("need.test", "may.test")) {
            assertThat(served.curl(site, "/", with("alice")).toLowerCase(java.util.Locale.ROOT))
                    .contains("http/1.1 200")
                    .contains("x-client-cert-subject: cn=alice.test")
                    .contains("x-client-cert-san: dns:alice.test, email:alice@example.org, uri:spiffe://test/a")
                    .containsPattern("x-client-cert-fingerprint: [0-9a-f]{64}\n");
        }
    }

    @Test
    void withoutCertificateOnlyTheOptionalSiteIsServed() throws Exception {
        assertThat(served.curl("need.test", "/", with("")))
                .doesNotContain("HTTP/1.1")
                .doesNotStartWith("0\n");
        assertThat(served.curl("may.test", "/", with("")))
                .contains("HTTP/1.1 200")
                .doesNotContainIgnoringCase("x-client");
    }

    @Test
    void certificateOfAnotherAuthorityIsRefusedEvenWhereNoneIsNeeded() throws Exception {
        for (String version : List.of("1.2", "1.3")) {
            for (String site : List.of("need.test", "may.test")) {
                assertThat(served.curl(site, "/", with("mallory", "--tls-max", version)))
                        .doesNotContain("HTTP/1.1 200");
            }
        }
    }

    @Test
    void clientCannotForgeWhoItIs() throws Exception {
        String[] forged = with(
                "",
                "-H",
                "X-Client-Cert-Subject: CN=root",
                "-H",
                "x_client_cert_subject: CN=root",
                "-H",
                "X-CLIENT-CERT-ANYTHING: CN=root",
                "-H",
                "Client-Cert: CN=root");
        assertThat(served.curl("may.test", "/", forged))
                .contains("HTTP/1.1 200")
                .doesNotContain("CN=root");
        assertThat(served.curl("open.test", "/", forged))
                .contains("HTTP/1.1 200")
                .doesNotContain("CN=root");
        try (Wire client = Wire.to(served.port("plain"))) {
            client.send("GET / HTTP/1.1\r\nHost: open.test\r\nX-Client-Cert-Subject: CN=root\r\n\r\n");
            assertThat(client.response().text()).doesNotContain("CN=root");
        }
    }

    @Test
    void connectionOfAnotherSiteIsNoWayRoundTheCertificate() throws Exception {
        assertThat(served.curl("open.test", "/", with("alice", "-H", "Host: need.test")))
                .contains("HTTP/1.1 421");
        assertThat(served.curl("may.test", "/", with("", "-H", "Host: need.test")))
                .contains("HTTP/1.1 421");
    }

    @Test
    void plainConnectionIsNoWayRoundTheCertificateEither() throws Exception {
        try (Wire client = Wire.to(served.port("plain"))) {
            client.send("GET / HTTP/1.1\r\nHost: need.test\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(421);
            client.send("GET / HTTP/1.1\r\nHost: may.test\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(308);
            client.send("GET / HTTP/1.1\r\nHost: may.test\r\nX-Forwarded-Proto: https\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @Test
    void sessionIsNotResumedOnASiteOfAnotherPolicy() throws Exception {
        String session = folder.resolve("open.session").toString();
        assertThat(Exchange.over(served, "open.test", "-tls1_2", "-sess_out", session))
                .contains("HTTP/1.1 200");
        assertThat(served.openssl("-servername", "may.test", "-tls1_2", "-sess_in", session))
                .contains("New, TLSv1.2");
        assertThat(served.openssl("-servername", "open.test", "-tls1_2", "-sess_in", session))
                .contains("Reused, TLSv1.2");
    }
}
