package io.foregate.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.control.admin.AdminFailure;
import io.foregate.tests.admin.Administered.Curled;
import io.foregate.tests.support.Authority;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who is kept out. */
@Execution(ExecutionMode.CONCURRENT)
final class SecurityTest {
    private static final String TOKENS =
            "  tokens:\n    eyes: { role: read, secret: \"file:eyes\" }\n    hands: { role: operate, secret: \"file:hands\" }\n"
                    + "    head: { role: configure, secret: \"file:head\" }\n";
    private static final String READS = "Authorization: Bearer eyes-0123456789abcdef";
    private static final String OPERATES = "Authorization: Bearer hands-0123456789abcdef";
    private static final String CONFIGURES = "Authorization: Bearer head-0123456789abcdef";

    @TempDir
    Path folder;

    private static String proxy(String admin) {
        return "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\n"
                + "sites: { \"*\": web }\npools: { web: [\"127.0.0.1:1\"] }\nadmin:\n" + admin;
    }

    private static String guarded() {
        return proxy("  listen: \"127.0.0.1:0\"\n" + TOKENS);
    }

    private static String open() {
        return proxy("  listen: \"127.0.0.1:0\"\n");
    }

    @BeforeEach
    void tokens() throws Exception {
        for (String name : new String[] {"eyes", "hands", "head"}) {
            Files.writeString(folder.resolve(name), name + "-0123456789abcdef\n");
        }
    }

