package io.foregate.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of application servers under load: no GET may fail as long as one of them lives. */
final class KilledBackendTest {
    @TempDir
    private Path folder;

    private boolean served(Backend backend, long more) throws IOException {
        String endpoint = "\"endpoint\":\"127.0.0.1:" + backend.port() + "\"";
        try (var lines = Files.lines(folder.resolve("access.log"))) {
            return lines.filter(line -> line.contains(endpoint)).limit(more).count() == more;
        }
    }

    private void awaitServed(Backend backend) throws IOException {
        // What it has served before doesn't count.
        Files.writeString(folder.resolve("access.log"), "");
        await().atMost(Duration.ofSeconds(20)).until(() -> served(backend, 100));
    }

    @Test
    void noGetFailsWhenBackendsAreKilledAndComeBack() throws IOException {
        try (var first = Backend.start(Backend.Kind.NODE, folder, 0);
                var second = Backend.start(Backend.Kind.NODE, folder, 0);
                var proxy = RealProcess.run(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites: { "*": web }
                        pools: { web: ["127.0.0.1:%d", "127.0.0.1:%d"] }
                        logs: { access: { format: json, to: access.log } }
                        """.formatted(first.port(), second.port()));
                var load = Program.start("wrk", "-t1", "-c16", "-d90s", "--timeout", "10s", proxy.url("/"))) {
            awaitServed(first);
            first.kill();
            awaitServed(second);
            try (var again = Backend.start(Backend.Kind.NODE, folder, first.port())) {
                // It answers, whether the proxy knows that already or not.
                second.kill();
                awaitServed(again);
                // It then says what it has seen.
                load.signal("INT");
                assertThat(load.awaitEnd(Duration.ofSeconds(60))).isZero();
            }
            assertThat(load.output())
                    .anyMatch(line -> line.contains("requests in"))
                    .noneMatch(line -> line.contains("Non-2xx"))
                    .noneMatch(line -> line.contains("Socket errors"));
            assertThat(proxy.terminate()).isZero();
        }
    }
}
