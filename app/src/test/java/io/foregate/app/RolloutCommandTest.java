package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The commands of rollouts against a process. */
final class RolloutCommandTest {
    private static final String CONFIG = """
            listeners: { main: "127.0.0.1:0" }
            sites: { "*": web }
            pools: { web: ["127.0.0.1:1"], web-next: { like: web, servers: ["127.0.0.1:2"] } }
            logs: { access: off }
            shutdown: 1s
            admin: unix:admin.sock
            """;

    @TempDir
    Path folder;

    private Administered one;

    @BeforeEach
    void start() throws Exception {
        one = Administered.start(folder, CONFIG);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
    }

    private Result run(String... args) {
        List<String> all = new ArrayList<>(List.of("rollout"));
        all.addAll(List.of(args));
        return one.run(all.toArray(new String[0]));
    }

    @Test
    void aRolloutBeginsIsLookedAtPausedAndAborted() {
        assertThat(run().out()).isEqualTo("there are no rollouts\n");
        Result began = run("web", "--to", "web-next", "--steps", "5%,25%,100%", "--guard", "errors < 0.5%");

        assertThat(began.err()).isEmpty();
        assertThat(began.code()).isZero();
        assertThat(began.out()).isEqualTo("""
                the rollout of pool web to web-next has begun: 5%
                  steps        5%, 25%, 100%, each for 2m
                  guard        errors < 0.5%; a step needs 200 requests
                  how it goes  foregate rollout status web
                  back to 0%   foregate rollout abort web
                """);
        assertThat(run("status").out())
                .startsWith("web to web-next: running, 5%, step 1 of 3, ")
                .contains("0 requests in this step, of 200 that it needs");
        assertThat(Result.of("status", "--admin", one.socket()).out())
                .contains("rollout of web to web-next: running, 5%");
        assertThat(run("pause", "web").out()).startsWith("web to web-next: paused, 5%, step 1 of 3");
        assertThat(run("pause", "web").err()).contains("it is paused already");
        assertThat(run("finish", "web").out()).startsWith("web to web-next: running, 100%, step 3 of 3");
        assertThat(run("abort", "web").out())
                .startsWith("web to web-next: aborted\n  back to 0% from 100%: aborted by ");
        Result after = run("status", "web");
        assertThat(after.code()).isEqualTo(1);
        assertThat(after.out()).contains("step 1 of 3: 5%").contains("paused by ");
    }

    @Test
    void whatCantBeIsSaid() {
        assertThat(run("web", "--to", "web-nxt").err())
                .contains("the configuration has no pool web-nxt; did you mean web-next?");
        assertThat(run("web").err()).contains("--to is missing: foregate rollout web --to POOL");
        assertThat(run("web").code()).isEqualTo(2);
        Result guard = run("web", "--to", "web-next", "--guard", "erors < 1%");
        assertThat(guard.code()).isEqualTo(1);
        assertThat(guard.err()).contains("at column 1: erors can't be measured: did you mean errors?");
        assertThat(run("web", "--to", "web-next", "--by", "moon").err()).contains("write client, request, header:NAME");
        assertThat(run("abort", "web").err()).contains("there is no rollout of pool web");
        assertThat(run("status", "web").code()).isEqualTo(1);
    }

    @Test
    void waitingForAGreenOneEndsWithIt() {
        Result done =
                run("web", "--to", "web-next", "--steps", "100%", "--every", "200ms", "--guard", "none", "--wait");

        assertThat(done.code()).isZero();
        assertThat(done.out())
                .contains("  step 1 of 1: 100%\n")
                .contains("for good; the configuration has yet to say so");
        String json = run("status", "web", "--json").out();
        assertThat(JsonMapper.shared().readTree(json).path("phase").asString(""))
                .isEqualTo("done");
        assertThat(Result.of("explain", "GET", "http://a/", "--admin", one.socket())
                        .out())
                .contains("web-next: 127.0.0.1:2")
                .contains("by the rollout of pool web, which the route names");
        assertThat(run("status").out()).contains("give pool web the servers of web-next: [\"127.0.0.1:2\"]");
    }
}
