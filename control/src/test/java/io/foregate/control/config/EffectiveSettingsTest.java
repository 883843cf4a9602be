package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Explained;
import io.foregate.control.config.model.Name;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What applies, and where it came from. */
final class EffectiveSettingsTest {
    @Test
    void theMoreParticularPlaceWins() {
        Loaded.Ok ok = Configs.ok("""
                defaults: { timeouts: { connect: 1s, first-byte: 1s, idle: 1s, total: 1s, tunnel-idle: 1s } }
                pools:
                  web: { servers: ["w:1"], timeouts: { first-byte: 2s, idle: 2s, total: 2s, tunnel-idle: 2s } }
                policies:
                  site-policy: { timeouts: { idle: 3s, total: 3s, tunnel-idle: 3s } }
                  route-policy: { timeouts: { total: 5s, tunnel-idle: 5s } }
                sites:
                  a:
                    use: site-policy
                    timeouts: { total: 4s, tunnel-idle: 4s }
                    routes:
                      /*: { to: web, use: route-policy, timeouts: { tunnel-idle: 6s } }
                """);
        assertThat(Configs.explained(ok, "a", "/*"))
                .contains(
                        "timeouts.connect = 1s [test.yaml:1:25 defaults.timeouts.connect]",
                        "timeouts.first-byte = 2s [test.yaml:3:40 pools.web.timeouts.first-byte]",
                        "timeouts.idle = 3s [test.yaml:5:30 policies.site-policy.timeouts.idle]",
                        "timeouts.total = 5s [test.yaml:6:31 policies.route-policy.timeouts.total]",
                        "timeouts.tunnel-idle = 6s [test.yaml:12:53 sites.a.routes./*.timeouts.tunnel-idle]",
                        "limits.body = none [default]");
    }

    @Test
    void aSiteOverridesThePolicyThatItUsesAndNothingIsLostOfTheRest() {
        Loaded.Ok ok = Configs.ok("""
                policies: { p: { limits: { body: 1MB }, server-header: remove } }
                sites: { a: { use: p, limits: { body: 2MB }, routes: web } }
                """ + Configs.POOLS);
        assertThat(Configs.explained(ok, "a", "/*"))
                .contains(
                        "limits.body = 2MB [test.yaml:2:33 sites.a.limits.body]",
                        "server-header = remove [test.yaml:1:41 policies.p.server-header]");
    }

    @Test
    void headerEditsMergeByName() {
        Loaded.Ok ok = Configs.ok("""
                defaults: { request-headers: { set: { X-A: default, X-B: default }, add: { X-C: default, X-D: default } } }
                policies:
                  one: { request-headers: { set: { x-a: one }, add: { X-D: one } } }
                  two: { request-headers: { remove: [X-C] } }
                sites: { a: { use: one, routes: { /*: { to: web, use: [one, two] } } } }
                """ + Configs.POOLS);
        assertThat(Configs.route(ok, "a", "/*").edits().request().stream()
                        .map(edit -> edit.value().toString()))
                .containsExactly("set x-a: one", "set X-B: default", "remove X-C", "add X-D: default", "add X-D: one");
    }

    @Test
    void policiesThatContradictEachOtherAreAnErrorThatNamesBothLines() {
        String policies = """
                policies:
                  one: { via: on, response-headers: { set: { X-A: one } } }
                  two: { via: off, response-headers: { remove: x-a } }
                """;
        assertThat(Configs.mistakes(
                        policies + "sites: { a: { routes: { /*: { to: web, use: [one, two] } } } }" + Configs.POOLS))
                .containsExactly(
                        "test.yaml:4:51 sites.a.routes./*.use[1]: two policies that are used here contradict each other:"
                                + " test.yaml:2:10 policies.one.via and test.yaml:3:10 policies.two.via;"
                                + " use one of them, or say here what holds",
                        "test.yaml:4:51 sites.a.routes./*.use[1]: two policies that are used here contradict each other:"
                                + " test.yaml:2:46 policies.one.response-headers.set.X-A and"
                                + " test.yaml:3:40 policies.two.response-headers.remove;"
                                + " use one of them, or say here what holds");
        Loaded.Ok settled = Configs.ok(policies + """
                sites:
                  a: { routes: { /*: { to: web, use: [one, two], via: on, response-headers: { set: { X-A: mine } } } } }
                """ + Configs.POOLS);
        assertThat(Configs.explained(settled, "a", "/*"))
                .contains("via = on [test.yaml:5:50 sites.a.routes./*.via]")
                .anyMatch(line -> line.startsWith("response-headers = set X-A: mine"));
    }

