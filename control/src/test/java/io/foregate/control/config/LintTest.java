package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What works but is hardly meant is a warning, and the configuration is accepted. */
final class LintTest {
    @Test
    void whatIsNeverUsedIsAWarning() {
        assertThat(Configs.warnings("""
                        listeners: { a: ":1", b: ":2" }
                        policies: { p: { via: off } }
                        sites: { x: { listeners: a, routes: web } }
                        pools: { web: ["w:1"], api: ["a:1"] }
                        """))
                .containsExactly(
                        "test.yaml:1:23 listeners.b: no site is served on this listener; name it in listeners: of a site",
                        "test.yaml:2:13 policies.p: the policy is never used; remove it, or use it",
                        "test.yaml:4:24 pools.api: the pool is never used; remove it, or use it");
    }

    @Test
    void whatHasNoEffectIsAWarning() {
        assertThat(Configs.warnings("""
                        sites:
                          x:
                            routes:
                              /api/*: { to: web, strip-prefix: /v1 }
                              /v1/api/*: { to: web, strip-prefix: /v1 }
                              /b: { to: web, timeouts: { first-byte: 2s, total: 1s } }
                        pools: { web: ["w:1", "w:1"] }
                        """))
                .containsExactly(
                        "test.yaml:4:26 sites.x.routes./api/*.strip-prefix: /v1 is never at the front of a path that /api/*"
                                + " matches",
                        "test.yaml:6:34 sites.x.routes./b.timeouts.first-byte: 2s is never reached: the total timeout is 1s"
                                + " (test.yaml:6:50 sites.x.routes./b.timeouts.total)",
                        "test.yaml:7:23 pools.web[1]: w:1 is in this pool already; to give it more, use weight");
    }

    @Test
    void whatOtherProxiesMeanByItIsAWarning() {
        assertThat(Configs.warnings("""
                        sites:
                          x:
                            hsts: 365d
                            routes:
                              /: web
                              /api/: web
                              /api/*: { to: web, rewrite: /v2/* }
                              /old/: { redirect: "https://$host$request_uri" }
                              /old/*: { redirect: "https://{host}{uri}" }
                        pools: { web: ["w:1"] }
                        """))
                .containsExactly(
                        "test.yaml:3:5 sites.x.hsts: it has no effect: this site has no certificate; add tls: to the site",
                        "test.yaml:5:7 sites.x.routes./: / is for that path alone, and for nothing below it; write /* for all"
                                + " below it",
                        "test.yaml:7:26 sites.x.routes./api/*.rewrite: the * is sent as it is: this is one path; for all below a"
                                + " path write { regex: ^/old/(.*)$, to: /new/$1 }, or strip-prefix",
                        "test.yaml:8:16 sites.x.routes./old/.redirect: $host is sent as it is: no placeholder is written so;"
                                + " there are {scheme}, {host}, {path}, {query} and {uri}");
    }
}
