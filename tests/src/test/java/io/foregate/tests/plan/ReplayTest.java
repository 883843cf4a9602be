package io.foregate.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.model.Name;
import io.foregate.control.plan.Plan;
import io.foregate.control.plan.PlanText;
import io.foregate.control.plan.PlanTree;
import io.foregate.control.plan.Replay;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Source;
import io.foregate.control.rollout.RolloutPlan;
import io.foregate.control.rollout.Rollouts;
import io.foregate.proxy.sample.SampledHead;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Requests come, and a plan says what would have become of them. */
final class ReplayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static String config(String routes, Origin web, Origin api) {
        return "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\n"
                + "admin: { listen: \"unix:admin.sock\" }\nsites: { test: { routes: { " + routes + " } } }\n"
                + "pools: { web: [\"127.0.0.1:" + web.port() + "\"], api: [\"127.0.0.1:" + api.port() + "\"] }\n";
    }

    private static Plan plan(Configured proxy, String yaml) throws InterruptedException {
        Source wanted = new Source(proxy.reloader().inForce().name(), yaml.getBytes(StandardCharsets.UTF_8));
        return switch (proxy.reloader().plan(wanted)) {
            case Result.Planned planned -> planned.plan();
            case Result.Refused refused -> throw new AssertionError(refused);
            case Result.Applied applied -> throw new AssertionError(applied);
        };
    }

    private static Replay replay(Plan plan) {
        return Objects.requireNonNull(plan.replay());
    }

    private static void get(Wire client, String target, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(client.get(target).status()).isBetween(200, 404);
        }
    }

    // What became of the last ones is noted after they have been answered.
    private static List<SampledHead> heads(Configured proxy, int count) throws InterruptedException {
        await().atMost(PATIENCE)
                .until(() -> proxy.foregate().sample().heads().stream()
                                .filter(head -> head.end().status() > 0)
                                .count()
                        == count);
        return proxy.foregate().sample().heads();
    }

    @Test
    void requestsThatWouldGoElsewhereOrNowhereAreCountedAndShown() throws Exception {
        String before = "/*: web, /beta: [web, { to: api, when: { header: { X-Beta: \"1\" } } }]";
        String after =
                "/api/*: api, /beta: [web, { to: api, when: { header: { X-Beta: \"2\" } } }], /new: { redirect: /api/new"
                        + " }, /late: { to: web, when: { query: { v: \"1\" } } }";
        try (Origin web = Origin.saying("web");
                Origin api = Origin.saying("api");
                Configured proxy = Configured.start(folder, config(before, web, api));
                Wire client = proxy.client("main")) {
            get(client, "/api/users?page=2", 3);
            get(client, "/old/hats?page=1&token", 4);
            get(client, "/new", 1);
            get(client, "/late?v=1", 1);
            get(client, "/beta", 2);
            for (String beta : List.of("1", "2")) {
                client.send("GET /beta HTTP/1.1\r\nHost: test\r\nX-Beta: " + beta + "\r\n\r\n");
                assertThat(client.response().status()).isEqualTo(200);
            }
            List<SampledHead> heads = heads(proxy, 13);
            assertThat(heads.getFirst().end().site()).isEqualTo("test");
            assertThat(heads.getFirst().end().route()).isEqualTo("/*");
            assertThat(heads.getFirst().end().status()).isEqualTo(200);

            Plan plan = plan(proxy, config(after, web, api));

            Replay replay = replay(plan);
            assertThat(replay.all()).isEqualTo(new Replay.Count(13, 13));
            assertThat(replay.groups())
                    .extracting(group -> group.count().heads() + " "
                            + group.way().before() + " → " + group.way().after())
                    .containsExactly(
                            "4 to pool web → 404, no route",
                            "1 to pool web → redirect 302 to /api/new",
                            "4 to pool web → to pool api",
                            "1 to pool api → to pool web");
            assertThat(replay.unjudged())
                    .containsExactly(new Replay.Unjudged("query v = 1 isn't kept", new Replay.Count(1, 1)));
            assertThat(replay.same().heads()).isEqualTo(2);
            StringWriter text = new StringWriter();
            new PlanText(new PrintWriter(text), 10).print(plan);
            assertThat(text.toString())
                    .contains(
                            "  of 13 requests of the last ",
                            "  4 (30.8 %) to pool web → 404, no route",
                            "      GET test/old/hats?page… (200)",
                            "  1 (7.7 %) can't be judged: query v = 1 isn't kept");
            var json = JsonMapper.shared()
                    .readTree(JsonMapper.shared().writeValueAsString(PlanTree.of(plan)))
                    .path("replay");
            assertThat(json.path("groups")
                            .get(0)
                            .path("examples")
                            .get(0)
                            .path("request")
                            .asString(""))
                    .isEqualTo("GET test/old/hats?page…");
            assertThat(json.path("requests").asInt(0)).isEqualTo(13);
        }
    }

    @Test
    void whatARolloutLeadsElsewhereCountsOnBothSides() throws Exception {
        try (Origin web = Origin.saying("web");
                Origin api = Origin.saying("api");
                Configured proxy = Configured.start(folder, config("/*: web", web, api));
                Rollouts rollouts = Rollouts.inMemory();
                Wire client = proxy.client("main")) {
            get(client, "/page", 4);
            heads(proxy, 4);
            rollouts.begin(proxy.foregate(), proxy.reloader());
            rollouts.start(
                    RolloutPlan.of(new Name("web"), new RolloutPlan.Wish("api", List.of("25%", "100%"), "1h", "", "")),
                    "test");

            Replay moved = replay(plan(proxy, config("/*: api", web, api)));
            assertThat(moved.groups()).singleElement().satisfies(group -> {
                assertThat(group.way().before() + " → " + group.way().after()).isEqualTo("to pool web → to pool api");
                assertThat(group.way().share()).isEqualTo(0.75);
            });
            Replay split = replay(plan(proxy, config("/*: { split: { web: 80%, api: 20% } }", web, api)));
            // Of the 80 % a quarter goes on to the other pool.
            assertThat(split.groups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.way().share()).isCloseTo(0.15, within(1e-9)));
            assertThat(replay(plan(proxy, config("/*: web, /new: web", web, api)))
                            .same()
                            .heads())
                    .isEqualTo(4);
        }
    }

    @Test
    void aTimeoutBelowWhatRequestsTookIsAdvisedAgainst() throws Exception {
        try (Origin web = Origin.start(wire -> {
                    while (wire.request() != null) {
                        LockSupport.parkNanos(20_000_000);
                        wire.send(Origin.ok("late"));
                    }
                });
                Origin api = Origin.saying("api");
                Configured proxy = Configured.start(folder, config("/*: web", web, api));
                Wire client = proxy.client("main")) {
            get(client, "/report/1", 12);
            heads(proxy, 12);

            String timeouts = "/report/*: { to: web, timeouts: { first-byte: 5ms, total: 10s } }";
            Plan plan = plan(proxy, config("/*: web, " + timeouts, web, api));

            assertThat(plan.advice().stream().map(Problem::toString))
                    .filteredOn(line -> line.contains("timeouts.first-byte"))
                    .singleElement()
                    .asString()
                    .contains("5ms is less than some of its requests took of late")
                    .contains("12 of 12 took longer than 5ms");
            assertThat(plan.advice().stream().map(Problem::toString)).noneMatch(line -> line.contains("total"));
        }
    }

    @Test
    void aSampleOutlivesAChangeAndEndsWhereItIsNotWanted() throws Exception {
        try (Origin web = Origin.saying("web");
                Origin api = Origin.saying("api");
                Configured proxy = Configured.start(folder, config("/*: web", web, api));
                Wire client = proxy.client("main")) {
            get(client, "/a", 5);
            heads(proxy, 5);
            proxy.change(config("/*: api", web, api));
            get(client, "/b", 5);
            heads(proxy, 10);

            Plan back = plan(proxy, config("/*: web", web, api));
            assertThat(replay(back).groups()).hasSize(1);
            assertThat(replay(back).groups().getFirst().count().heads()).isEqualTo(10);
            assertThat(plan(proxy, config("/*: api", web, api)).replay()).isNull();

            proxy.change(config("/*: api", web, api).replace("admin: { ", "admin: { sample: off, "));
            get(client, "/c", 3);
            assertThat(proxy.foregate().sample().heads()).isEmpty();
            assertThat(replay(plan(proxy, config("/*: web", web, api))).sampled())
                    .isFalse();
        }
    }
}
