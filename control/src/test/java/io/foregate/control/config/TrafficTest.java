package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Percent;
import org.junit.jupiter.api.Test;

/** Splits, mirrors and faults, as they are written. */
final class TrafficTest {
    private static final String POOLS = Configs.POOLS;

    private static Config config(String yaml) {
        return Configs.ok(yaml + POOLS).config();
    }

    @Test
    void sharesAloneAreTheShortFormOfASplit() {
        assertThat(config("""
                        sites: { x: { routes: { /*: { split: { web: 99.5%, api: 0.5% } } } } }
                        """)).isEqualTo(config("""
                        sites: { x: { routes: { /*: { split: { pools: { web: 99.5%, api: 0.50% }, by: client } } } } }
                        """));
    }

    @Test
    void percentagesKeepTheirDecimals() throws Exception {
        for (String text : new String[] {"0%", "5%", "0.5%", "99.9999%", "100%"}) {
            assertThat(Percent.parse(text)).hasToString(text);
        }
        assertThat(Percent.parse("10.50%")).hasToString("10.5%");
    }

    @Test
    void whatTheSharesMissIsSaid() {
        assertThat(Configs.mistakes("""
                        sites: { x: { routes: { /*: { split: { web: 95%, api: 4.5% } } } } }
                        """ + POOLS))
                .containsExactly(
                        "test.yaml:1:38 sites.x.routes./*.split: the shares add up to 99.5% (95% + 4.5%), not to 100%;"
                                + " 0.5% are missing");
    }

    @Test
    void aPoolThatIsNotThereIsFoundByItsName() {
        assertThat(Configs.mistakes("""
                        sites: { x: { routes: { /*: { split: { web: 95%, apj: 5% } } } } }
                        """ + POOLS))
                .containsExactly(
                        "test.yaml:1:50 sites.x.routes./*.split.apj: there is no pool \"apj\"; did you mean api?");
    }

    @Test
    void aSplitOfAPolicyAnswersForItsRoutes() {
        assertThat(Configs.explained(Configs.ok("""
                        policies: { canary: { split: { pools: { web: 90%, api: 10% }, by: request, override: X-Pool } } }
                        sites: { x: { routes: { /*: { use: canary } } } }
                        """ + POOLS), "x", "/*"))
                .contains("action = split web 90%, api 10%, by request, override header X-Pool"
                        + " [test.yaml:1:23 policies.canary.split]");
    }

    @Test
    void whatIsOtherwiseWithOnePoolOfASplitIsExplained() {
        assertThat(Configs.explained(Configs.ok("""
                        sites: { x: { routes: { /*: { split: { web: 90%, api: 10% }, timeouts: { idle: 7s } } } } }
                        pools: { web: ["w:1"], api: { servers: ["a:1"], timeouts: { total: 5s, idle: 6s } } }
                        """), "x", "/*"))
                .contains(
                        "timeouts.total = none [default]",
                        "timeouts.total of api = 5s [test.yaml:2:61 pools.api.timeouts.total]",
                        "timeouts.idle = 7s [test.yaml:1:74 sites.x.routes./*.timeouts.idle]")
                .noneMatch(line -> line.startsWith("timeouts.idle of"));
    }

    @Test
    void whatIsHardlyMeantIsAWarning() {
        assertThat(Configs.warnings("""
                        sites:
                          x:
                            routes:
                              /one: { split: { web: 100% } }
                              /none: { split: { web: 100%, api: 0% } }
                              /dark: { split: { pools: { web: 100%, api: 0% }, override: X-Pool } }
                              /blind: { split: { pools: { web: 50%, api: 50% }, by: { cookie: a } }, request-headers: { remove: Cookie } }
                              /twice: { to: web, mirror: web }
                              /local: { respond: 404, mirror: web }
                              /all: { to: web, fault: { abort: 503 } }
                              /late: { to: web, fault: { header: X-Fault, delay: 5s }, timeouts: { total: 2s } }
                        """ + POOLS))
                .containsExactly(
                        "test.yaml:4:15 sites.x.routes./one.split: all requests go to one pool; write to: web",
                        "test.yaml:5:16 sites.x.routes./none.split: pool api gets no request: its share is 0%, and no request"
                                + " can name it; give it a share, or let requests choose with override: {header: X-Pool}",
                        "test.yaml:7:17 sites.x.routes./blind.split: the split never sees Cookie, which is removed before"
                                + " (test.yaml:7:97 sites.x.routes./blind.request-headers.remove); keep the field, or split by"
                                + " something else",
                        "test.yaml:8:26 sites.x.routes./twice.mirror: pool web gets the requests and their copies: what they do"
                                + " is done twice; mirror to another pool",
                        "test.yaml:9:31 sites.x.routes./local.mirror: nothing is mirrored where requests are answered here",
                        "test.yaml:10:24 sites.x.routes./all.fault: every client may meet this fault; add header: X-Fault-Test,"
                                + " so that only requests with that field do",
                        "test.yaml:11:25 sites.x.routes./late.fault: the delay of 5s outlasts the total timeout of 2s"
                                + " (test.yaml:11:76 sites.x.routes./late.timeouts.total)");
    }
}
