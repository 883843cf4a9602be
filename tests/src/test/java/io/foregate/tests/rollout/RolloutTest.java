package io.foregate.tests.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.model.Name;
import io.foregate.control.rollout.Progress.Phase;
import io.foregate.control.rollout.RolloutPlan;
import io.foregate.control.rollout.RolloutRefused;
import io.foregate.control.rollout.RolloutView;
import io.foregate.control.rollout.Rollouts;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
final class RolloutTest {
    private static final Name WEB = new Name("web");
    private static final String LONG = "1h";

    @TempDir
    private Path folder;

    private Origin old;
    private Origin next;
    private Configured foregate;
    private Rollouts rollouts;
    private Wire client;

    @BeforeEach
    void start() throws Exception {
        old = Origin.saying("old");
        next = Origin.saying("next");
        begin(yaml("/*: web"));
    }

    private void begin(String yaml) throws Exception {
        foregate = Configured.start(folder, yaml);
        rollouts = Rollouts.inMemory();
        rollouts.begin(foregate.foregate(), foregate.reloader());
        client = foregate.client("main");
    }

    private void beginAnew(String yaml) throws Exception {
        client.close();
        rollouts.close();
        foregate.close();
        begin(yaml);
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        rollouts.close();
        foregate.close();
        old.close();
        next.close();
    }

    private String yaml(String routes) {
        return """
                listeners: { main: "127.0.0.1:0" }
                trusted-proxies: [127.0.0.0/8]
                sites: { "*": { routes: { %s } } }
                pools:
                  web: { servers: ["127.0.0.1:%d"] }
                  next: { like: web, servers: ["127.0.0.1:%d"] }
                  dark: ["127.0.0.1:1"]
                logs: { access: off, error: error }
                """.formatted(routes, old.port(), next.port());
    }

    private RolloutView begin(String to, String steps, String every, String guard) throws RolloutRefused {
        return rollouts.start(
                RolloutPlan.of(WEB, new RolloutPlan.Wish(to, List.of(steps.split(",")), every, guard, "")), "test");
    }

    private RolloutView now() {
        return Objects.requireNonNull(rollouts.of(WEB));
    }

    private String ask(int user) throws IOException {
        return ask("/", "X-Forwarded-For: 10.1." + user / 200 + "." + user % 200);
    }

    private String ask(String target, String fields) throws IOException {
        client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n\r\n");
        Message answer = client.response();
        return answer.status() + " " + answer.text();
    }

    private Set<Integer> onNext(int users) throws IOException {
        Set<Integer> found = new HashSet<>();
        for (int user = 0; user < users; user++) {
            if (ask(user).equals("200 next")) {
                found.add(user);
            }
        }
        return found;
    }

    private void awaitPhase(Phase phase) {
        await().until(() -> {
            onNext(100);
            return now().progress().phase() == phase;
        });
    }

    @Test
    void clientsStayWithTheirPoolAndNobodyComesBackAsTheShareGrows() throws Exception {
        begin("next", "20%,60%,100%", LONG, "none");
        Set<Integer> some = onNext(400);
        assertThat(some).hasSizeBetween(80 - 48, 80 + 48);
        assertThat(onNext(400)).isEqualTo(some);

        // A process of another share, in which the same clients come first.
        beginAnew(yaml("/*: web"));
        begin("next", "60%,100%", LONG, "none");
        Set<Integer> more = onNext(400);
        assertThat(more).hasSizeBetween(240 - 59, 240 + 59).containsAll(some);

        rollouts.finish(WEB, "test");
        assertThat(onNext(400)).hasSize(400);
        rollouts.abort(WEB, "test");
        assertThat(onNext(400)).isEmpty();
    }

    @Test
    void stepsGoThroughAndTheConfigurationHasTheLastWord() throws Exception {
        begin("next", "50%,100%", "200ms", "errors < 10% and p99 < 20s");
        awaitPhase(Phase.DONE);

        assertThat(now().events().stream().map(RolloutView.Event::text))
                .contains("step 1 of 2: 50%", "step 2 of 2: 100%");
        assertThat(now().advice()).contains("give pool web the servers of next: [\"127.0.0.1:" + next.port() + "\"]");
        assertThat(onNext(50)).hasSize(50);
        // Another change leaves it alone.
        foregate.change(yaml("/*: web, /x: { redirect: /y }"));
        assertThat(onNext(50)).hasSize(50);
        assertThat(now().progress().phase()).isEqualTo(Phase.DONE);

        foregate.change(yaml("/*: next"));
        assertThat(now().progress().phase()).isEqualTo(Phase.ENDED);
        assertThat(now().progress().note()).contains("no route sends requests to pool web");
        assertThat(onNext(50)).hasSize(50);
    }

