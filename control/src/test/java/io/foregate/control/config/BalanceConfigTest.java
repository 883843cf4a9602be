package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Name;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What pools say of how their servers are chosen. */
final class BalanceConfigTest {
    @Test
    void shortFormsStandForLongOnes() throws Exception {
        assertThat(explained("balance: peak-ewma")).contains("balance = peak-ewma");
        assertThat(explained("balance: hash")).contains("balance = hash by client");
        assertThat(explained("balance: { hash: path }")).contains("balance = hash by path");
        assertThat(explained("balance: { hash: { header: X-User, bound: 150% } }"))
                .contains("balance = hash by header X-User, bound 150%");
        assertThat(explained("balance: { by: hash, hash: { cookie: user } }"))
                .contains("balance = hash by cookie user");
        assertThat(explained("balance: { hash: { query: user } }")).contains("balance = hash by query parameter user");
        assertThat(explained("sticky: { cookie: srv, ttl: 1h, key: env:STICKY }"))
                .contains("sticky = by cookie srv for 1h, signed with env:STICKY");
    }

    @Test
    void everythingIsExplainedWithItsOrigin() throws Exception {
        assertThat(explained("sticky: { cookie: srv, key: env:K }, slow-start: 30s, panic: 50%, headroom: 20%"))
                .containsSubsequence(
                        "servers = a:1 weight 3 zone x, b:1 priority 2, c:1 backup",
                        "balance = round-robin",
                        "sticky = by cookie srv, signed with env:K",
                        "slow-start = 30s",
                        "panic = 50%",
                        "headroom = 20%",
                        "zone = x");
        assertThat(explained("")).contains("slow-start = none", "panic = 20%", "headroom = 40%");
    }

    @Test
    void mistakesAreSaidWhereTheyAre() {
        assertThat(mistakes("balance: peak-ewm")).singleElement().asString().endsWith("did you mean peak-ewma?");
        assertThat(mistakes("balance: { by: random, hash: path }"))
                .containsExactly(
                        "test.yaml:3:40 pools.web.balance.hash: servers are chosen by random; remove by, or hash");
        assertThat(mistakes("balance: { hash: { header: X-User, query: user } }"))
                .singleElement()
                .asString()
                .contains("pools.web.balance.hash: names more than one key; write one of");
        assertThat(mistakes("balance: { hash: { bound: 125% } }"))
                .singleElement()
                .asString()
                .contains("names no key");
        assertThat(mistakes("balance: { hash: { header: X, bound: 100% } }"))
                .singleElement()
                .asString()
                .contains("100% leaves no room");
        assertThat(mistakes("panic: 120%")).singleElement().asString().contains("120% is more than 100%");
        assertThat(mistakes("panic: 50")).singleElement().asString().endsWith("write 50%");
        assertThat(mistakes("sticky: \"a b\"")).singleElement().asString().contains("is not a cookie name");
        assertThat(mistakes("sticky: { cookie: a, key: secret }"))
                .singleElement()
                .asString()
                .endsWith("a secret doesn't stand in the configuration; write env:NAME or file:path");
        assertThat(mistakes("sticky: { cookie: a, same-site: none, secure: off }"))
                .singleElement()
                .asString()
                .endsWith("write secure: on");
        assertThat(Configs.mistakes("""
                        sites: { x: web }
                        pools: { web: { servers: [{address: "a:1", backup: true, priority: 1}] } }
                        """))
                .singleElement()
                .asString()
                .contains("pools.web.servers[0].backup: a backup has no priority");
    }

    @Test
    void whatIsHardlyMeantIsAWarning() {
        assertThat(Configs.warnings("""
                        sites: { x: web, y: api }
                        pools:
                          web: { servers: [{address: "a:1", zone: x, backup: true}], sticky: srv }
                          api: { like: web }
                        """))
                .hasSize(3)
                .anyMatch(
                        line -> line.contains("pools.web.sticky: clients lose their server when this process restarts"))
                .anyMatch(line -> line.contains("every server is a backup"))
                .anyMatch(line -> line.contains("zones of servers mean nothing without the one of this process"));
        assertThat(Configs.warnings("""
                        process: { zone: y }
                        sites: { x: web }
                        pools: { web: [{address: "a:1", zone: x}] }
                        """)).singleElement().asString().contains("process.zone: no server is in zone y");
    }

    private static List<String> explained(String pool) throws Exception {
        EffectivePool effective = Objects.requireNonNull(
                Configs.ok(yaml(pool)).effective().pools().get(Name.parse("web")));
        return effective.explain().stream()
                .map(line -> line.key() + " = " + line.value())
                .toList();
    }

    private static List<String> mistakes(String pool) {
        return Configs.mistakes(yaml(pool));
    }

    private static String yaml(String pool) {
        return """
                process: { zone: x }
                sites: { x: web }
                pools: { web: { %s%s
                  servers: [{address: "a:1", weight: 3, zone: x}, {address: "b:1", priority: 2}, {address: "c:1", backup: true}] } }
                """.formatted(pool, pool.isEmpty() ? "" : ",");
    }
}
