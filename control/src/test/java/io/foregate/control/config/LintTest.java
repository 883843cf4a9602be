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

    @Test
    void routesThatNobodyGetsToAreWarnings() {
        assertThat(Configs.warnings("""
                        sites:
                          x:
                            routes:
                              /api/*: web
                              "~ ^/api/v[0-9]+/": api
                              "~ ^/apiary": api
                              "~ ^/api/?$": api
                              "~ ^/(api|b)/": api
                              /some/*: { to: web, when: { method: GET } }
                              "~ ^/some/x$": api
                              /beta:
                                - { to: api, when: { header: { X: { present: true } } } }
                                - { to: web, when: { header: { X: { present: false } } } }
                                - { respond: 404 }
                              /gamma:
                                - { to: api, when: { header: { X: { present: true } }, method: GET } }
                                - { to: web, when: { header: { X: { present: false } } } }
                                - { respond: 404 }
                        pools: { web: ["w:1"], api: ["a:1"] }
                        """))
                .containsExactly(
                        "test.yaml:5:7 sites.x.routes.\"~ ^/api/v[0-9]+/\": no request ever gets here: all that the"
                                + " expression can match is below /api/*, and prefixes come before expressions; write /api/* with"
                                + " when:, or move the expression's paths to a prefix of their own",
                        "test.yaml:14:11 sites.x.routes./beta[2]: no request ever gets here: one route takes those with header"
                                + " X and another those without; remove it, or one of the two");
    }

    @Test
    void redirectsToWhereverAClientSaysAreWarnings() {
        String hint = "whoever makes a link to this route chooses the host that it leads to, by what stands in ";
        assertThat(Configs.warnings("""
                        sites:
                          x:
                            routes:
                              /a: { redirect: "https://{query}" }
                              /b: { redirect: "https://example.com{query}" }
                              /c: { redirect: "/{query}" }
                              /d: { redirect: "https://{path}" }
                              /e: { redirect: "https://{host}{uri}" }
                              /f: { redirect: "https://example.com/?{query}" }
                              /g: { redirect: "{uri}" }
                              /h: { redirect: "https://example.com{path}?{query}" }
                              /i: { redirect: "/go?to={query}" }
                        """))
                .hasSize(4)
                .allMatch(warning -> warning.contains(hint))
                .map(warning -> warning.substring(0, warning.indexOf(' ')))
                .containsExactly("test.yaml:4:13", "test.yaml:5:13", "test.yaml:6:13", "test.yaml:7:13");
    }

    @Test
    void trustedProxiesThatAreTooWideAreWarnings() {
        assertThat(Configs.warnings("""
                        listeners:
                          a: { address: ":1", trusted-proxies: ["2000::/3", "fd00::/8", "104.16.0.0/13"] }
                          b: { address: ":2", trusted-proxies: [8.0.0.0/7] }
                          c: { address: ":3" }
                        trusted-proxies: [10.0.0.0/8, 172.16.0.0/12, 127.0.0.0/8, 2400:cb00::/32, "::/0"]
                        sites: { "*": { routes: { /*: { respond: 404 } } } }
                        """))
                .hasSize(3)
                .allMatch(warning -> warning.contains("is more than one's own proxies"))
                .map(warning -> warning.substring(warning.indexOf(": ") + 2, warning.indexOf(" is more")))
                .containsExactly("2000::/3".replace("2000::", "2000:0:0:0:0:0:0:0"), "8.0.0.0/7", "0:0:0:0:0:0:0:0/0");
    }
}
