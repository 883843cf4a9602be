package io.foregate.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chromium, Foregate with TLS, a Node server that knows HTTP/1.1 only. */
final class BrowserTest {
    @TempDir
    private Path folder;

    /** A browser without a window, which knows no other host and trusts every certificate. */
    private Program browser(String url) throws Exception {
        return Program.start(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--ignore-certificate-errors",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder.resolve("browser"),
                url);
    }

    @Test
    void aPageLoads200ResourcesOverHttp2AndHoldsAWebSocket() throws Exception {
        Path log = folder.resolve("access.log");
        try (Backend backend = Backend.start(Backend.Kind.NODE, folder, 0)) {
            String yaml = """
                    listeners: { main: { address: "127.0.0.1:0", tls: on } }
                    sites: { "*": { tls: internal, https-redirect: off, routes: { /*: web } } }
                    pools: { web: { servers: ["127.0.0.1:%d"] } }
                    logs: { access: { to: "%s" }, error: error }
                    shutdown: 10s
                    """.formatted(backend.port(), log);
            try (Configured foregate = Configured.start(folder, yaml)) {
                Program browser = browser("https://127.0.0.1:" + foregate.port("main") + "/page");
                try (browser) {
                    assertThat(backend.report())
                            .isEqualTo(
                                    "{\"right\":200,\"protocols\":{\"h2\":200},\"page\":\"h2\",\"heard\":100,\"open\":true}");
                    browser.signal("TERM");
                    browser.awaitEnd(Duration.ofSeconds(30));
                }
                // The WebSocket went over HTTP/2, too.
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(lines(log))
                                .anyMatch(line ->
                                        line.contains("\"status\":101") && line.contains("\"protocol\":\"HTTP/2\"")));
            }
        }
    }

    private static List<String> lines(Path log) throws Exception {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }
}
