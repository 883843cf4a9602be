package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who answers for which name, with which version, cipher and certificate. */
@ExtendWith(NoLeaks.class)
final class HandshakeTest {
    @TempDir
    static Path folder;

    private static Served served;
    private static String ca;

    @BeforeAll
    static void start() throws Exception {
        Authority authority = new Authority(folder);
        ca = authority.certificate().toString();
        authority.issue("a", "DNS:a.test");
        authority.issueRsa("a-rsa", "DNS:a.test");
        authority.issueRsa("wild", "DNS:*.wild.test");
        authority.issue("modern", "DNS:modern.test");
        authority.issue("old", "DNS:old.test");
        served = Served.start(folder, """
                listeners:
                  tls: { address: "127.0.0.1:0", tls: on }
                  plain: "127.0.0.1:0"
                sites:
                  a.test:
                    tls: { certificates: [ { cert: a.pem, key: a.key }, { cert: a-rsa.pem, key: a-rsa.key } ] }
                    hsts: 180d
                    respond: { body: a }
                  "*.wild.test":
                    tls: { cert: wild.pem, key: wild.key }
                    https-redirect: off
                    respond: { body: wild }
                  modern.test:
                    tls: { cert: modern.pem, key: modern.key, preset: modern }
                    respond: { body: modern }
                  old.test:
                    tls: { cert: old.pem, key: old.key, preset: custom, versions: [1.2], ciphers: [ECDHE-ECDSA-AES256-GCM-SHA384], groups: [P-256] }
                    respond: { body: old }
                """);
    }

    @AfterAll
    static void stop() throws Exception {
        served.close();
    }

    @Test
    void anythingGetsThroughAndIsTrusted() throws Exception {
        assertThat(served.curl("a.test", "/", "--cacert", ca))
                .startsWith("0\nHTTP/1.1 200")
                .endsWith("\na\n")
                .containsIgnoringCase("strict-transport-security: max-age=15552000");
    }

    @Test
    void plainHttpIsToldToAskForHttps() throws Exception {
        try (Wire wire = Wire.to(served.port("tls"))) {
            wire.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
            Message answer = wire.response();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("https://");
        }
    }

    @Test
    void bothVersionsAreSpokenAndOlderOnesAreNot() throws Exception {
        assertThat(served.openssl("-servername", "a.test", "-tls1_2")).contains("Protocol  : TLSv1.2");
        assertThat(served.openssl("-servername", "a.test", "-tls1_3")).contains("New, TLSv1.3");
        assertThat(served.openssl("-servername", "a.test", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
                .contains("Cipher is (NONE)");
    }

    @Test
    void certificateIsChosenByTheNameAskedFor() throws Exception {
        assertThat(served.openssl("-servername", "A.test")).contains("subject=CN = a.test");
        assertThat(served.openssl("-servername", "x.wild.test")).contains("subject=CN = *.wild.test");
        assertThat(served.openssl("-servername", "y.x.wild.test")).contains("subject=CN = *.wild.test");
    }

    @Test
    void unknownNameIsRefusedWhereNoSiteIsForAll() throws Exception {
        assertThat(served.openssl("-servername", "else.test")).contains("SSL alert number 112");
        assertThat(served.openssl("-noservername")).contains("SSL alert number 112");
    }

    @Test
    void ecdsaAndRsaStandSideBySide() throws Exception {
        assertThat(served.openssl("-servername", "a.test", "-sigalgs", "ECDSA+SHA256"))
                .contains("Peer signature type: ECDSA");
        assertThat(served.openssl("-servername", "a.test", "-sigalgs", "RSA-PSS+SHA256"))
                .contains("Peer signature type: RSA-PSS");
        assertThat(served.openssl("-servername", "a.test", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"))
                .contains("Cipher is ECDHE-RSA-AES128-GCM-SHA256");
    }

    @Test
    void presetsAreKept() throws Exception {
        assertThat(served.openssl("-servername", "modern.test", "-tls1_2")).contains("Cipher is (NONE)");
        assertThat(served.openssl("-servername", "modern.test")).contains("New, TLSv1.3");
        assertThat(served.openssl("-servername", "old.test"))
                .contains("New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384")
                .contains("prime256v1");
        assertThat(served.openssl("-servername", "a.test", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"))
                .contains("Cipher is (NONE)");
    }

    @Test
    void mismatchOfAlpnIsRefused() throws Exception {
        assertThat(served.openssl("-servername", "a.test", "-alpn", "spdy/1")).contains("SSL alert number 120");
        assertThat(served.openssl("-servername", "a.test", "-alpn", "spdy/1,http/1.1"))
                .contains("ALPN protocol: http/1.1");
    }

    @Test
    void sessionsAreResumed() throws Exception {
        for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
            String session = folder.resolve("session" + version).toString();
            // The tickets of TLS 1.3 come behind the handshake: the client stays for an answer.
            assertThat(Exchange.over(served, "a.test", version, "-sess_out", session))
                    .contains("HTTP/1.1 200");
            assertThat(served.openssl("-servername", "a.test", version, "-sess_in", session))
                    .contains("Reused, TLSv1");
            assertThat(served.openssl("-servername", "x.wild.test", version, "-sess_in", session))
                    .contains("New, TLSv1");
        }
    }

    @Test
    void plainRequestsAreRedirectedUnlessTheSiteWantsThemServed() throws Exception {
        try (Wire client = Wire.to(served.port("plain"))) {
            client.send("POST /x?y=1 HTTP/1.1\r\nHost: a.test:80\r\nContent-Length: 0\r\n\r\n");
            var redirect = client.response();
            assertThat(redirect.status()).isEqualTo(308);
            assertThat(redirect.field("Location")).isEqualTo("https://a.test:" + served.port("tls") + "/x?y=1");
            assertThat(redirect.field("Strict-Transport-Security")).isNull();
            client.send("GET / HTTP/1.1\r\nHost: x.wild.test\r\n\r\n");
            assertThat(client.response().text()).isEqualTo("wild");
        }
    }

    @Test
    void requestForASiteOfAnotherPolicyIsMisdirected() throws Exception {
        assertThat(served.curl("a.test", "/", "--cacert", ca, "-H", "Host: modern.test"))
                .contains("HTTP/1.1 421");
        assertThat(served.curl("a.test", "/", "--cacert", ca, "-H", "Host: x.wild.test"))
                .endsWith("wild\n");
    }

    @Test
    void whatIsNotTlsIsRefused() throws Exception {
        try (Wire client = Wire.to(served.port("tls"))) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
            assertThat(client.ends()).isTrue();
        }
    }
}
