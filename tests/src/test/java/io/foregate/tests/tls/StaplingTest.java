package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** OCSP responses, from OpenSSL's own responder. */
@ExtendWith(NoLeaks.class)
final class StaplingTest {
    @TempDir
    Path folder;

    @Test
    void responseIsFetchedAndStapledAndItsLackIsNoHindrance() throws Exception {
        Authority authority = new Authority(folder);
        int port = Ports.free();
        String place = "authorityInfoAccess=OCSP;URI:http://127.0.0.1:" + port + "\n";
        authority.issue("a", "DNS:a.test", List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), place);
        authority.issue("rsa", "DNS:rsa.test", List.of("rsa:2048"), place);
        authority.issue("off", "DNS:off.test", List.of("rsa:2048"), place);
        Path index = folder.resolve("index.txt");
        Files.writeString(index, entry("a") + entry("rsa") + entry("off"));
        try (Program responder = Program.start(
                "openssl",
                "ocsp",
                "-port",
                String.valueOf(port),
                "-index",
                index.toString(),
                "-CA",
                authority.certificate().toString(),
                "-rsigner",
                authority.certificate().toString(),
                "-rkey",
                authority.key().toString(),
                "-ndays",
                "1")) {
            responder.awaitError(line -> line.contains("waiting for OCSP client connections"));
            try (Served served = Served.start(folder, """
                    listeners: { tls: { address: "127.0.0.1:0", tls: on } }
                    sites:
                      a.test: { tls: { cert: a.pem, key: a.key }, respond: { body: fine } }
                      rsa.test: { tls: { cert: rsa.pem, key: rsa.key }, respond: { body: fine } }
                      off.test: { tls: { cert: off.pem, key: off.key, ocsp: off }, respond: { body: fine } }
                    """)) {
                for (String site : new String[] {"a.test", "rsa.test"}) {
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> served.state(site).shown().getFirst().stapledUntil() != null);
                }
                for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
                    for (String site : new String[] {"a.test", "rsa.test"}) {
                        assertThat(served.openssl("-servername", site, "-status", version))
                                .contains("OCSP Response Status: successful")
                                .contains("Cert Status: good");
                    }
                    assertThat(served.openssl("-servername", "off.test", "-status", version))
                            .contains("OCSP response: no response sent");
                }
            }
            responder.kill();
        }
        // One that never answers.
        try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
                Served served = Served.start(folder, """
                        listeners: { tls: { address: "127.0.0.1:0", tls: on } }
                        sites: { a.test: { tls: { cert: a.pem, key: a.key }, respond: { body: fine } } }
                        """);
                Socket asked = silent.accept()) {
            assertThat(asked.isConnected()).isTrue();
            assertThat(served.openssl("-servername", "a.test", "-status"))
                    .contains("OCSP response: no response sent")
                    .contains("subject=CN = a.test");
        }
    }

    /** A line of OpenSSL's database: valid, until, serial number, subject. */
    private String entry(String file) throws Exception {
        String serial = Program.run(
                        "openssl",
                        "x509",
                        "-noout",
                        "-serial",
                        "-in",
                        folder.resolve(file + ".pem").toString())
                .replace("serial=", "")
                .strip();
        return "V\t300101000000Z\t\t" + serial + "\tunknown\t/CN=" + file + ".test\n";
    }
}
