package io.foregate.control.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.control.build.Builds;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.plan.RandomChanges.Asked;
import io.foregate.control.sample.Keeping;
import io.foregate.control.sample.Sample;
import io.foregate.control.sample.SampledRequest;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.sample.HeadSampler;
import io.foregate.proxy.sample.Marks;
import io.foregate.proxy.sample.SampledHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is said of sampled requests is what the tables make of the real ones. */
final class ReplayingTest {
    private static final String ADMIN = "admin: unix:x.sock\n";
    private final Marks marks = Marks.random();

    @Test
    void aCertainJudgementIsRightAndMostAreCertain() throws UnbuildableException {
        Random random = new Random(11);
        int judged = 0;
        int certain = 0;
        int shifted = 0;
        for (int compared = 0; compared < 100; ) {
            String yaml = RandomChanges.random(random);
            String changed = random.nextInt(3) == 0 ? RandomChanges.random(random) : RandomChanges.edited(yaml, random);
            if (!(ConfigLoader.load("a", ADMIN + yaml) instanceof Loaded.Ok running)
                    || !(ConfigLoader.load("b", changed) instanceof Loaded.Ok)) {
                continue;
            }
            compared++;
            Built old = Builds.build(yaml);
            Built now = Builds.build(changed);
            HeadSampler sampler = sampler(running);
            List<Asked> requests = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                requests.add(RandomChanges.asked(random));
                sampler.take(requests.get(i).head(), requests.get(i).client(), record());
            }
            List<SampledHead> heads = Objects.requireNonNull(sampler.copy()).heads();
            for (int i = 0; i < 15; i++) {
                Asked asked = requests.get(i);
                SampledRequest request =
                        Objects.requireNonNull(SampledRequest.of(heads.get(i), marks, new RequestHead()));
                Judgement judgement = Judgement.of(new Side(old).options(request), new Side(now).options(request));
                judged++;
                if (judgement.certain()) {
                    boolean same = RegionsTest.outcome(old, asked).equals(RegionsTest.outcome(now, asked));
                    Supplier<String> about = () -> asked.head() + "\n" + request.kept() + "\n" + yaml + "\n" + changed;
                    assertThat(judgement.shift() == null).as(about).isEqualTo(same);
                    certain++;
                    shifted += same ? 0 : 1;
                }
            }
        }
        assertThat(certain).as("of " + judged).isGreaterThan(judged * 9 / 10);
        assertThat(shifted).isGreaterThan(80);
    }

    @Test
    void aSplitMovesItsShareAndBodiesMeetTheirLimit() throws UnbuildableException {
        String pools = "pools: { web: ['w:1'], api: ['a:1'] }\n";
        String before = "sites: { '*': { routes: { /*: web } } }\n" + pools;
        String after =
                "sites: { '*': { routes: { /*: { split: { web: 75%, api: 25% } }, /up: { to: web, limits: { body:"
                        + " 10B } } } } }\n" + pools;
        HeadSampler sampler = sampler(before);
        take(sampler, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        take(sampler, "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
        take(sampler, "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
        Sample sample = Sample.of(true, List.of(Objects.requireNonNull(sampler.copy())), marks);

        Replay replay =
                Replaying.of(Builds.build(before), Builds.build(after), sample).replay();

        assertThat(replay.all()).isEqualTo(new Replay.Count(3, 3));
        assertThat(replay.groups().stream().map(Replay.Group::way).toList())
                .extracting(Replay.Way::kind, Replay.Way::after, Replay.Way::share)
                .containsExactly(
                        tuple(Replay.Kind.ANSWERED_DIFFERENTLY, "413, its body is beyond the limit of 10B", 1.0),
                        tuple(Replay.Kind.ELSEWHERE, "split web 75%, api 25%, by client", 0.25),
                        tuple(Replay.Kind.TREATED_DIFFERENTLY, "to pool web", 1.0));
        assertThat(replay.unjudged()).isEmpty();
    }

    @Test
    void whatIsKeptTellsOfDelicateValuesOnlyToThoseWhoHaveThem() throws UnbuildableException {
        String when =
                "{ to: api, when: { header: { Authorization: 'Bearer swordfish' }, cookie: { plan: gold }, query: {"
                        + " tier: '1 2' } } }";
        String routes = "sites: { '*': { routes: { /*: [web, %s] } } }\npools: { web: ['w:1'], api: ['a:1'] }\n";
        String before = routes.formatted(when);
        String after = routes.formatted(when.replace("to: api", "respond: 404"));
        HeadSampler sampler = sampler(before);
        String fields = "Host: a\r\nAuthorization: Bearer swordfish\r\nCookie: sid=swordfish; plan=gold\r\n"
                + "X-Api-Key: swordfish\r\nReferer: /swordfish\r\n\r\n";
        take(sampler, "GET /?tier=1+2&password=swordfish&swordfish HTTP/1.1\r\n" + fields);
        take(sampler, "GET /?tier=1+3&password=swordfish HTTP/1.1\r\n" + fields);
        Sample sample = Sample.of(true, List.of(Objects.requireNonNull(sampler.copy())), marks);

        Replay replay =
                Replaying.of(Builds.build(before), Builds.build(after), sample).replay();

        assertThat(sample.toString()).doesNotContain("swordfish").contains("password");
        assertThat(replay.groups()).hasSize(1);
        assertThat(replay.groups().getFirst().way().after()).isEqualTo("respond 404");
        assertThat(replay.groups().getFirst().count().heads()).isEqualTo(1);
        assertThat(replay.same().heads()).isEqualTo(1);
    }

    @Test
    void whatIsNotKnownIsCountedUnlessItComesToTheSame() throws UnbuildableException {
        String routes = "sites: { '*': { routes: { /*: %s } } }\npools: { web: ['w:1'], api: ['a:1'] }\n";
        HeadSampler sampler = sampler(routes.formatted("web"));
        take(sampler, "GET /?v=1 HTTP/1.1\r\nHost: a\r\n\r\n");
        take(sampler, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Sample sample = Sample.of(true, List.of(Objects.requireNonNull(sampler.copy())), marks);
        Built before = Builds.build(routes.formatted("web"));

        Replay unknown = Replaying.of(
                        before,
                        Builds.build(routes.formatted("[web, { to: api, when: { query: { v: '1' } } }]")),
                        sample)
                .replay();
        Replay same = Replaying.of(
                        before,
                        Builds.build(routes.formatted("[web, { to: web, when: { query: { v: '1' } } }]")),
                        sample)
                .replay();

        assertThat(unknown.unjudged())
                .containsExactly(new Replay.Unjudged("query v = 1 isn't kept", new Replay.Count(1, 1)));
        assertThat(unknown.same().heads()).isEqualTo(1);
        assertThat(same.unjudged()).isEmpty();
        assertThat(same.same().heads()).isEqualTo(2);
    }

    // ---- samples ----

    private HeadSampler sampler(String yaml) {
        if (!(ConfigLoader.load("test.yaml", ADMIN + yaml) instanceof Loaded.Ok ok)) {
            throw new AssertionError(ConfigLoader.load("test.yaml", ADMIN + yaml));
        }
        return sampler(ok);
    }

    private HeadSampler sampler(Loaded.Ok running) {
        HeadSampler sampler = new HeadSampler(0);
        sampler.follow(Keeping.of(running, marks, 2));
        return sampler;
    }

    private static void take(HeadSampler sampler, String text) {
        Asked asked = RandomChanges.asked(text, "a", "/");
        sampler.take(asked.head(), asked.client(), record());
    }

    private static AccessRecord record() {
        AccessRecord record = new AccessRecord();
        record.listener = Octets.ascii("http");
        return record;
    }
}