    @Test
    void aPolicyMayAnswerButNotBesideAnotherAnswer() {
        String policies = "policies: { closed: { respond: { status: 503, body: closed } } }\n";
        Loaded.Ok ok = Configs.ok(policies + "sites: { a: { use: closed }, b: { routes: { /*: { use: closed } } } }");
        assertThat(Configs.route(ok, "a", "/*").action().value()).hasToString("respond 503");
        assertThat(Configs.route(ok, "b", "/*").action().value()).hasToString("respond 503");
        assertThat(Configs.mistakes(
                        policies + "sites: { a: { routes: { /*: { to: web, use: closed } } } }" + Configs.POOLS))
                .singleElement()
                .asString()
                .contains(
                        "has two answers: to pool web (test.yaml:2:31", "respond 503 (test.yaml:1:23 policies.closed");
    }

    @Test
    void aPoolTakesOverWhatItDoesNotSay() {
        Loaded.Ok ok = Configs.ok("""
                pools:
                  api: { servers: ["a:1"], balance: least-requests, timeouts: { connect: 1s }, host: upstream }
                  api-next: { like: api, servers: ["b:1"], host: pass }
                sites: { a: api, b: api-next }
                """);
        EffectivePool next = Objects.requireNonNull(ok.effective().pools().get(new Name("api-next")));
        assertThat(next.explain())
                .extracting(Explained::key, Explained::value)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("servers", "b:1"),
                        org.assertj.core.groups.Tuple.tuple("balance", "least-requests"),
                        org.assertj.core.groups.Tuple.tuple("host", "pass"));
        assertThat(Configs.explained(ok, "b", "/*"))
                .contains("timeouts.connect = 1s [test.yaml:2:65 pools.api.timeouts.connect]");
    }

    @Test
    void withoutListenersThereIsOneOnPort80OrElse8080() {
        EffectiveListener listener = Configs.ok("sites: { a: web }" + Configs.POOLS)
                .effective()
                .listeners()
                .getFirst();
        assertThat(listener.address().value()).hasToString(":80");
        assertThat(listener.fallback()).hasToString(":8080");
        assertThat(listener.limits().target().value()).hasToString("8KiB");
        assertThat(listener.timeouts().headerRead().value()).hasToString("10s");
    }

    @Test
    void aListenersOwnTrustedProxiesReplaceThoseOfTheFile() {
        Loaded.Ok ok = Configs.ok("""
                trusted-proxies: [10.0.0.0/8]
                listeners: { a: ":1", b: { address: ":2", trusted-proxies: [], limits: { target: 1KiB } } }
                sites: { x: { listeners: b, routes: web }, y: web }
                """ + Configs.POOLS);
        assertThat(ok.effective().listeners().getFirst().trustedProxies().value())
                .hasToString("[10.0.0.0/8]");
        assertThat(ok.effective().listeners().getLast().trustedProxies().value())
                .isEmpty();
        assertThat(ok.effective().listeners().getLast().limits().target().value())
                .hasToString("1KiB");
        assertThat(Configs.site(ok, "x").listeners()).hasToString("[b]");
        assertThat(Configs.site(ok, "y").listeners()).hasToString("[a, b]");
    }
}
