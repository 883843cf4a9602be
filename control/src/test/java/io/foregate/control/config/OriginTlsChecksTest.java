package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the TLS of a pool needs is looked at before it is used, and said at its place in the file. */
final class OriginTlsChecksTest {
    private static final String SITES = "sites: { x: web }\n";

    @TempDir
    private Path folder;

    private java.util.List<String> mistakes(String pool) {
        String file = folder.resolve("test.yaml").toString();
        return Configs.problems(ConfigLoader.load(file, SITES + "pools: { web: " + pool + " }")).stream()
                .map(problem -> problem.toString().substring(file.length()))
                .toList();
    }

    @Test
    void aMissingFileIsSaidWhereItIsNamed() {
        assertThat(mistakes("{ servers: [\"https://a\"], tls: ca.pem }"))
                .containsExactly(":2:41 pools.web.tls: there is no file " + folder.resolve("ca.pem"));
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws IOException {
        Files.writeString(folder.resolve("ca.pem"), "nothing");
        assertThat(mistakes("{ servers: [\"https://a\"], tls: { ca: ca.pem } }"))
                .containsExactly(
                        ":2:48 pools.web.tls.ca: ca.pem holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    @Test
    void aCertificateAndItsKeyComeTogether() {
        assertThat(mistakes("{ servers: [\"https://a\"], tls: { cert: a.pem } }"))
                .containsExactly(":2:48 pools.web.tls.cert: a certificate without its key: add key:");
        assertThat(mistakes("{ servers: [\"https://a\"], tls: { key: a.pem } }"))
                .containsExactly(":2:48 pools.web.tls.key: a key without its certificate: add cert:");
    }

    @Test
    void aPlainServerInAPoolWithTlsIsAMistake() {
        assertThat(mistakes("{ servers: [\"https://a\", \"b:80\"], tls: { name: c } }"))
                .containsExactly(
                        ":2:17 pools.web.servers: b:80 is spoken to without TLS, while the pool has pools.web.tls.name;"
                                + " write https://b:80");
    }

    @Test
    void withoutVerificationThereIsAWarning() {
        assertThat(Configs.warnings(SITES + "pools: { web: { servers: [\"https://a\"], tls: { verify: false } } }"))
                .singleElement()
                .asString()
                .contains("pools.web.tls.verify: whoever answers");
    }

    @Test
    void aServerOfAUrlHasNoPath() {
        assertThat(mistakes("[\"https://a/b\"]").getFirst()).contains("a server has no path; write https://a");
    }
}
