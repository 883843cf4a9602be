package io.foregate.control.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Advice concerns what changes, and is silent where it is meant so. */
final class AdviceTest {
    private static List<String> advice(String before, String after) {
        return Plan.of(load(before), load(after)).advice().stream()
                .map(Problem::toString)
                .toList();
    }

    private static Loaded.Ok load(String yaml) {
        if (ConfigLoader.load("test.yaml", yaml) instanceof Loaded.Ok ok) {
            return ok;
        }
        throw new AssertionError(ConfigLoader.load("test.yaml", yaml));
    }

    private static String config(String routes, String pools) {
        return "sites: { x: { routes: { " + routes + " } } }\npools: { " + pools + " }\n";
    }

    @Test
    void whatStaysIsNobodysBusiness() {
        String one = config("/*: web", "web: ['w:1']");
        assertThat(advice(one, one)).isEmpty();
        assertThat(advice(one, one + "logs: { access: off }\n")).isEmpty();
    }

    @Test
    void newPoolsAndRoutesAreLookedAt() {
        assertThat(advice(
                        config("/*: web", "web: ['w:1']"),
                        config("/*: web, /a: api, /b: api", "web: ['w:1'], api: ['a:1']")))
                .containsExactly(
                        "test.yaml:1:34 sites.x.routes./a: requests may bring bodies of any size, here and in 1 more that are"
                                + " new or changed; write limits: { body: 10MB } here or in defaults, or none if that is meant",
                        "test.yaml:2:24 pools.api: nothing checks the servers of pool api: that one is down, or back, is found"
                                + " out by requests; write health: /path or health: { tcp: true }, or health: { tcp: false } if that is meant",
                        "test.yaml:2:24 pools.api: pool api has one server: while that is down or restarts, nobody answers; add"
                                + " another one");
    }

    @Test
    void whoSaysThatItIsMeantHearsNothing() {
        String bodies = "defaults: { limits: { body: none } }\n";
        assertThat(advice(
                        config("/*: web", "web: ['w:1']"),
                        bodies
                                + config(
                                        "/*: web, /a: api",
                                        "web: ['w:1'], api: { servers: ['a:1', 'a:2'], health: { tcp: false } }")))
                .isEmpty();
        assertThat(advice(
                        config("/*: web", "web: ['w:1']"),
                        bodies + config("/*: web, /a: api", "web: ['w:1'], api: ['127.0.0.1:1']")))
                .isEmpty();
    }

    @Test
    void aPoolThatIsLeftWithOneServerIsOne() {
        assertThat(advice(
                        config("/*: web", "web: { servers: ['w:1', 'w:2'], health: { tcp: true } }"),
                        config("/*: web", "web: { servers: ['w:1'], health: { tcp: true } }")))
                .hasSize(1)
                .first()
                .asString()
                .contains("pool web has one server");
    }
}
