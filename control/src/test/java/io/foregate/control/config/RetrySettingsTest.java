package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is said about retries, where it holds, and what is hardly meant. */
final class RetrySettingsTest {
    @Test
    void whatNothingIsSaidAboutIsSafe() {
        assertThat(Configs.explained(Configs.ok("sites: { a: web }" + Configs.POOLS), "a", "/*"))
                .contains(
                        "retry.attempts = 2 [default]",
                        "retry.on = connect, reset-before-response, timeout [default]",
                        "retry.methods = idempotent [default]",
                        "retry.try-timeout = none [default]",
                        "retry.buffer = 64KiB [default]",
                        "retry.backoff.first = 25ms [default]",
                        "retry.backoff.most = 250ms [default]",
                        "retry.max-retry-after = 2s [default]",
                        "retry.budget.share = 20% [default]",
                        "retry.budget.min-per-second = 10 [default]",
                        "retry.hedge = off [default]");
    }

    @Test
    void theMoreParticularPlaceWinsKeyByKey() {
        Loaded.Ok ok = Configs.ok("""
                defaults: { retry: { budget: 50%, backoff: 10ms } }
                pools:
                  base: { servers: ["w:1"], retry: { attempts: 1, budget: { min-per-second: 3 } } }
                  web: { like: base, retry: { try-timeout: 2s } }
                policies: { eager: { retry: { hedge: 50ms } } }
                sites:
                  a:
                    retry: { methods: any }
                    routes: { /*: { to: web, use: eager, retry: 4 } }
                  b: base
                """);
        assertThat(Configs.explained(ok, "a", "/*"))
                .contains(
                        "retry.attempts = 4 [test.yaml:9:42 sites.a.routes./*.retry]",
                        "retry.methods = any [test.yaml:8:14 sites.a.retry.methods]",
                        "retry.try-timeout = 2s [test.yaml:4:31 pools.web.retry.try-timeout]",
                        "retry.backoff.first = 10ms [test.yaml:1:35 defaults.retry.backoff]",
                        "retry.budget.share = 50% [test.yaml:1:22 defaults.retry.budget]",
                        "retry.budget.min-per-second = 3 [test.yaml:3:61 pools.base.retry.budget.min-per-second]",
                        "retry.hedge = 50ms [test.yaml:5:31 policies.eager.retry.hedge]");
        assertThat(Configs.explained(ok, "b", "/*")).contains("retry.try-timeout = none [default]");
    }

    @Test
    void whatIsHardlyMeantIsAWarning() {
        assertThat(Configs.warnings("""
                        sites:
                          a:
                            routes:
                              /a: { to: web, retry: { on: [503] } }
                              /b: { to: web, retry: { on: [connect, timeout] } }
                              /c: { to: web, retry: { on: connect, try-timeout: 1s } }
                              /d: { to: web, retry: { try-timeout: 9s }, timeouts: { first-byte: 5s } }
                              /e: { to: web, retry: { on: [connect, grpc-unavailable] } }
                              /f: { to: web, retry: { on: [connect, grpc-unavailable], methods: any } }
                              /*: api
                        pools: { web: ["w:1"], api: ["a:1"] }
                        """))
                .containsExactly(
                        "test.yaml:4:31 sites.a.routes./a.retry.on: without connect, requests fail that no server has seen;"
                                + " add connect to the list, which replaces the built-in one",
                        "test.yaml:5:31 sites.a.routes./b.retry.on: there is no try-timeout, so timeout never happens;"
                                + " add try-timeout: 2s",
                        "test.yaml:6:44 sites.a.routes./c.retry.try-timeout: it does nothing, as timeout isn't in on:"
                                + " (test.yaml:6:31 sites.a.routes./c.retry.on)",
                        "test.yaml:7:31 sites.a.routes./d.retry.try-timeout: 9s is never reached: timeouts.first-byte is 5s"
                                + " (test.yaml:7:62 sites.a.routes./d.timeouts.first-byte)",
                        "test.yaml:8:31 sites.a.routes./e.retry.on: calls of gRPC are POST requests, which aren't sent"
                                + " twice; add methods: any, if the calls of this route may be repeated");
    }

    @Test
    void twoPoliciesMayNotSayDifferentThings() {
        assertThat(Configs.mistakes("""
                        policies: { one: { retry: 1 }, two: { retry: 3 } }
                        sites: { a: { use: [one, two], routes: web } }
                        """ + Configs.POOLS))
                .singleElement()
                .asString()
                .contains("contradict each other");
    }
}
