package io.foregate.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.admin.Administered.Curled;
import io.foregate.tests.support.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API says and does. */
final class ResourcesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private static String says(String text, String more) {
        return "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\nadmin: \"127.0.0.1:0\"\n"
                + "sites: { \"*\": { routes: { /*: { respond: { body: \"" + text + "\" } } " + more + "} } }\n";
    }

    private static String text(String yaml) {
        return JsonMapper.shared().writeValueAsString(Map.of("text", yaml, "message", "a reason"));
    }

    @Test
    void statusTellsWhatRuns() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            Curled status = one.curl("/v1/status");

            assertThat(status.status()).isEqualTo(200);
            assertThat(status.head()).contains("application/json").containsIgnoringCase("cache-control: no-store");
            assertThat(status.json().path("version").asString("")).isEqualTo("test");
            assertThat(status.json().path("state").asString("")).isEqualTo("serving");
            assertThat(status.json().path("revision").asInt(0)).isEqualTo(1);
            assertThat(status.json().path("listeners").get(0).path("address").asString(""))
                    .isEqualTo("127.0.0.1:" + one.proxy().port("main"));
            assertThat(one.curl("/live").status()).isEqualTo(200);
            assertThat(one.curl("/ready").status()).isEqualTo(200);
            assertThat(one.curl("/v1/certificates").json().path("certificates").isEmpty())
                    .isTrue();
            assertThat(one.curl("/v1/defences")
                            .json()
                            .path("defences")
                            .path("slow_head")
                            .isNumber())
                    .isTrue();
            assertThat(one.curl("/v1/nothing").status()).isEqualTo(404);
            assertThat(one.curl("/v1/status", "-X", "DELETE").status()).isEqualTo(405);
            assertThat(one.curl("/v1/status?what=1").error()).contains("what");
        }
    }

    @Test
    void aConfigurationIsReplacedOnlyWhereItIsTheOneThatWasSeen() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            Curled before = one.curl("/v1/config");
            assertThat(before.head()).containsIgnoringCase("etag: \"1\"");
            assertThat(before.json().path("text").asString("")).isEqualTo(says("one", ""));
            assertThat(one.curl("/v1/config/sites/*/routes/%2F*/respond/body")
                            .json()
                            .path("config")
                            .asString(""))
                    .isEqualTo("one");
            assertThat(one.curl("/v1/config/pools/none").status()).isEqualTo(404);

            Curled blind = one.post("/v1/config", text(says("two", "")), "-X", "PUT");
            Curled applied = one.post("/v1/config", text(says("two", "")), "-X", "PUT", "-H", "If-Match: \"1\"");
            Curled late = one.post("/v1/config", text(says("three", "")), "-X", "PUT", "-H", "If-Match: \"1\"");

            assertThat(blind.status()).isEqualTo(428);
            assertThat(applied.status()).as(applied.body()).isEqualTo(200);
            assertThat(applied.head()).containsIgnoringCase("etag: \"2\"");
            assertThat(applied.json().path("changes").get(0).path("name").asString(""))
                    .isEqualTo("* /*");
            assertThat(late.status()).isEqualTo(412);
            assertThat(one.proxy().get("main", "/").text()).isEqualTo("two");
        }
    }

    @Test
    void aBrokenConfigurationChangesNothingAndAllOfItsMistakesAreNamed() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            Curled refused =
                    one.post("/v1/config", text(says("two", "") + "poolz: {}\nsitez: {}\n"), "-H", "If-Match: *");

            assertThat(refused.status()).isEqualTo(422);
            JsonNode problems = refused.json().path("problems");
            assertThat(problems.size()).isEqualTo(2);
            assertThat(problems.get(0).path("line").asInt(0)).isEqualTo(6);
            assertThat(problems.get(0).path("column").asInt(0)).isEqualTo(1);
            assertThat(problems.get(0).path("file").asString("")).endsWith("foregate.yaml");
            assertThat(one.proxy().get("main", "/").text()).isEqualTo("one");
        }
    }

    @Test
    void aTreeIsAConfigurationToo() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            String tree =
                    one.curl("/v1/config").json().path("config").toString().replace("\"one\"", "\"tree\"");

            Curled applied = one.post("/v1/config", "{\"config\": " + tree + "}", "-H", "If-Match: \"1\"");

            assertThat(applied.status()).as(applied.body()).isEqualTo(200);
            assertThat(one.proxy().get("main", "/").text()).isEqualTo("tree");
        }
    }

    @Test
    void aPlanChangesNothing() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            String next = text(says("one", ", /new: { redirect: /elsewhere } "))
                    .replace(",\"message\":\"a reason\"", "")
                    .replace("\"message\":\"a reason\",", "");
            Curled plan = one.post("/v1/plan", next);
            Curled shown = one.post("/v1/plan", next, "-H", "Accept: text/plain");

            assertThat(plan.status()).as(plan.body()).isEqualTo(200);
            assertThat(plan.json().path("changes").get(0).path("name").asString(""))
                    .isEqualTo("* /new");
            assertThat(plan.json().path("regions").get(0).path("path").asString(""))
                    .isEqualTo("/new");
            assertThat(shown.body()).contains("+ route * /new");
            assertThat(one.curl("/v1/status").json().path("revision").asInt(0)).isEqualTo(1);
        }
    }

    @Test
    void revisionsCanBeLookedAtComparedAndGoneBackTo() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            one.post("/v1/config", text(says("two", "")), "-H", "If-Match: *");
            JsonNode history = one.curl("/v1/revisions").json();
            assertThat(history.path("current").asInt(0)).isEqualTo(2);
            assertThat(history.path("revisions").get(0).path("message").asString(""))
                    .isEqualTo("a reason");
            assertThat(one.curl("/v1/revisions/1").json().path("text").asString(""))
                    .isEqualTo(says("one", ""));
            assertThat(one.curl("/v1/diff?from=1")
                            .json()
                            .path("changes")
                            .get(0)
                            .path("thing")
                            .asString(""))
                    .isEqualTo("route");

            Curled back = one.post("/v1/rollback", "{}");

            assertThat(back.status()).as(back.body()).isEqualTo(200);
            assertThat(one.proxy().get("main", "/").text()).isEqualTo("one");
            assertThat(one.post("/v1/rollback", "{\"revision\": 77}").status()).isEqualTo(404);
        }
    }

    @Test
    void explainsWhatTheRunningProcessWouldDo() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ", /new: { redirect: /elsewhere } "))) {
            Curled match = one.post("/v1/routes/match", "{\"method\": \"GET\", \"url\": \"http://any.example/new\"}");
            Curled shown = one.post("/v1/routes/match", "{\"url\": \"/new\"}", "-H", "Accept: text/plain");

            assertThat(match.json().path("routed").asBoolean(false)).isTrue();
            assertThat(match.json().path("location").asString("")).endsWith("/elsewhere");
            assertThat(shown.body()).contains("route     /new");
            assertThat(one.post("/v1/routes/match", "{}").status()).isEqualTo(400);
        }
    }

    @Test
    void endpointsAreDrainedTakenBackAndWeighed() throws Exception {
        try (Origin origin = Origin.saying("here")) {
            String server = "127.0.0.1:" + origin.port();
            String yaml = "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\n"
                    + "admin: \"127.0.0.1:0\"\nsites: { \"*\": web }\npools: { web: [\"" + server + "\"] }\n";
            try (Administered one = Administered.start(folder, yaml)) {
                String endpoint = "/v1/pools/web/endpoints/" + server;
                assertThat(one.proxy().get("main", "/").status()).isEqualTo(200);

                JsonNode weighed =
                        one.post(endpoint + "/weight", "{\"weight\": 7}").json();
                assertThat(weighed.path("weight").asInt(0)).isEqualTo(7);
                assertThat(weighed.path("configuredWeight").asInt(0)).isEqualTo(1);
                assertThat(one.post(endpoint + "/weight", "{\"weight\": 7777}").status())
                        .isEqualTo(400);

                JsonNode away = one.post(endpoint + "/maintenance", "{\"reason\": \"new disks\"}")
                        .json();
                assertThat(away.path("state").asString("")).isEqualTo("maintenance");
                assertThat(away.path("reason").asString("")).isEqualTo("new disks");
                await().atMost(PATIENCE)
                        .until(() -> one.proxy().get("main", "/").status() == 503);

                assertThat(one.post(endpoint + "/drain", "{}")
                                .json()
                                .path("state")
                                .asString(""))
                        .isEqualTo("draining");
                one.post(endpoint + "/back", "{}");
                await().atMost(PATIENCE)
                        .until(() -> one.proxy().get("main", "/").status() == 200);
                JsonNode pools = one.curl("/v1/pools").json().path("pools");
                assertThat(pools.get(0).path("endpoints").get(0).path("name").asString(""))
                        .isEqualTo(server);
                assertThat(one.post("/v1/pools/web/endpoints/nobody:1/drain", "{}")
                                .error())
                        .contains(server);
                assertThat(one.post("/v1/pools/none/endpoints/nobody:1/drain", "{}")
                                .status())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void everythingOfTheDescriptionIsThere() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            JsonNode paths = one.curl("/v1/openapi.json").json().path("paths");

            assertThat(paths.size()).isGreaterThan(15);
            for (var path : paths.properties()) {
                for (var operation : path.getValue().properties()) {
                    // A tap doesn't end by itself.
                    boolean ends = !path.getKey().equals("/v1/tap");
                    if (operation.getKey().equals("get") && !path.getKey().contains("{") && ends) {
                        assertThat(one.curl(path.getKey()).status())
                                .as(path.getKey())
                                .isIn(200, 400);
                    }
                }
            }
        }
    }

    @Test
    void readyTurnsFalseWhileTheProcessDrains() throws Exception {
        String yaml = says("one", "");
        try (Administered one = Administered.start(folder, yaml)) {
            one.proxy().foregate().stop();

            assertThat(one.curl("/ready").status()).isEqualTo(503);
            assertThat(one.curl("/live").status()).isEqualTo(200);
        }
    }

    @Test
    void theApiMovesWithTheConfiguration() throws Exception {
        try (Administered one = Administered.start(folder, says("one", ""))) {
            Path socket = folder.resolve("admin.sock");
            String next = says("two", "").replace("admin: \"127.0.0.1:0\"", "admin: unix:admin.sock");

            Curled applied = one.post("/v1/config", text(next), "-H", "If-Match: *");

            assertThat(applied.status()).as(applied.body()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .until(() -> one.admin().address().toString().equals("unix:admin.sock"));
            assertThat(Administered.run("http://localhost/v1/status", "--unix-socket", socket.toString())
                            .json()
                            .path("revision")
                            .asInt(0))
                    .isEqualTo(2);
        }
    }
}
