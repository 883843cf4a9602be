package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 that was agreed upon in the handshake, and listeners that don't speak every version. */
@ExtendWith(NoLeaks.class)
final class OverTlsTest {
    @TempDir
    static Path folder;

    private static Origin origin;
    private static Foregate foregate;
    private static Map<String, Integer> ports;

    @BeforeAll
    static void start() throws Exception {
        origin = Origin.saying("hello");
        String yaml = """
                listeners:
                  all: { address: "127.0.0.1:0", tls: on }
                  older: { address: "127.0.0.1:0", tls: on, protocols: h1 }
                  newer: { address: "127.0.0.1:0", tls: on, protocols: [h2] }
                  plain-older: { address: "127.0.0.1:0", protocols: [h1] }
                  plain-newer: { address: "127.0.0.1:0", protocols: [h2] }
                sites: { "*": { tls: internal, https-redirect: off, routes: { /*: web } } }
                pools: { web: { servers: ["127.0.0.1:%d"] } }
                logs: { access: off, error: error }
                shutdown: 1ms
                """.formatted(origin.port());
        Loaded loaded = ConfigLoader.load("test.yaml", yaml);
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        foregate = Foregate.start((Loaded.Ok) loaded, new Foregate.Settings(2, Transport.preferred(), folder));
        ports = foregate.listeners().stream()
                .collect(Collectors.toMap(
                        Listener::name, listener -> listener.address().getPort()));
    }

    @AfterAll
    static void stop() throws Exception {
        foregate.stop();
        origin.close();
    }

    private static int port(String listener) {
        Integer port = ports.get(listener);
        assertThat(port).isNotNull();
        return port;
    }

    private static String curl(String listener, String scheme, String... options) throws Exception {
        String[] command = new String[options.length + 6];
        command[0] = "curl";
        command[1] = "-sk";
        command[2] = "-m10";
        command[3] = "-w";
        command[4] = " %{http_version}";
        command[5] = scheme + "://127.0.0.1:" + port(listener) + "/";
        System.arraycopy(options, 0, command, 6, options.length);
        try (Program program = Program.start(command)) {
            program.awaitEnd(java.time.Duration.ofSeconds(30));
            return String.join("\n", program.output());
        }
    }

    @Test
    void theClientChooses() throws Exception {
        assertThat(curl("all", "https", "--http2")).isEqualTo("hello 2");
        assertThat(curl("all", "https", "--http1.1")).isEqualTo("hello 1.1");
    }

    @Test
    void aListenerSpeaksItsOwnVersionsOnly() throws Exception {
        assertThat(curl("older", "https", "--http2")).isEqualTo("hello 1.1");
        assertThat(curl("newer", "https", "--http2")).isEqualTo("hello 2");
        assertThat(curl("newer", "https", "--http1.1"))
                .as("no version in common")
                .isEqualTo(" 0");
        assertThat(curl("plain-older", "http")).isEqualTo("hello 1.1");
        assertThat(curl("plain-older", "http", "--http2-prior-knowledge")).doesNotContain("hello");
        assertThat(curl("plain-newer", "http", "--http2-prior-knowledge")).isEqualTo("hello 2");
        assertThat(curl("plain-newer", "http")).doesNotContain("hello");
    }

    @Test
    void h2loadGetsItsAnswers() throws Exception {
        assertThat(Program.run("h2load", "-n", "2000", "-c", "4", "-m", "16", "https://127.0.0.1:" + port("all") + "/"))
                .contains("2000 succeeded, 0 failed, 0 errored");
    }

    @Test
    void h2specFindsNothing() throws Exception {
        H2specTest.passes(
                H2specTest.program(folder).toString(),
                "-t",
                "-k",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port("all")),
                "-o",
                "5");
    }
}
