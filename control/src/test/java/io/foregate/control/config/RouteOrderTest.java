package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The most specific route wins, never the order in the file; a real tie is an error. */
final class RouteOrderTest {
    @Test
    void routesAreOrderedByHowSpecificTheyAre() {
        Loaded.Ok ok = Configs.ok("""
                sites:
                  a:
                    routes:
                      /*: web
                      ~ ^/short: web
                      ~ ^/longer-one: web
                      /api/*: web
                      /api/v1/*:
                        - web
                        - { when: { method: GET, query: { x: 1 } }, to: api }
                        - { when: { method: GET }, to: api }
                      /api: web
                """ + Configs.POOLS);
        List<String> order = Configs.site(ok, "a").routes().stream()
                .map(route -> route.match().path() + " " + route.match().when().count())
                .toList();
        assertThat(order)
                .containsExactly(
                        "/api 0",
                        "/api/v1/* 2",
                        "/api/v1/* 1",
                        "/api/v1/* 0",
                        "/api/* 0",
                        "~ ^/longer-one 0",
                        "~ ^/short 0",
                        "/* 0");
    }

    @Test
    void conditionsThatExcludeEachOtherDoNotTie() {
        assertThat(site("{ method: GET }", "{ method: [POST, PUT] }")).isEmpty();
        assertThat(site("{ header: { X: a } }", "{ header: { x: b } }")).isEmpty();
        assertThat(site("{ header: { X: a } }", "{ header: { x: { regex: '^b' } } }"))
                .isEmpty();
        assertThat(site("{ cookie: { c: { present: false } } }", "{ cookie: { c: v } }"))
                .isEmpty();
        assertThat(site("{ from: 10.0.0.0/8 }", "{ from: [192.168.0.0/16, 'fd00::/8'] }"))
                .isEmpty();
    }

    @Test
    void conditionsThatOneRequestCanFulfilTie() {
        assertThat(site("{ method: GET }", "{ method: [GET, PUT] }")).hasSize(1);
        assertThat(site("{ method: GET }", "{ query: { q: 1 } }")).hasSize(1);
        assertThat(site("{ cookie: { c: v } }", "{ cookie: { C: w } }")).hasSize(1);
        assertThat(site("{ from: 10.0.0.0/8 }", "{ from: 10.1.0.0/16 }")).hasSize(1);
        assertThat(site("{ header: { X: ab } }", "{ header: { x: { regex: '^a' } } }"))
                .hasSize(1);
    }

    @Test
    void keysThatMeanTheSameAreAnError() {
        assertThat(Configs.mistakes(
                        "sites: { a: { routes: { /%41: web, /A: web, '~ ^/x': web, '~^/x': web } } }" + Configs.POOLS))
                .containsExactly(
                        "test.yaml:1:36 sites.a.routes./A: means the same as the key at test.yaml:1:25; keep one of them",
                        "test.yaml:1:59 sites.a.routes.~^/x: means the same as the key at test.yaml:1:45;"
                                + " keep one of them");
    }

    private static List<String> site(String first, String second) {
        String yaml = "sites: { a: { routes: { /: [{ when: " + first + ", to: web }, { when: " + second
                + ", to: api }] } } }" + Configs.POOLS;
        return switch (ConfigLoader.load("test.yaml", yaml)) {
            case Loaded.Ok ok -> List.of();
            case Loaded.Invalid invalid -> Configs.mistakes(yaml);
        };
    }
}