    @Test
    void aBrokenGuardTakesEverythingBackAndSaysWhy() throws Exception {
        next.close();
        try (Origin bad = Origin.start(connection -> {
            while (connection.request() != null) {
                connection.send("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
            }
        })) {
            foregate.change(yaml("/*: web").replace(":" + next.port(), ":" + bad.port()));
            begin("next", "50%,100%", LONG, "errors < 0.5% and p99 < 20s");
            int user = 0;
            while (now().progress().phase() == Phase.RUNNING) {
                ask(user++ % 200);
            }

            assertThat(now().progress().phase()).isEqualTo(Phase.ROLLED_BACK);
            assertThat(now().progress().note())
                    .matches("back to 0% from 50%: errors < 0.5% is broken: 100% \\(([0-9]+) of \\1 requests\\)");
            int harmed = bad.requests();
            assertThat(onNext(200)).isEmpty();
            assertThat(bad.requests()).isEqualTo(harmed);
        }
    }

    @Test
    void aStepWithTooFewRequestsGoesOnUntilThereAreEnough() throws Exception {
        begin("next", "1%,100%", "100ms", "errors < 1%");
        await().until(() -> now().progress().note().equals("the step goes on until there are 100 requests"));
        assertThat(now().progress().step()).isZero();

        rollouts.finish(WEB, "test");
        assertThat(ask(1)).isEqualTo("200 next");
        awaitPhase(Phase.DONE);
    }

    @Test
    void aPauseKeepsTheShareAndTheGuard() throws Exception {
        begin("next", "30%,100%", "100ms", "none");
        rollouts.pause(WEB, "test");
        Set<Integer> some = onNext(200);
        assertThat(now().progress().phase()).isEqualTo(Phase.PAUSED);
        assertThatThrownBy(() -> rollouts.pause(WEB, "test")).hasMessageContaining("paused already");

        rollouts.resume(WEB, "test");
        await().until(() -> now().progress().phase() == Phase.DONE);
        assertThat(onNext(200)).hasSize(200).containsAll(some);
    }

    @Test
    void aSplitGoesOnBesideARollout() throws Exception {
        beginAnew(yaml("/*: { split: { pools: { web: 50%, dark: 50% }, by: { header: X-User }, override: X-Pool } }")
                .replace("override: X-Pool", "override: { header: X-Pool }"));
        Set<Integer> onWeb = new HashSet<>();
        for (int user = 0; user < 200; user++) {
            if (ask("/", "X-User: " + user).equals("200 old")) {
                onWeb.add(user);
            }
        }
        begin("next", "50%,100%", LONG, "none");
        rollouts.finish(WEB, "test");
        for (int user = 0; user < 200; user++) {
            assertThat(ask("/", "X-User: " + user).equals("200 next")).isEqualTo(onWeb.contains(user));
        }
    }

    @Test
    void theNewPoolGetsTheHostThatItIsToGet() throws Exception {
        try (Origin telling = Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                connection.send(Origin.ok(String.valueOf(request.field("Host"))));
            }
        })) {
            String both = yaml("/*: web")
                    .replace(":" + old.port() + "\"]", ":" + telling.port() + "\"], host: old.internal")
                    .replace(":" + next.port() + "\"]", ":" + telling.port() + "\"], host: pass");
            beginAnew(both);
            assertThat(ask(1)).isEqualTo("200 old.internal");
            begin("next", "100%", LONG, "none");
            assertThat(ask(1)).isEqualTo("200 test");
            foregate.change(both.replace("host: pass", "host: next.internal"));
            assertThat(ask(1)).isEqualTo("200 next.internal");
        }
    }

    @Test
    void aPoolThatGoesEndsIt() throws Exception {
        begin("next", "100%", LONG, "none");
        assertThat(ask(1)).isEqualTo("200 next");

        foregate.change(yaml("/*: web").replace("next:", "other:"));

        assertThat(ask(1)).isEqualTo("200 old");
        assertThat(now().progress().phase()).isEqualTo(Phase.ENDED);
        assertThat(now().progress().note())
                .isEqualTo(
                        "ended at 100%, requests go where the configuration says: the configuration has no pool next");
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        assertThatThrownBy(() -> begin("nex", "100%", LONG, "none"))
                .hasMessage("the configuration has no pool nex; did you mean next?");
        assertThatThrownBy(() -> begin("web", "100%", LONG, "none")).hasMessage("both pools are web");
        assertThatThrownBy(() -> begin("next", "5%,50%", LONG, "none")).hasMessageContaining("has to be 100%");
        assertThatThrownBy(() -> begin("next", "50%,5%", LONG, "none")).hasMessageContaining("isn't more than 50%");
        assertThatThrownBy(() -> begin("next", "100%", "soon", "none")).hasMessageContaining("is not a duration");
        assertThatThrownBy(() -> rollouts.abort(WEB, "test")).hasMessage("there is no rollout of pool web");
        begin("next", "100%", LONG, "none");
        assertThatThrownBy(() -> begin("dark", "100%", LONG, "none"))
                .hasMessageStartingWith("there is a rollout of pool web to next already, at 100%");
        assertThatThrownBy(() -> rollouts.start(
                        RolloutPlan.of(new Name("next"), new RolloutPlan.Wish("dark", List.of(), "", "", "")), "test"))
                .hasMessageStartingWith("there is nothing to roll out: no route sends requests to pool next");
    }
}
