package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.guard.Guard;
import io.foregate.control.guard.GuardSettings;
import io.foregate.control.reload.Source;
import io.foregate.proxy.worker.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code foregate apply --guard}, by a unix socket. */
final class GuardedApplyTest {
    private static final String BEFORE = """
            listeners: { main: "127.0.0.1:0" }
            sites: { "*": { routes: { /*: { respond: 204 } } } }
            logs: { access: off }
            shutdown: 1ms
            admin: unix:admin.sock
            """;
    private static final String AFTER = BEFORE.replace("204", "205");

    @TempDir
    Path folder;

    private Administered one;

    @BeforeEach
    void start() throws Exception {
        one = Administered.start(folder, BEFORE);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
    }

    private Result run(String... args) {
        return one.run(args);
    }

    private String after() throws IOException {
        return Files.writeString(folder.resolve("new.yaml"), AFTER).toString();
    }

    @Test
    void aTrialIsShownUntilSomebodyTakesItBack() throws Exception {
        Thread other = Thread.ofVirtual().start(() -> {
            Guard guard = one.reloader().guard();
            while (guard == null || !guard.abort("the other one")) {
                Thread.yield();
                guard = one.reloader().guard();
            }
        });

        Result result = run("apply", after(), "--guard", "30s", "--share", "20%");
        other.join();

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("revision 2 is being tried beside revision 1")
                .contains("revision 2 is undone: aborted by the other one")
                .contains("revision 1 stays in force");
        assertThat(run("history").out()).contains("undone");
    }

    @Test
    void whatIsTriedMayBeFinishedEarlyAndNothingElseMayChangeUntilThen() throws Exception {
        String file = after();
        Result none = run("apply", "--finish");
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err() + none.out()).contains("no configuration is being tried");
        Source wanted = Source.of(Path.of(file));
        one.reloader().tryOut(null, wanted, settings(), "test", "");

        Result refused = run("apply", file);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("revision 2 is being tried beside revision 1")
                .contains("--abort");
        assertThat(run("history").out()).contains("trying");
        assertThat(run("status").out())
                .containsPattern("revision 2 is tried beside revision 1: 50 % of clients, [23][0-9] s left; "
                        + "foregate apply --abort ends it");
        JsonNode trial =
                JsonMapper.shared().readTree(run("status", "--json").out()).path("trial");
        assertThat(trial.path("revision").asInt()).isEqualTo(2);
        assertThat(trial.path("against").asInt()).isEqualTo(1);
        assertThat(trial.path("share").asDouble()).isEqualTo(0.5);
        assertThat(trial.path("secondsLeft").asDouble()).isBetween(1.0, 30.0);

        Result finished = run("apply", "--finish");
        assertThat(finished.err()).isEmpty();
        assertThat(finished.code()).isZero();
        assertThat(finished.out()).contains("revision 2 is in force: finished early by ");
        assertThat(Objects.requireNonNull(one.reloader().guard()).state().share())
                .isEqualTo(1);
        assertThat(run("status").out()).contains("revision 2 of").doesNotContain("is tried beside");
        assertThat(JsonMapper.shared()
                        .readTree(run("status", "--json").out())
                        .path("trial")
                        .isNull())
                .isTrue();
    }

    private static GuardSettings settings() {
        return new GuardSettings(Duration.ofSeconds(30), 0.5, Trial.Sticky.CLIENT, Set.of(), false);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        String file = after();
        assertThat(run("apply", file, "--share", "20%").code()).isEqualTo(2);
        assertThat(run("apply", file, "--guard", "30s", "--abort").code()).isEqualTo(2);
        Result large = run("apply", file, "--guard", "30s", "--share", "80%");
        assertThat(large.code()).isEqualTo(1);
        assertThat(large.out() + large.err()).contains("share: write up to 50%");
        assertThat(run("apply", file, "--guard", "1s").err()).contains("time: write 5s to 24h");
        assertThat(run("apply", file, "--guard", "30s", "--allow", "nonsense").err())
                .contains("not-found");
        assertThat(JsonMapper.shared()
                        .readTree(run("status", "--json").out())
                        .path("revision")
                        .asLong(0))
                .isEqualTo(1);
    }
}
