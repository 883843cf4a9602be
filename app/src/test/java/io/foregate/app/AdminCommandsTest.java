package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands that ask a process that runs, by a unix socket. */
final class AdminCommandsTest {
    private static final String BEFORE = """
            listeners: { main: "127.0.0.1:0" }
            sites: { "*": { routes: { /*: web, /old: { redirect: /new } } } }
            pools: { web: ["127.0.0.1:1"] }
            logs: { access: off }
            shutdown: 1s
            admin:
              listen: unix:admin.sock
              tokens: { me: { role: configure, secret: "file:token" } }
            """;

    @TempDir
    Path folder;

    private Administered one;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
        one = Administered.start(folder, BEFORE);
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
    }

    private Result run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--token-file", folder.resolve("token").toString()));
        return one.run(all.toArray(new String[0]));
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("new.yaml"), yaml).toString();
    }

    @Test
    void statusShowsListenersAndEndpoints() {
        Result result = run("status");

        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("foregate test, process")
                .contains("revision 1 of")
                .contains("127.0.0.1:1");
        String json = run("status", "--json").out();
        assertThat(JsonMapper.shared()
                        .readTree(json)
                        .path("pools")
                        .get(0)
                        .path("name")
                        .asString(""))
                .isEqualTo("web");
    }

    @Test
    void endpointsAreDrainedTakenOutWeighedAndTakenBack() {
        assertThat(run("drain", "web", "127.0.0.1:1").out()).contains("127.0.0.1:1 in web: draining");
        assertThat(run("maintenance", "web", "127.0.0.1:1", "--reason", "new disks")
                        .out())
                .contains("maintenance (new disks)");
        assertThat(run("weight", "web", "127.0.0.1:1", "5").out()).contains("weight 5");
        assertThat(run("weight", "web", "127.0.0.1:1", "configured").out()).contains("weight 1");
        assertThat(run("back", "web", "127.0.0.1:1").out()).doesNotContain("maintenance");

        Result nobody = run("drain", "web", "127.0.0.1:2");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err()).contains("it has 127.0.0.1:1");
        assertThat(run("weight", "web", "127.0.0.1:1", "heavy").code()).isEqualTo(2);
    }

    @Test
    void aChangeIsPlannedAppliedComparedAndUndone() throws Exception {
        String next = file(BEFORE.replace("/old: { redirect: /new }", "/old: { redirect: /newer }"));

        Result plan = run("plan", next);
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out()).contains("~ route * /old").contains("/newer");
        assertThat(plan.out())
                .startsWith(Result.of("plan", next, "--against", file2()).out().stripTrailing())
                .contains("Recent requests, replayed" + System.lineSeparator() + "  there were none yet");

        Result apply = run("apply", next, "--message", "newer");
        assertThat(apply.code()).isZero();
        assertThat(apply.out()).contains("~ route * /old").contains("revision 2 is in force");
        assertThat(run("apply", next, "--if-revision", "1").code()).isEqualTo(1);
        assertThat(run("explain", "GET", "/old").out()).contains("/newer");

        assertThat(run("history").out().lines().skip(1).findFirst().orElse(""))
                .startsWith("*")
                .contains("me")
                .contains("newer");
        assertThat(run("diff", "1").out()).contains("~ route * /old");
        assertThat(run("diff", "1", "2").out()).isEqualTo(run("diff", "1").out());

        Result back = run("rollback");
        assertThat(back.code()).as(back.out()).isZero();
        assertThat(run("explain", "GET", "/old").out()).contains("/new").doesNotContain("/newer");
        assertThat(run("rollback", "99").code()).isEqualTo(1);
    }

    @Test
    void aPlanSaysWhatCouldNotBeUsedOrWouldStayAsItIs() throws Exception {
        String next = file(BEFORE.replace("web: [\"127.0.0.1:1\"]", """
                web: { servers: ["https://127.0.0.1:1"], tls: { ca: gone.pem } }, other: { servers: ["https://127.0.0.1:1"], tls: { ca: missing.pem } }\
                """) + "process: { loops: 7 }\n");

        Result plan = run("plan", next);

        assertThat(plan.code()).isZero();
        assertThat(plan.out())
                .contains("Warnings")
                .contains(next + ":1:1 process: warning: loops and transport stay as they are until the process")
                .containsPattern(
                        next + ":3:[0-9]+ pools.web.tls.ca: warning: .*gone.pem.*; pool web would go on as it is now")
                .containsPattern(
                        next
                                + ":3:[0-9]+ pools.other.tls.ca: warning: .*missing.pem.*; requests for pool other would be answered 503");
        String warnings = JsonMapper.shared()
                .readTree(run("plan", next, "--json").out())
                .path("warnings")
                .toString();
        assertThat(warnings)
                .contains("loops and transport")
                .containsOnlyOnce("gone.pem")
                .containsOnlyOnce("missing.pem");
        // That is what happens.
        assertThat(run("apply", next).out()).contains("quarantined: pool web").contains("loops and transport stay");
    }

    private String file2() throws IOException {
        return Files.writeString(folder.resolve("old.yaml"), BEFORE).toString();
    }

    @Test
    void aBrokenFileIsRefusedWithItsOwnName() throws Exception {
        String broken = file(BEFORE + "poolz: {}\n");

        Result apply = run("apply", broken);

        assertThat(apply.code()).isEqualTo(1);
        assertThat(apply.err()).contains(broken + ":9:1 poolz").contains("nothing has changed");
        assertThat(apply.out()).isEmpty();
        Result plan = run("plan", broken);
        assertThat(plan.code()).isEqualTo(1);
        assertThat(plan.err()).contains(broken + ":9:1 poolz");
        assertThat(plan.out()).isEmpty();
        for (String command : List.of("plan", "apply")) {
            JsonNode tree =
                    JsonMapper.shared().readTree(run(command, broken, "--json").out());
            assertThat(tree.get("fine").asBoolean()).isFalse();
            assertThat(tree.get("problems").get(0).get("file").asString()).isEqualTo(broken);
        }
    }

    @Test
    void aRefusedTokenIsAComplaint() throws Exception {
        for (String command : List.of("plan", "apply")) {
            Result result = Result.of(command, file(BEFORE), "--json", "--admin", one.socket());

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).contains("a token is needed");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        int port = one.foregate().listeners().getFirst().address().getPort();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void whyTellsOfARequestThatFailed() throws Exception {
        assertThat(run("why").code()).isEqualTo(1);
        String id = get("/path?secret").headers().firstValue("X-Request-Id").orElse("");

        Result list = run("why");
        Result one = run("why", id);

        assertThat(list.err()).isEmpty();
        assertThat(list.code()).isZero();
        assertThat(list.out()).contains(id).contains("connect_refused").contains("GET 127.0.0.1/path");
        assertThat(one.code()).isZero();
        assertThat(one.out())
                .startsWith("request " + id)
                .contains("nobody listens")
                .contains("attempts  127.0.0.1:1")
                .doesNotContain("secret");
        assertThat(JsonMapper.shared()
                        .readTree(run("why", id, "--json").out())
                        .path("failures")
                        .size())
                .isEqualTo(1);
        Result nobody = run("why", "nobody");
        assertThat(nobody.code()).isEqualTo(1);
        assertThat(nobody.err()).contains("no failure with the id nobody is known");
    }

    @Test
    void aTapShowsRequestsAsTheyEnd() throws Exception {
        CompletableFuture<Result> tap =
                CompletableFuture.supplyAsync(() -> run("tap", "--status", "failed", "--count", "1"));
        while (!tap.isDone()) {
            get("/old");
            get("/path");
        }

        assertThat(tap.get().code()).isZero();
        assertThat(tap.get().out())
                .contains("GET 127.0.0.1/path")
                .contains("  50")
                .doesNotContain("/old");
        assertThat(run("tap", "--status", "good").err()).contains("not good");
    }

    @Test
    void topAndExchangesAreTables() throws Exception {
        Result top = run("top", "--once", "--every", "100ms");
        Result exchanges = run("exchanges");
        Result connections = run("exchanges", "--connections");

        assertThat(top.err()).isEmpty();
        assertThat(top.out()).contains("0 requests/s, 0 errors");
        assertThat(exchanges.out()).contains("there are none");
        assertThat(connections.code()).as(connections.err()).isZero();
        assertThat(run("top", "--every", "5 minutes").code()).isEqualTo(1);
    }

    @Test
    void theLogLevelIsShownAndSet() {
        assertThat(run("log-level").out()).isEqualTo("info\n");
        assertThat(run("log-level", "debug", "--for", "10m").out())
                .startsWith("debug until ")
                .contains("(the configuration says info)");
        assertThat(run("log-level", "configured").out()).isEqualTo("info\n");
        assertThat(run("log-level", "loud").code()).isEqualTo(1);
        assertThat(run("log-level", "--for", "10m").code()).isEqualTo(2);
    }

    @Test
    void whoeverCantBeReachedIsSaidSo() {
        Result nobody = Result.of("status", "--admin", "unix:" + folder.resolve("none.sock"));
        Result stranger = Result.of("status", "--admin", one.socket());
        Result usage = Result.of("status", "--admin", "http://localhost");

        assertThat(nobody.code()).isEqualTo(3);
        assertThat(nobody.err()).contains("can't be reached");
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.err()).contains("a token is needed");
        assertThat(usage.code()).isEqualTo(2);
    }
}
