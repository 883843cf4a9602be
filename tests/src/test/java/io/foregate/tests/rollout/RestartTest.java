package io.foregate.tests.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that dies in the midst of a rollout, and the one that comes after it. */
final class RestartTest {
    @TempDir
    private Path folder;

    @Test
    void theNextProcessGoesOnFromTheFirstRequestOn() throws Exception {
        try (Origin old = Origin.saying("old");
                Origin next = Origin.saying("next")) {
            String yaml = """
                    listeners: { main: "127.0.0.1:0" }
                    sites: { "*": web }
                    pools: { web: ["127.0.0.1:%d"], next: { like: web, servers: ["127.0.0.1:%d"] } }
                    logs: { access: off }
                    admin: unix:admin.sock
                    """.formatted(old.port(), next.port());
            String state = folder.resolve("state").toString();
            try (RealProcess proxy = RealProcess.run(folder, yaml, "--state", state)) {
                proxy.program().awaitError(text -> text.contains("the admin API listens"));
                JsonNode began = rollout("-H", "Content-Type: application/json", "-d", """
                        {"to": "next", "steps": ["99.9999%", "100%"], "every": "1h", "guard": "none", "by": "request"}""");
                assertThat(began.path("share").asString("")).isEqualTo("99.9999%");
                assertThat(proxy.get("/").text()).isEqualTo("next");
                // What is left of the step is written down every few seconds, and that it began at once.
                await().until(() ->
                        Files.readString(folder.resolve("state/rollouts.json")).contains("\"phase\" : \"running\""));
                proxy.program().kill();
            }
            Files.deleteIfExists(folder.resolve("admin.sock"));
            int asked = old.requests();
            try (RealProcess proxy = RealProcess.run(folder, yaml, "--state", state)) {
                assertThat(proxy.get("/").text()).isEqualTo("next");
                proxy.program().awaitError(text -> text.contains("the admin API listens"));
                JsonNode now = rollout();
                assertThat(now.path("phase").asString("")).isEqualTo("running");
                assertThat(now.path("step").asInt(0)).isEqualTo(1);
                assertThat(now.path("author").asString("")).isEqualTo(System.getProperty("user.name"));
                assertThat(now.path("events").toString()).contains("the process has started anew");
                assertThat(proxy.terminate()).isZero();
            }
            assertThat(old.requests()).isEqualTo(asked);
        }
    }

    private JsonNode rollout(String... more) throws Exception {
        String[] command = new String[5 + more.length];
        System.arraycopy(
                new String[] {
                    "curl",
                    "-s",
                    "--unix-socket",
                    folder.resolve("admin.sock").toString(),
                    "http://localhost/v1/rollouts/web"
                },
                0,
                command,
                0,
                5);
        System.arraycopy(more, 0, command, 5, more.length);
        return JsonMapper.shared().readTree(Program.run(command));
    }
}
