package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How connections with TLS end, properly and not, and how answers are cut into records. */
@ExtendWith(NoLeaks.class)
final class ClosingTest {
    @TempDir
    Path folder;

    private SSLContext trust;

    @BeforeEach
    void issue() throws Exception {
        Authority authority = new Authority(folder);
        authority.issue("a", "DNS:a.test");
        trust = Client.trusting(authority.certificate());
    }

    private Served to(Origin origin) throws Exception {
        return Served.start(folder, """
                listeners: { tls: { address: "127.0.0.1:0", tls: on } }
                sites: { a.test: { tls: { cert: a.pem, key: a.key }, routes: web } }
                pools: { web: "127.0.0.1:%d" }
                """.formatted(origin.port()));
    }

    @Test
    void answerThatEndsWithTheConnectionEndsWithCloseNotify() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it");
                });
                Served served = to(origin);
                Client client = Client.to(served.port("tls"), trust, "a.test")) {
            client.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
            // The JDK's client takes a FIN without close_notify for a truncation and throws.
            assertThat(new String(client.in().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("all of it");
        }
    }

    @Test
    void answerThatIsCutOffIsNotEndedProperly() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                    connection.reset();
                });
                Served served = to(origin);
                Client client = Client.to(served.port("tls"), trust, "a.test")) {
            client.send("GET / HTTP/1.0\r\nHost: a.test\r\n\r\n");
            assertThatThrownBy(() -> client.in().readAllBytes()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void finWithoutCloseNotifyEndsATunnelAsABreak() throws Exception {
        assertThat(tunnelEndsAt(client -> client.socket().shutdownOutput())).isNotEqualTo("end");
        assertThat(tunnelEndsAt(client -> client.tls().shutdownOutput())).isEqualTo("end");
    }

    @Test
    void slowOriginGetsAllThatATunnelsClientSentBeforeItsGoodbye() throws Exception {
        int length = 8_000_000;
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (Origin origin = Origin.start(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
                    int came = 0;
                    try {
                        byte[] buffer = new byte[64 * 1024];
                        for (int n = 0; n >= 0; n = connection.in().read(buffer)) {
                            came += n;
                            Thread.sleep(3);
                        }
                        seen.complete(came);
                    } catch (IOException e) {
                        seen.complete(-came);
                    }
                });
                Served served = to(origin);
                Client client = Client.to(served.port("tls"), trust, "a.test")) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
            assertThat(client.answer()).isEqualTo(101);
            client.tls().getOutputStream().write(new byte[length]);
            client.tls().shutdownOutput();
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(length);
        }
    }

    private interface Ending {
        void end(Client client) throws IOException;
    }

    /** How the origin sees the end of a tunnel: {@code end}, or what it failed with. */
    private String tunnelEndsAt(Ending ending) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (Origin origin = Origin.start(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
                    try {
                        byte[] all = connection.in().readAllBytes();
                        seen.complete(new String(all, StandardCharsets.US_ASCII).equals("bytes") ? "end" : "less");
                    } catch (IOException e) {
                        seen.complete(e.toString());
                    }
                });
                Served served = to(origin);
                Client client = Client.to(served.port("tls"), trust, "a.test")) {
            client.send("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
            assertThat(client.answer()).isEqualTo(101);
            client.send("bytes");
            ending.end(client);
            return seen.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void largeBodiesPassBothWays() throws Exception {
        byte[] large = new byte[3_000_000];
        java.util.Arrays.fill(large, (byte) 'x');
        try (Origin origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + request.body().length + "\r\n\r\n");
                        connection.send(request.body());
                    }
                });
                Served served = to(origin);
                Client client = Client.to(served.port("tls"), trust, "a.test")) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + large.length + "\r\n\r\n");
                CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
                    try {
                        return client.answer();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                client.tls().getOutputStream().write(large);
                assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(200);
            }
        }
    }

    @Test
    void headAndBodyGoInOneRecord() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    connection.request();
                    connection.send(Origin.ok("x".repeat(8000)));
                    connection.request();
                });
                Served served = to(origin)) {
            String script =
                    "(printf 'GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n'; sleep 2) | openssl s_client -msg -tls1_2"
                            + " -servername a.test -connect 127.0.0.1:" + served.port("tls");
            try (Program program = Program.start(List.of("bash", "-c", script))) {
                program.awaitEnd(Duration.ofSeconds(30));
                List<String> output = program.output();
                long records = 0;
                for (int i = 1; i < output.size(); i++) {
                    boolean header = output.get(i - 1).startsWith("<<<")
                            && output.get(i - 1).contains("RecordHeader");
                    records += header && output.get(i).strip().startsWith("17 03 03") ? 1 : 0;
                }
                assertThat(records).isEqualTo(1);
            }
        }
    }
}