    @Test
    void withoutATokenNothingIsSaidButThatItLives() throws Exception {
        try (Administered one = Administered.start(folder, guarded())) {
            Curled none = one.curl("/v1/status");
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.head()).containsIgnoringCase("www-authenticate: bearer");
            assertThat(one.curl("/v1/status", "-H", "Authorization: Bearer wrong-0123456789abcdef")
                            .status())
                    .isEqualTo(401);
            assertThat(one.curl("/v1/nothing").status()).isEqualTo(401);
            assertThat(one.curl("/ready").status()).isEqualTo(200);
            assertThat(one.curl("/v1/status", "-H", READS).status()).isEqualTo(200);
        }
    }

    @Test
    void eachRoleMayDoWhatThoseBelowItMay() throws Exception {
        try (Administered one = Administered.start(folder, guarded())) {
            String drain = "/v1/pools/web/endpoints/127.0.0.1:1/drain";
            assertThat(one.post(drain, "{}", "-H", READS).status()).isEqualTo(403);
            assertThat(one.post(drain, "{}", "-H", OPERATES).status()).isEqualTo(200);
            assertThat(one.post("/v1/rollback", "{}", "-H", OPERATES).status()).isEqualTo(403);
            assertThat(one.post("/v1/rollback", "{}", "-H", CONFIGURES).status())
                    .isEqualTo(422);
            assertThat(one.post(drain, "{}", "-H", CONFIGURES).status()).isEqualTo(200);
        }
    }

    @Test
    void everyAttemptToChangeSomethingIsWrittenDown() throws Exception {
        try (Administered one = Administered.start(folder, guarded())) {
            String weight = "/v1/pools/web/endpoints/127.0.0.1:1/weight";
            one.post(weight, "{\"weight\": 3}");
            one.post(weight, "{\"weight\": 4}", "-H", READS);
            one.post(weight, "{\"weight\": 5}", "-H", OPERATES);
            one.curl("/v1/status", "-H", READS);

            assertThat(one.curl("/v1/audit", "-H", OPERATES).status()).isEqualTo(403);
            JsonNode entries = one.curl("/v1/audit", "-H", CONFIGURES).json().path("entries");
            assertThat(entries.size()).isEqualTo(3);
            assertThat(entries.get(0).path("who").asString("")).isEqualTo("hands");
            assertThat(entries.get(0).path("what").asString("")).isEqualTo("POST " + weight + " weight=5");
            assertThat(entries.get(0).path("status").asInt(0)).isEqualTo(200);
            assertThat(entries.get(0).path("from").asString("")).startsWith("127.0.0.1:");
            assertThat(entries.get(1).path("status").asInt(0)).isEqualTo(403);
            assertThat(entries.get(2).path("status").asInt(0)).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "Origin: null",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Host: evil.example",
                "Host: localhost.evil.example:9900",
            })
    void pagesOfOtherSitesAreKeptOut(String field) throws Exception {
        try (Administered one = Administered.start(folder, open())) {
            assertThat(one.curl("/v1/status", "-H", field).status()).isEqualTo(403);
            assertThat(one.post("/v1/rollback", "{}", "-H", field).status()).isEqualTo(403);
            assertThat(one.curl("/v1/config", "-X", "OPTIONS", "-H", field).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatAFormCouldSendIsNoWrite() throws Exception {
        try (Administered one = Administered.start(folder, open())) {
            String drain = "/v1/pools/web/endpoints/127.0.0.1:1/drain";
            assertThat(one.curl(drain, "-d", "{}").status()).isEqualTo(415);
            assertThat(one.curl(drain, "-d", "{}", "-H", "Content-Type: text/plain")
                            .status())
                    .isEqualTo(415);
            assertThat(one.curl(drain, "-X", "POST").status()).isEqualTo(415);
            assertThat(one.post(drain, "{\"keepSticky\": \"yes\"}").status()).isEqualTo(400);
            assertThat(one.post(drain, "{\"keepSticky\": true, \"keepSticky\": false}")
                            .status())
                    .isEqualTo(400);
            assertThat(one.post(drain, "{\"what\": 1}").error()).contains("keepSticky");
            assertThat(one.post(drain, "[").status()).isEqualTo(400);
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItComes() throws Exception {
        try (Administered one = Administered.start(folder, open());
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), one.admin().address().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(
                            "POST /v1/config HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n{"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] begin = socket.getInputStream().readNBytes(12);

            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void thePortBehindTheSocketAnswersNobodyElse() throws Exception {
        try (Administered one = Administered.start(folder, proxy("  listen: \"unix:admin.sock\"\n"));
                SocketChannel served = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("admin.sock")))) {
            served.write(ByteBuffer.wrap(ask("/live")));
            served.read(ByteBuffer.allocate(4096));
            List<String> answers = new ArrayList<>();
            for (int[] ports : loopbackConnections()) {
                // Another address of this machine, from the port that serves the socket's user.
                try (Socket stranger = new Socket()) {
                    stranger.bind(new InetSocketAddress("127.0.0.2", ports[0]));
                    stranger.connect(new InetSocketAddress("127.0.0.1", ports[1]), 1_000);
                    stranger.setSoTimeout(1_000);
                    stranger.getOutputStream().write(ask("/v1/status"));
                    answers.add(answer(stranger.getInputStream()));
                } catch (IOException e) {
                    answers.add(e.toString());
                }
            }
            assertThat(answers).anyMatch(answer -> answer.startsWith("HTTP/1.1 403 "));
            assertThat(one.admin().address()).hasToString("unix:admin.sock");
        }
    }

    /** As anybody may read them: the ports of the client and of the server, of those whose server's port is listened on. */
    private static List<int[]> loopbackConnections() throws IOException {
        Set<Integer> listening = new HashSet<>();
        List<int[]> all = new ArrayList<>();
        for (String file : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[3].equals("0A")) {
                    listening.add(port(columns[1]));
                } else if (columns[3].equals("01")) {
                    all.add(new int[] {port(columns[1]), port(columns[2])});
                }
            }
        }
        all.removeIf(ports -> !listening.contains(ports[1]));
        return all;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    private static byte[] ask(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void tooManyCallsHaveToWait() throws Exception {
        try (Administered one = Administered.start(folder, open())) {
            int threads = 8;
            int[] refused = new int[threads];
            CountDownLatch done = new CountDownLatch(threads);
            for (int t = 0; t < threads; t++) {
                int index = t;
                Thread.ofVirtual().start(() -> {
                    try (Socket socket = new Socket(
                            InetAddress.getLoopbackAddress(),
                            one.admin().address().port())) {
                        for (int i = 0; i < 2000 && refused[index] == 0; i++) {
                            socket.getOutputStream()
                                    .write("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                            refused[index] = answer(socket.getInputStream()).contains(" 429 ") ? 1 : 0;
                        }
                    } catch (IOException e) {
                        refused[index] = -1;
                    } finally {
                        done.countDown();
                    }
                });
            }
            done.await();
            assertThat(refused).contains(1);
        }
    }

    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("closed after " + head);
            }
            head.append((char) b);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + 16;
        in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
        return head.toString();
    }

    @Test
    void theUnixSocketIsForItsOwner() throws Exception {
        try (Administered one = Administered.start(folder, proxy("  listen: \"unix:admin.sock\"\n"))) {
            Path socket = folder.resolve("admin.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            Curled drained = Administered.run(
                    "http://localhost/v1/pools/web/endpoints/127.0.0.1:1/drain",
                    "--unix-socket",
                    socket.toString(),
                    "-H",
                    "Content-Type: application/json",
                    "-d",
                    "{}");
            assertThat(drained.status()).isEqualTo(200);
            JsonNode audit = Administered.run("http://localhost/v1/audit", "--unix-socket", socket.toString())
                    .json()
                    .path("entries");
            assertThat(audit.get(0).path("who").asString("")).isEqualTo(System.getProperty("user.name"));
            assertThat(audit.get(0).path("from").asString("")).isEqualTo("unix socket");

            // A second process doesn't take it from the first.
            assertThatThrownBy(() -> Administered.start(folder, proxy("  listen: \"unix:admin.sock\"\n")))
                    .isInstanceOf(AdminFailure.class)
                    .hasMessageContaining("another process listens there");
        }
        assertThat(folder.resolve("admin.sock")).doesNotExist();
        try (Administered again = Administered.start(folder, proxy("  listen: \"unix:admin.sock\"\n"))) {
            assertThat(again.admin().address()).hasToString("unix:admin.sock");
        }
    }

    @Test
    void withACertificateItSpeaksTlsAndNothingElse() throws Exception {
        Path cert = Authority.selfSigned(folder, "admin", "IP:127.0.0.1");
        String yaml = proxy("  listen: \"0.0.0.0:0\"\n  tls: { cert: admin.pem, key: admin.key }\n" + TOKENS);
        try (Administered one = Administered.start(folder, yaml)) {
            String url = "https://127.0.0.1:" + one.admin().address().port() + "/v1/status";
            assertThat(Administered.run(url, "--cacert", cert.toString(), "-H", READS)
                            .status())
                    .isEqualTo(200);
            assertThat(Administered.run(url, "--cacert", cert.toString()).status())
                    .isEqualTo(401);
            assertThatThrownBy(() -> Administered.run(url.replace("https", "http"), "-H", READS))
                    .isInstanceOf(AssertionError.class);

            // One that can't be used isn't, and a new one is shown without more ado.
            Files.writeString(cert, "nothing");
            Path next = Authority.selfSigned(folder, "next", "IP:127.0.0.1");
            Path key = folder.resolve("admin.key");
            Files.copy(folder.resolve("next.key"), key, StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> Administered.run(url, "--cacert", next.toString(), "-H", READS))
                    .isInstanceOf(AssertionError.class);
            Files.copy(next, cert, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(Duration.ofSeconds(20))
                    .ignoreException(AssertionError.class)
                    .until(() -> Administered.run(url, "--cacert", next.toString(), "-H", READS)
                                    .status()
                            == 200);
        }
        Files.writeString(cert, "nothing");
        assertThatThrownBy(() -> Administered.start(folder, yaml))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContaining("admin.tls");
    }

    @Test
    void aTokenThatCanBeGuessedOrReadFromNowhereIsNone() throws Exception {
        Files.writeString(folder.resolve("eyes"), "short\n");
        assertThatThrownBy(() -> Administered.start(folder, guarded()))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContaining("admin.tokens.eyes.secret")
                .hasMessageContaining("16 characters")
                .hasMessageNotContaining("short");
        Files.delete(folder.resolve("eyes"));
        assertThatThrownBy(() -> Administered.start(folder, guarded())).isInstanceOf(AdminFailure.class);
    }
}
