package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nginx with TLS behind Foregate: who is believed, who isn't, and what is said about it. */
final class TlsOriginsTest {
    private static final String SEEN =
            "return 200 \"$ssl_server_name|$http_host|$ssl_session_reused|$ssl_client_s_dn|$ssl_protocol|\";";
    private static final int LARGE_BYTES = 100 << 20;

    @TempDir
    private static Path folder;

    private static Nginx nginx;
    private static ServerSocket silent;
    private static RealProcess proxy;

    private static String server(String certificate, String more) {
        return "listen PORT ssl; ssl_certificate DIR/" + certificate + ".pem; ssl_certificate_key DIR/" + certificate
                + ".key; keepalive_timeout 60s;\n"
                + (more.contains("ssl_protocols") ? "" : "ssl_protocols TLSv1.2 TLSv1.3;\n") + more + " location / { "
                + SEEN + " }";
    }

    @BeforeAll
    static void start() throws IOException {
        Authority ours = new Authority(folder, "ours");
        ours.issue("good", "DNS:localhost,IP:127.0.0.1");
        ours.issue("other", "DNS:other.example.com");
        ours.issueExpired("expired", "DNS:localhost");
        ours.issue("client", "DNS:client");
        new Authority(folder, "strange").issue("unknown", "DNS:localhost");
        file("large", LARGE_BYTES);
        nginx = Nginx.start(
                folder,
                server(
                        "good",
                        "location /files/ { alias DIR/; } location /put/ { root DIR; dav_methods PUT; create_full_put_path on; }"),
                server("other", ""),
                server("expired", ""),
                server("unknown", ""),
                server("good", "ssl_client_certificate DIR/ours.pem; ssl_verify_client on;"),
                server("good", "keepalive_requests 1; ssl_protocols TLSv1.2; ssl_session_cache shared:a:1m;"),
                server("good", "keepalive_requests 1; ssl_session_cache shared:a:1m;"));
        silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = RealProcess.run(folder, yaml());
    }

    private static String yaml() {
        String good = "localhost:" + nginx.port(0);
        return """
            listeners: { main: "127.0.0.1:0" }
            logs: { access: off }
            sites:
              "*":
                routes:
                  /: good
                  /files/*: good
                  /put/*: good
                  /address: address
                  /mismatch: mismatch
                  /named: named
                  /expired: expired
                  /unknown: unknown
                  /careless: careless
                  /client: client
                  /stranger: stranger
                  /old: old
                  /new: new
                  /silent: silent
                  /system: system
                  /mixed: mixed
            pools:
              good: { servers: ["https://%s"], tls: ours.pem, host: upstream }
              address: { like: good, servers: ["https://127.0.0.1:%d"] }
              mismatch: { like: good, servers: ["https://localhost:%d"] }
              named: { like: mismatch, tls: { name: other.example.com } }
              expired: { like: good, servers: ["https://localhost:%d"] }
              unknown: { like: good, servers: ["https://localhost:%d"] }
              careless: { like: unknown, tls: { verify: false } }
              stranger: { like: good, servers: ["https://localhost:%d"] }
              client: { like: stranger, tls: { cert: client.pem, key: client.key } }
              old: { like: good, servers: ["https://localhost:%d"] }
              new: { like: good, servers: ["https://localhost:%d"] }
              silent: { like: good, servers: ["https://localhost:%d"], timeouts: { connect: 500ms } }
              system: { servers: ["https://%s"] }
              mixed: { like: good, servers: ["https://localhost:%d", "https://%s"] }
            """.formatted(
                        good,
                        nginx.port(0),
                        nginx.port(1),
                        nginx.port(2),
                        nginx.port(3),
                        nginx.port(4),
                        nginx.port(5),
                        nginx.port(6),
                        silent.getLocalPort(),
                        good,
                        nginx.port(2),
                        good);
    }

    private static Path file(String name, int length) throws IOException {
        Path path = folder.resolve(name);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path;
    }

    @AfterAll
    static void stop() throws IOException {
        proxy.close();
        nginx.close();
        silent.close();
    }

    private static void refused(String path, String because) throws IOException {
        Message answer = proxy.get(path);
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text()).doesNotContain("TLS").doesNotContain("certificate");
        proxy.program().awaitError(line -> line.contains(because));
    }

    @Test
    void anOriginWithAGoodCertificateIsAskedByItsName() throws IOException {
        String seen = proxy.get("/").text();
        assertThat(seen)
                .startsWith("localhost|localhost:" + nginx.port(0) + "|")
                .contains("|TLSv1.3|");
    }

    @Test
    void anAddressIsVerifiedToo() throws IOException {
        assertThat(proxy.get("/address").text()).startsWith("|127.0.0.1:");
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws IOException {
        refused("/mismatch", "certificate name mismatch");
    }

    @Test
    void theNameThatIsExpectedCanBeSet() throws IOException {
        assertThat(proxy.get("/named").text()).startsWith("other.example.com|localhost:");
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        refused("/expired", "certificate expired");
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsRefused() throws IOException {
        refused("/unknown", "unknown CA");
        refused("/system", "unknown CA");
    }

    @Test
    void verificationCanBeSwitchedOffAndCheckSaysSo() throws IOException {
        assertThat(proxy.get("/careless").status()).isEqualTo(200);
    }

    @Test
    void aClientCertificateIsShownToThoseWhoAskForIt() throws IOException {
        assertThat(proxy.get("/client").text()).contains("|CN=client|");
        assertThat(proxy.get("/stranger").status()).isEqualTo(400);
    }

    @Test
    void sessionsAreResumed() throws IOException {
        for (String path : new String[] {"/old", "/new"}) {
            String last = "";
            for (int i = 0; i < 10 && !last.contains("|r|"); i++) {
                last = proxy.get(path).text();
            }
            assertThat(last).as(path).contains("|r|");
        }
    }

    @Test
    void aSilentHandshakeEndsWithTheConnectTimeout() throws IOException {
        refused("/silent", "TLS handshake timeout");
    }

    @Test
    void anotherEndpointIsAskedWhereAHandshakeFails() throws IOException {
        for (int i = 0; i < 4; i++) {
            assertThat(proxy.get("/mixed").status()).isEqualTo(200);
        }
    }

    @Test
    void largeBodiesPassInBothDirections() throws IOException {
        String sizes = Program.run(
                "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_download}", proxy.url("/files/large"));
        assertThat(sizes).isEqualTo("200 " + LARGE_BYTES);
        String sent = Program.run(
                "curl",
                "-sS",
                "-w",
                "%{http_code} %{size_upload}",
                "-T",
                folder.resolve("large").toString(),
                proxy.url("/put/copy"));
        assertThat(sent).isEqualTo("201 " + LARGE_BYTES);
        assertThat(folder.resolve("put/copy")).hasSize(LARGE_BYTES);
    }
}
