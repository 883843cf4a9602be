package io.foregate.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whole configurations, as users write them. */
final class LoadingTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void theSmallestConfigurationLoads() {
        assertThat(Configs.ok("sites: {\"*\": web}\npools: {web: [\"localhost:3000\"]}")
                        .warnings())
                .isEmpty();
    }

    @Test
    void aFileThatUsesEverythingLoadsWithoutAWarning() {
        Loaded loaded = ConfigLoader.load(Repository.resource("everything.yaml"));
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void everyExampleOfTheGuideLoadsWithoutAWarning() {
        Matcher matcher = EXAMPLE.matcher(Repository.text(Repository.file("docs/configuration.md")));
        List<String> examples = new ArrayList<>();
        while (matcher.find()) {
            examples.add(matcher.group(1));
        }
        assertThat(examples).hasSizeGreaterThan(5);
        for (String example : examples) {
            assertThat(Configs.warnings(example)).as(example).isEmpty();
        }
    }

    @Test
    void theConfigurationBeginsSmallAndGrows() {
        Loaded.Ok small = Configs.ok("""
                sites:
                  app.example.com:
                    routes:
                      /api/*: api
                      /*: { to: web }
                pools:
                  web: [10.0.0.9:3000, 10.0.0.10:3000]
                  api:
                    servers: [10.0.0.1:8080, 10.0.0.2:8080]
                    balance: least-requests
                """);
        assertThat(Configs.route(small, "app.example.com", "/api/*").action().value())
                .hasToString("to pool api");
        Loaded.Ok grown = Configs.ok("""
                listeners:
                  public: { address: ":8443" }
                policies:
                  api-guard:
                    limits: { body: 1MB }
                pools:
                  api:
                    servers: [api.svc.local:8080]
                    retry: { attempts: 2 }
                    timeouts: { connect: 1s, first-byte: 30s, idle: 60s }
                  api-next: { like: api, servers: [10.0.1.7:8080] }
                sites:
                  app.example.com:
                    routes:
                      /api/*: { use: [api-guard], to: api-next }
                """);
        assertThat(Configs.explained(grown, "app.example.com", "/api/*"))
                .contains(
                        "action = to pool api-next [test.yaml:15:35 sites.app.example.com.routes./api/*.to]",
                        "limits.body = 1MB [test.yaml:5:15 policies.api-guard.limits.body]",
                        "timeouts.first-byte = 30s [test.yaml:10:30 pools.api.timeouts.first-byte]");
    }

    @Test
    void tenThousandRoutesLoad() {
        StringBuilder yaml = new StringBuilder("pools: { web: ['w:1'] }\nsites:\n  a:\n    routes:\n");
        for (int i = 0; i < 10_000; i++) {
            yaml.append("      /r").append(i).append("/*: { to: web, timeouts: { idle: 30s } }\n");
        }
        Loaded.Ok loaded = Configs.ok(yaml.append("      /x%41: web\n").toString());
        assertThat(Configs.site(loaded, "a").routes()).hasSize(10_001);
        assertThat(Configs.explained(loaded, "a", "/r9999/*"))
                .contains("timeouts.idle = 30s [test.yaml:10004:40 sites.a.routes./r9999/*.timeouts.idle]");
        assertThat(Configs.explained(loaded, "a", "/xA"))
                .contains("action = to pool web [test.yaml:10005:7 sites.a.routes./x%41]");
    }
}
