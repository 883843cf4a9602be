package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.model.Config;
import org.junit.jupiter.api.Test;

/** The long form is the only thing that the code behind the binder sees. */
final class ShortFormsTest {
    @Test
    void shortFormsGrowIntoTheLongForm() {
        assertThat(config("""
                        listeners: { public: ":8080" }
                        policies: { guard: { request-headers: { remove: X-Debug, add: { X-A: 1 } } } }
                        sites:
                          a.example.com: web
                          b.example.com:
                            use: guard
                            routes:
                              /api/*: api
                              /old: { redirect: /new }
                              /gone: { respond: 410 }
                              /beta: { when: { method: GET, header: { X-Beta: 1 }, from: 10.0.0.0/8 }, to: web }
                              /v2: { to: api, rewrite: /api/v2 }
                        pools:
                          web: 10.0.0.9:3000
                          api: { servers: ["10.0.0.1:8080", { address: "10.0.0.2:8080" }], retry: 1 }
                        logs: { access: combined, error: warn }
                        shutdown: 5s
                        """)).isEqualTo(config("""
                        listeners: { public: { address: ":8080" } }
                        policies: { guard: { request-headers: { remove: [X-Debug], add: { X-A: ["1"] } } } }
                        sites:
                          a.example.com: { routes: { /*: [{ to: web }] } }
                          b.example.com:
                            use: [guard]
                            routes:
                              /api/*: [{ to: api }]
                              /old: [{ redirect: { to: /new, status: 302 } }]
                              /gone: [{ respond: { status: 410 } }]
                              /beta:
                                - { when: { method: [GET], header: { x-beta: { is: "1" } }, from: [10.0.0.0/8] }, to: web }
                              /v2: [{ to: api, rewrite: { path: /api/v2 } }]
                        pools:
                          web: { servers: [{ address: "10.0.0.9:3000", weight: 1 }] }
                          api:
                            servers: [{ address: "10.0.0.1:8080", weight: 1 }, { address: "10.0.0.2:8080", weight: 1 }]
                            retry: { attempts: 1 }
                        logs: { access: { format: combined, to: stdout }, error: { level: warn } }
                        shutdown: { grace: 5s }
                        """));
    }

    @Test
    void whatAShortFormStandsForIsReportedAsItWasWritten() {
        assertThat(Configs.mistakes("sites: { a: wbe }\npools: { web: ['w'] }"))
                .containsExactly(
                        "test.yaml:1:13 sites.a: there is no pool \"wbe\"; did you mean web?",
                        "test.yaml:2:16 pools.web[0]: \"w\" has no port; write w:80");
    }

    @Test
    void aValueOfAnotherKeyIsShownInTheLongForm() {
        String expected = "expected one of json, combined, off, found ";
        assertThat(Configs.mistakes(
                        "logs: { access: /var/log/a.log }\nsites: { a: { routes: { /*: { respond: 404 } } } }"))
                .containsExactly(
                        "test.yaml:1:17 logs.access: " + expected + "\"/var/log/a.log\"; write { to: /var/log/a.log }");
        assertThat(Configs.mistakes("logs: { access: stdout }\nsites: { a: { routes: { /*: { respond: 404 } } } }"))
                .containsExactly("test.yaml:1:17 logs.access: " + expected + "\"stdout\"; write { to: stdout }");
        assertThat(Configs.mistakes("logs: { access: yes }\nsites: { a: { routes: { /*: { respond: 404 } } } }"))
                .containsExactly("test.yaml:1:17 logs.access: " + expected + "\"yes\"");
    }

    @Test
    void aliasesAreCopies() {
        assertThat(config("""
                        sites: { a: { routes: { /a: &r { to: web, timeouts: { idle: 1s } }, /b: *r } } }
                        pools: { web: ["w:1"] }
                        """)).isEqualTo(config("""
                        sites:
                          a:
                            routes:
                              /a: { to: web, timeouts: { idle: 1s } }
                              /b: { to: web, timeouts: { idle: 1s } }
                        pools: { web: ["w:1"] }
                        """));
    }

    private static Config config(String yaml) {
        return Configs.ok(yaml).config();
    }
}
