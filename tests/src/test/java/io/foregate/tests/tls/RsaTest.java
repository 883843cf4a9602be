package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes with RSA keys, whichever library signs on this machine, and with the accelerator off. */
@ExtendWith(NoLeaks.class)
final class RsaTest {
    private static final int CLIENTS = 200;
    private static final String CONFIG = """
            listeners: { tls: { address: "127.0.0.1:0", tls: on } }
            sites:
              two.test: { tls: { cert: two.pem, key: two.key }, respond: { body: fine } }
              three.test: { tls: { cert: three.pem, key: three.key }, respond: { body: fine } }
              old.test:
                tls: { cert: two.pem, key: two.key, preset: custom, ciphers: [AES128-GCM-SHA256, AES128-SHA] }
                respond: { body: fine }
              first.test:
                tls: { certificates: [{ cert: two.pem, key: two.key }, { cert: ec.pem, key: ec.key }] }
                respond: { body: fine }
            """;

    @TempDir
    static Path folder;

    private static Authority authority;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = new Authority(folder);
        authority.issueRsa("two", "DNS:two.test,DNS:first.test,DNS:old.test");
        authority.issue("three", "DNS:three.test", List.of("rsa:3072"), "");
        authority.issue("ec", "DNS:first.test");
    }

    @Test
    void everySignatureSchemeIsSpoken() throws Exception {
        for (String setting : new String[] {"", "tls: { accelerator: off }\n"}) {
            try (Served served = Served.start(folder, CONFIG + setting)) {
                for (String site : new String[] {"two.test", "three.test"}) {
                    for (String digest : new String[] {"SHA256", "SHA384", "SHA512"}) {
                        verified(served, site, "-tls1_3", "RSA-PSS+" + digest);
                        verified(served, site, "-tls1_2", "RSA-PSS+" + digest);
                        verified(served, site, "-tls1_2", "RSA+" + digest);
                    }
                }
            }
        }
    }

    private static void verified(Served served, String site, String version, String scheme) throws IOException {
        String[] parts = scheme.split("\\+");
        assertThat(served.openssl(
                        "-servername",
                        site,
                        version,
                        "-sigalgs",
                        scheme,
                        "-verify_return_error",
                        "-CAfile",
                        authority.certificate().toString()))
                .as("%s %s %s", site, version, scheme)
                .contains("Verify return code: 0 (ok)", "Peer signing digest: " + parts[1], "type: " + parts[0]);
    }

    @Test
    void keyExchangeByRsaIsServedToThoseWhoWantIt() throws Exception {
        try (Served served = Served.start(folder, CONFIG)) {
            assertThat(served.openssl("-servername", "old.test", "-tls1_2", "-cipher", "AES128-GCM-SHA256"))
                    .contains("Cipher is AES128-GCM-SHA256", "Verify return code");
        }
    }

    @Test
    void certificatesKeepTheirOrder() throws Exception {
        try (Served served = Served.start(folder, CONFIG)) {
            assertThat(served.openssl("-servername", "first.test")).contains("type: RSA");
            assertThat(served.openssl("-servername", "first.test", "-sigalgs", "ECDSA+SHA256"))
                    .contains("type: ECDSA");
        }
    }

    @Test
    void twoHundredHandshakesAtOnceAllEnd() throws Exception {
        SSLContext context = Client.trusting(authority.certificate());
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch begin = new CountDownLatch(1);
        try (Served served = Served.start(folder, CONFIG)) {
            int port = served.port("tls");
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Thread.ofPlatform().start(() -> {
                    try {
                        begin.await();
                        try (Client client = Client.to(port, context, "two.test")) {
                            assertThat(client.get("two.test")).isEqualTo(200);
                        }
                    } catch (IOException | InterruptedException | AssertionError e) {
                        failures.add(e.toString());
                    }
                }));
            }
            begin.countDown();
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(failures).isEmpty();
    }
}
