package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nghttpd and nginx with HTTP/2 behind Foregate, with TLS and without. */
final class Http2OriginsTest {
    private static final int LARGE_BYTES = 100 << 20;
    private static final String H2 = "listen PORT http2; keepalive_timeout 60s;\n";
    private static final String SEEN = "location / { return 200 \"$server_protocol|$http_host|$scheme|\"; }";

    @TempDir
    private static Path folder;

    private static Nginx nginx;
    private static Program plain;
    private static Program secure;
    private static RealProcess proxy;

    @BeforeAll
    static void start() throws IOException {
        Authority ours = new Authority(folder, "ours");
        ours.issue("good", "DNS:localhost");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("small"), "small\n");
        try (var file = new RandomAccessFile(files.resolve("large").toFile(), "rw")) {
            file.setLength(LARGE_BYTES);
        }
        int plainPort = Ports.free();
        plain = Program.start(
                "nghttpd", "--no-tls", "--echo-upload", "-d", files.toString(), "-m", "100", String.valueOf(plainPort));
        int securePort = Ports.free();
        secure = Program.start(
                "nghttpd",
                "-d",
                files.toString(),
                String.valueOf(securePort),
                folder.resolve("good.key").toString(),
                folder.resolve("good.pem").toString());
        awaitPort(plainPort);
        awaitPort(securePort);
        String read = "location /up { proxy_pass http://127.0.0.1:1; } location /files/ { alias DIR/files/; } ";
        nginx = Nginx.start(
                folder,
                H2 + read + SEEN,
                "listen PORT ssl http2; ssl_certificate DIR/good.pem; ssl_certificate_key DIR/good.key;\n" + SEEN,
                "listen PORT ssl; ssl_certificate DIR/good.pem; ssl_certificate_key DIR/good.key;\n" + SEEN,
                H2 + "http2_max_concurrent_streams 1;\n" + SEEN,
                H2 + "http2_max_concurrent_streams 10;\n" + SEEN,
                H2 + "keepalive_requests 20;\n" + SEEN,
                "listen PORT;\n" + SEEN);
        proxy = RealProcess.run(folder, """
            listeners: { main: "127.0.0.1:0" }
            logs: { access: off }
            sites:
              "*":
                routes:
                  /nghttpd/*: { to: nghttpd, strip-prefix: /nghttpd }
                  /nghttpds/*: { to: nghttpds, strip-prefix: /nghttpds }
                  /nginx/*: { to: nginx, strip-prefix: /nginx }
                  /auto: auto
                  /auto1: auto1
                  /only1: only1
                  /one: one
                  /ten: ten
                  /going: going
                  /wrong: wrong
                  /wrongtls: wrongtls
            pools:
              # A stall ends with the idle timeout, long before a PING would find out.
              nghttpd: { servers: ["127.0.0.1:%d"], protocol: h2, timeouts: { idle: 5s } }
              nghttpds: { servers: ["https://localhost:%d"], tls: ours.pem }
              nginx: { servers: ["127.0.0.1:%d"], protocol: h2, timeouts: { idle: 5s } }
              auto: { servers: ["https://localhost:%d"], tls: ours.pem, host: upstream }
              auto1: { servers: ["https://localhost:%d"], tls: ours.pem }
              only1: { like: auto, protocol: h1 }
              one: { like: nginx, servers: ["127.0.0.1:%d"], queue: { timeout: 30s } }
              ten: { like: nginx, servers: ["127.0.0.1:%d"], connections: { max: 2 }, queue: { timeout: 30s } }
              going: { like: nginx, servers: ["127.0.0.1:%d"] }
              wrong: { like: nginx, servers: ["127.0.0.1:%d"] }
              wrongtls: { like: auto1, protocol: h2 }
            """.formatted(
                        plainPort,
                        securePort,
                        nginx.port(0),
                        nginx.port(1),
                        nginx.port(2),
                        nginx.port(3),
                        nginx.port(4),
                        nginx.port(5),
                        nginx.port(6)));
    }

    private static void awaitPort(int port) {
        await().ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
    }

    @AfterAll
    static void stop() {
        proxy.close();
        nginx.close();
        plain.close();
        secure.close();
    }

    private static String curl(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 2];
        command[0] = "curl";
        command[1] = "-sS";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Program.run(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nghttpd", "/nghttpds", "/nginx/files"})
    void anAnswerComesThrough(String path) throws IOException {
        assertThat(curl(proxy.url(path + "/small"))).isEqualTo("small");
        assertThat(curl("-I", proxy.url(path + "/small"))).startsWith("HTTP/1.1 200");
        assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", proxy.url(path + "/missing")))
                .isEqualTo("404");
    }

    @Test
    void theVersionIsWhatTheOriginPrefers() throws IOException {
        assertThat(curl(proxy.url("/auto"))).startsWith("HTTP/2.0|localhost:" + nginx.port(1) + "|https|");
        assertThat(curl(proxy.url("/auto1"))).startsWith("HTTP/1.1|");
        assertThat(curl(proxy.url("/only1"))).startsWith("HTTP/1.1|");
        assertThat(curl(proxy.url("/nginx/"))).startsWith("HTTP/2.0|127.0.0.1:" + proxy.port() + "|http|");
    }

    @Test
    void anOriginWithoutHttp2IsAFailureThatSaysSo() throws IOException {
        assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", proxy.url("/wrong")))
                .isEqualTo("502");
        proxy.program().awaitError(line -> line.contains("does not speak HTTP/2"));
        assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", proxy.url("/wrongtls")))
                .isEqualTo("502");
        proxy.program().awaitError(line -> line.contains("ALPN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nghttpd", "/nghttpds", "/nginx/files"})
    void largeAnswersComeWhole(String path) throws IOException {
        String sizes = curl("-o", "/dev/null", "-w", "%{http_code} %{size_download}", proxy.url(path + "/large"));
        assertThat(sizes).isEqualTo("200 " + LARGE_BYTES);
    }

    @Test
    void largeBodiesGoAndComeBackWhole() throws IOException {
        Path back = folder.resolve("back");
        String sizes = curl(
                "-o",
                back.toString(),
                "-w",
                "%{http_code} %{size_upload}",
                "-X",
                "POST",
                "-T",
                folder.resolve("files/large").toString(),
                proxy.url("/nghttpd/echo"));
        assertThat(sizes).isEqualTo("200 " + LARGE_BYTES);
        assertThat(Files.size(back)).isEqualTo(LARGE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nghttpd/small", "/nghttpds/small", "/nginx/files/small", "/one", "/ten", "/going"})
    void nothingFailsUnderLoad(String path) throws IOException {
        String said = Program.run("h2load", "--h1", "-n", "3000", "-c", "60", "-t", "1", proxy.url(path));
        assertThat(said).contains("3000 succeeded, 0 failed, 0 errored").contains("status codes: 3000 2xx");
    }

    @Test
    void everythingThatFailedIsSaid() throws IOException {
        assertThat(curl(proxy.url("/nginx/"))).isNotEmpty();
        List<String> errors = proxy.program().errors();
        assertThat(errors).noneMatch(line -> line.contains(" ERROR ") || line.contains("Exception"));
    }
}
