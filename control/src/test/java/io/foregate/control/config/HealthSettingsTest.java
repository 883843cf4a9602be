package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Explained;
import io.foregate.control.config.model.Name;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How the health of pools is written, what it stands for, and which mistakes are found. */
final class HealthSettingsTest {
    private static final String SITES = "sites: { \"*\": web }\n";

    private static List<String> explained(String yaml, String pool) {
        EffectivePool effective = Objects.requireNonNull(
                Configs.ok(SITES + yaml).effective().pools().get(new Name(pool)));
        return effective.explain().stream()
                .filter(line -> line.key().startsWith("health"))
                .map(line -> line.key() + " = " + line.value() + origin(line))
                .toList();
    }

    private static String origin(Explained line) {
        return line.origin().isDefault() ? "" : " [" + line.origin().path() + "]";
    }

    @Test
    void requestsAreJudgedAndNothingIsCheckedWhereNothingIsSaid() {
        assertThat(explained("pools: { web: [\"w:1\"] }", "web"))
                .containsExactly(
                        "health = none",
                        "health.passive = on",
                        "health.passive.on = reset, timeout, 500, 502-504",
                        "health.passive.failures = 5",
                        "health.passive.rate = 50%",
                        "health.passive.window = 10s",
                        "health.passive.min-requests = 20",
                        "health.passive.ejection = 10s",
                        "health.passive.longest = 5m",
                        "health.passive.share = 50%");
    }

    @Test
    void aPathIsEnough() {
        assertThat(explained("pools: { web: { servers: [\"w:1\"], health: /healthz } }", "web"))
                .startsWith(
                        "health = GET /healthz with status 200-399 [pools.web.health]",
                        "health.interval = 5s",
                        "health.timeout = 2s",
                        "health.rise = 2",
                        "health.fall = 3",
                        "health.unchecked = serve",
                        "health.passive = on");
    }

    @Test
    void everythingCanBeSaid() {
        assertThat(explained("""
                        pools:
                          web:
                            servers: ["https://w:1"]
                            health:
                              http: { path: "/a?b", method: POST, host: x.internal, status: [2xx, 401], body: fine }
                              interval: 1m
                              timeout: 500ms
                              rise: 1
                              fall: 7
                              port: 9000
                              tls: false
                              unchecked: wait
                              passive: { on: [reset, 5xx], failures: 0, rate: 12.5%, share: 0% }
                        """, "web"))
                .contains(
                        "health = POST /a?b as x.internal with status 200-299, 401 and a body that contains \"fine\""
                                + " [pools.web.health.http]",
                        "health.port = 9000 [pools.web.health.port]",
                        "health.tls = false [pools.web.health.tls]",
                        "health.unchecked = wait [pools.web.health.unchecked]",
                        "health.passive.on = reset, 500-599 [pools.web.health.passive.on]",
                        "health.passive.rate = 12.5% [pools.web.health.passive.rate]");
    }

    @Test
    void aPoolThatIsLikeAnotherTakesOverWhatItDoesNotSay() {
        String base = """
                pools:
                  base: { servers: ["w:1"], health: { http: /healthz, interval: 1s, passive: off } }
                """;
        assertThat(explained(base + "  web: { like: base, health: { fall: 1 } }", "web"))
                .contains(
                        "health = GET /healthz with status 200-399 [pools.base.health.http]",
                        "health.interval = 1s [pools.base.health.interval]",
                        "health.fall = 1 [pools.web.health.fall]",
                        "health.passive = off [pools.base.health.passive]");
        assertThat(explained(base + "  web: { like: base, health: { grpc: shop.Orders, passive: on } }", "web"))
                .contains(
                        "health = grpc shop.Orders [pools.web.health.grpc]",
                        "health.interval = 1s [pools.base.health.interval]",
                        "health.passive = on [pools.web.health.passive]");
        assertThat(explained(base + "  web: { like: base, health: { tcp: false } }", "web"))
                .first()
                .isEqualTo("health = none [pools.web.health.tcp]");
    }

    @Test
    void mistakesAreFoundWhereTheyAre() {
        assertMistake(
                "{ http: /a, tcp: true }",
                "tcp: the servers of a pool are checked in one way, and there is http already; keep one of them");
        assertMistake(
                "{ interval: 5s }",
                "interval: nothing is checked; add http:, tcp: or grpc:, such as { http: /healthz }");
        assertMistake("healthz", "\"healthz\" is not a path; paths begin with /");
        assertMistake("tcp", "\"tcp\" is not a path; for checks by connections write { tcp: true }");
        assertMistake(
                "{ http: { path: /, status: ok } }", "\"ok\" is not a status; write for example 200, 200-399 or 2xx");
        assertMistake("{ http: { path: /, status: 300-200 } }", "300-200 goes backwards; write 200-300");
        assertMistake("{ http: { path: /, method: HEAD, body: x } }", "answers to HEAD have no body; use GET");
        assertMistake(
                "{ tcp: true, interval: 1ms }", "checks would come more often than every 100ms; write 100ms or more");
        assertMistake("{ tcp: true, timeout: none }", "it can't be none; write a duration such as 5s");
        assertMistake(
                "{ tcp: true, tls: true }",
                "no TLS is spoken to these servers, so it isn't known whom to trust; write the servers with https://");
        assertMistake("{ tcp: true, port: 0 }", "0 is outside 1–65535");
        assertMistake(
                "{ passive: { on: connect } }",
                "failed connections always count; leave it out: a server that can't be reached rests at once");
        assertMistake("{ passive: { on: 200 } }", "200 is no failure; statuses from 400 on are");
        assertMistake("{ passive: { rate: 50 } }", "\"50\" is not a percentage; write 50%");
        assertMistake("{ passive: { rate: 101% } }", "101% is more than all; write 100% for all");
        assertMistake("{ passive: { window: 1h } }", "1h is more than 10m");
        assertMistake("{ passive: { longest: 1s } }", "the longest ejection (1s) is shorter than the first (10s)");
        assertMistake("{ passive: false }", "found \"false\"; did you mean off?");
    }

    private static void assertMistake(String health, String said) {
        assertThat(Configs.mistakes(SITES + "pools: { web: { servers: [\"w:1\"], health: " + health + " } }"))
                .as(health)
                .singleElement()
                .asString()
                .startsWith("test.yaml:2:")
                .endsWith(said);
    }
}
