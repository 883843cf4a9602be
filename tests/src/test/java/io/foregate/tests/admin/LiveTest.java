package io.foregate.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.admin.Administered.Curled;
import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be seen of requests while the process runs: why they failed, which are under way, who asks how much. */
@Execution(ExecutionMode.CONCURRENT)
final class LiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Administered start(String routes, String pools) throws Exception {
        return Administered.start(
                folder,
                "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\nadmin: \"127.0.0.1:0\"\n"
                        + "sites: { \"*\": { routes: { " + routes + " } } }\npools: { " + pools + " }\n");
    }

    @Test
    void whyARequestFailedIsToldByItsId() throws Exception {
        int one = Ports.free();
        int other = Ports.free();
        try (Administered proxy = start(
                "/*: web, /gone/*: { respond: 503 }",
                "web: [\"127.0.0.1:" + one + "\", \"127.0.0.1:" + other + "\"]")) {
            Message failed = proxy.proxy().get("main", "/path?secret=1");
            String id = String.valueOf(failed.field("X-Request-Id"));
            Curled known = proxy.curl("/v1/failures/" + id);
            String text =
                    proxy.curl("/v1/failures/" + id, "-H", "Accept: text/plain").body();

            assertThat(failed.status()).isEqualTo(502);
            assertThat(known.body()).doesNotContain("secret").doesNotContain("user_agent");
            JsonNode why = known.json().path("failures").get(0);
            assertThat(why.path("route").asString("")).isEqualTo("/*");
            assertThat(why.path("path").asString("")).isEqualTo("/path");
            assertThat(why.path("cause").asString("")).contains("nobody listens");
            assertThat(why.path("tries").size()).isEqualTo(2);
            assertThat(why.path("tries").get(0).path("cause").asString("")).isEqualTo("connect_refused");
            assertThat(why.path("failure").path("source").asString("")).isEqualTo("origin");
            assertThat(text)
                    .contains("request " + id)
                    .contains("502 after")
                    .contains("127.0.0.1:" + one + ": nobody listens")
                    .contains("127.0.0.1:" + other + ": nobody listens")
                    .contains("connecting");

            // Answered by the configuration, and by nobody's doing but the client's.
            proxy.proxy().get("main", "/gone/x");
            try (Wire client = proxy.proxy().client("main")) {
                client.send("GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
                assertThat(client.response().status()).isEqualTo(400);
            }
            JsonNode recent = proxy.curl("/v1/failures").json();
            assertThat(recent.path("kept").asInt(0)).isEqualTo(3);
            assertThat(recent.path("failures").size()).isEqualTo(2);
            assertThat(recent.path("failures").get(0).path("path").asString("")).isEqualTo("/gone/x");
            assertThat(proxy.curl("/v1/failures?all=true")
                            .json()
                            .path("failures")
                            .size())
                    .isEqualTo(3);
            assertThat(proxy.curl("/v1/failures?limit=0").status()).isEqualTo(400);
        }
    }

    @Test
    void anIdThatNobodyKnowsIsAnsweredWithWhatThatMayMean() throws Exception {
        try (Administered proxy = start("/*: { respond: 200 }", "")) {
            Message fine = proxy.proxy().get("main", "/");
            Curled none = proxy.curl("/v1/failures/" + fine.field("X-Request-Id"));

            assertThat(fine.status()).isEqualTo(200);
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.error()).contains("it went well").contains("too old");
        }
    }

    @Test
    void whatIsUnderWayIsListedWithItsPhase() throws Exception {
        try (Origin silent = Origin.start(connection -> Thread.sleep(60_000));
                Administered proxy = start("/*: web", "web: [\"127.0.0.1:" + silent.port() + "\"]");
                Wire first = proxy.proxy().client("main");
                Http2Wire second = Http2Wire.to(proxy.proxy().port("main"))) {
            first.send("POST /upload?x=1 HTTP/1.1\r\nHost: app.example.com\r\nContent-Length: 100\r\n\r\nabc");
            await().atMost(PATIENCE).until(() -> exchanges(proxy, "").size() == 1);
            second.get(1, "/one");
            second.get(3, "/two");
            await().atMost(PATIENCE).until(() -> exchanges(proxy, "?pool=web").size() == 3);

            List<JsonNode> all = exchanges(proxy, "");
            JsonNode upload = all.getFirst();
            assertThat(upload.path("path").asString("")).isEqualTo("/upload");
            assertThat(upload.path("method").asString("")).isEqualTo("POST");
            assertThat(upload.path("phase").asString("")).isEqualTo("send");
            assertThat(upload.path("bytes_in").asInt(0)).isEqualTo(3);
            assertThat(upload.path("endpoint").asString("")).isEqualTo("127.0.0.1:" + silent.port());
            assertThat(upload.path("total_ms").asDouble(-1)).isNotNegative();
            assertThat(upload.path("status").isMissingNode()).isTrue();
            await().atMost(PATIENCE)
                    .until(() -> exchanges(proxy, "?path=/two")
                            .getFirst()
                            .path("phase")
                            .asString("")
                            .equals("first_byte"));
            assertThat(exchanges(proxy, "?path=/o*")).hasSize(1);
            assertThat(exchanges(proxy, "?slow=1h")).isEmpty();
            JsonNode page = proxy.curl("/v1/exchanges?limit=1").json();
            assertThat(page.path("total").asInt(0)).isEqualTo(3);
            assertThat(page.path("exchanges").size()).isEqualTo(1);

            JsonNode connections = proxy.curl("/v1/connections").json().path("connections");
            assertThat(connections.size()).isEqualTo(2);
            for (JsonNode one : connections) {
                boolean http2 = one.path("protocol").asString("").equals("HTTP/2");
                assertThat(one.path("requests").asInt(0)).isEqualTo(http2 ? 2 : 1);
                assertThat(one.path("bytes_in").asInt(0)).isEqualTo(http2 ? 0 : 3);
                assertThat(one.path("listener").asString("")).isEqualTo("main");
            }

            JsonNode top = proxy.curl("/v1/top?for=50ms").json();
            assertThat(top.path("all").path("inFlight").asInt(0)).isEqualTo(3);
            assertThat(top.path("pools").get(0).path("inFlight").asInt(0)).isEqualTo(3);
        }
    }

    private static List<JsonNode> exchanges(Administered proxy, String query) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        proxy.curl("/v1/exchanges" + query).json().path("exchanges").forEach(all::add);
        return all;
    }

    @Test
    void aTapShowsWhatItsFilterWantsAndEndsWithItsReader() throws Exception {
        try (Administered proxy = start("/*: { respond: 200 }, /bad/*: { respond: 500 }", "")) {
            try (Socket socket = tap(proxy, "?status=5xx")) {
                BufferedReader lines = lines(socket);
                assertThat(begun(lines)).isEmpty();

                proxy.proxy().get("main", "/fine");
                proxy.proxy().get("main", "/bad/one?secret=1");
                proxy.proxy().get("main", "/bad/two");

                JsonNode first = record(lines);
                JsonNode second = record(lines);
                assertThat(first.path("path").asString("")).isEqualTo("/bad/one");
                assertThat(first.path("status").asInt(0)).isEqualTo(500);
                assertThat(first.has("total_ms")).isTrue();
                assertThat(second.path("path").asString("")).isEqualTo("/bad/two");
            }
            assertThat(proxy.curl("/v1/tap?status=good").status()).isEqualTo(400);
            assertThat(proxy.curl("/v1/tap?what=1").status()).isEqualTo(400);
        }
    }

    @Test
    void eightMayLookAtOnceAndWhoLeavesMakesRoom() throws Exception {
        try (Administered proxy = start("/*: { respond: 200 }", "")) {
            List<Socket> taps = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Socket socket = tap(proxy, "");
                taps.add(socket);
                assertThat(begun(lines(socket))).isEmpty();
            }
            assertThat(refused(proxy)).isTrue();
            assertThat(proxy.curl("/v1/top?for=10ms").status()).isEqualTo(503);

            for (Socket socket : taps) {
                socket.close();
            }

            await().atMost(PATIENCE).until(() -> !refused(proxy));
        }
    }

    private static boolean refused(Administered proxy) throws IOException {
        try (Socket socket = tap(proxy, "")) {
            return begun(lines(socket)).contains("as many look as may");
        }
    }

    private static Socket tap(Administered proxy, String query) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), proxy.admin().address().port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.getOutputStream()
                .write(("GET /v1/tap" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    // The first line of the body, behind the head and the size of its chunk.
    private static String begun(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.isEmpty()) {
            line = lines.readLine();
        }
        lines.readLine();
        return String.valueOf(lines.readLine());
    }

    private static JsonNode record(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (!line.startsWith("{")) {
            line = lines.readLine();
        }
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void topTellsWhoIsAskedHowMuch() throws Exception {
        try (Origin origin = Origin.saying("here");
                Administered proxy =
                        start("/*: web, /bad/*: { respond: 500 }", "web: [\"127.0.0.1:" + origin.port() + "\"]")) {
            Thread load = Thread.ofVirtual().start(() -> {
                try {
                    while (!Thread.interrupted()) {
                        proxy.proxy().get("main", "/x");
                        proxy.proxy().get("main", "/bad/x");
                        Thread.sleep(5);
                    }
                } catch (IOException | InterruptedException e) {
                    // Enough.
                }
            });
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> check(proxy.curl("/v1/top?for=500ms").json(), "127.0.0.1:" + origin.port()));
                assertThat(proxy.curl("/v1/top?for=1h").status()).isEqualTo(400);
            } finally {
                load.interrupt();
                load.join();
            }
        }
    }

    private static void check(JsonNode top, String endpoint) {
        assertThat(top.path("all").path("requests").asInt(0)).isPositive();
        assertThat(top.path("all").path("perSecond").asDouble(0)).isPositive();
        assertThat(top.path("routes").size()).isEqualTo(2);
        for (JsonNode route : top.path("routes")) {
            boolean bad = route.path("route").asString("").equals("/bad/*");
            assertThat(route.path("requests").asInt(0)).isPositive();
            assertThat(route.path("errorPart").asDouble(-1)).isEqualTo(bad ? 1 : 0);
        }
        JsonNode first = top.path("endpoints").get(0);
        assertThat(first.path("endpoint").asString("")).isEqualTo(endpoint);
        assertThat(first.path("p99Millis").asDouble(0)).isPositive();
        assertThat(top.path("clients").get(0).path("client").asString("")).isEqualTo("127.0.0.1");
    }

    @Test
    void theLogLevelIsSetForAWhile() throws Exception {
        try (Administered proxy = start("/*: { respond: 200 }", "")) {
            assertThat(level(proxy.curl("/v1/log-level"))).isEqualTo("info/info");

            Curled set = proxy.post("/v1/log-level", "{\"level\": \"debug\"}", "-X", "PUT");
            assertThat(level(set)).isEqualTo("debug/info");
            assertThat(level(proxy.post("/v1/log-level", "{}", "-X", "PUT"))).isEqualTo("info/info");

            Curled timed = proxy.post("/v1/log-level", "{\"level\": \"debug\", \"for\": \"200ms\"}", "-X", "PUT");
            assertThat(timed.json().path("until").asString("")).isNotEmpty();
            await().atMost(PATIENCE)
                    .until(() -> level(proxy.curl("/v1/log-level")).equals("info/info"));
            assertThat(proxy.post("/v1/log-level", "{\"level\": \"loud\"}", "-X", "PUT")
                            .status())
                    .isEqualTo(400);
        }
    }

    private static String level(Curled answer) {
        return answer.json().path("level").asString("") + "/"
                + answer.json().path("configured").asString("");
    }

    @Test
    void onePlaceOfTheConfigurationIsChangedAndCommentsStay() throws Exception {
        try (Administered proxy = start("/*: { respond: 200 } } } } # all of it\n#", "")) {
            String route = "/v1/config/sites/*/routes/%2Fold";
            Curled blind = proxy.post(route, "{\"value\": {\"redirect\": \"/new\"}}", "-X", "PUT");
            Curled put =
                    proxy.post(route, "{\"value\": {\"redirect\": \"/new\"}}", "-X", "PUT", "-H", "If-Match: \"1\"");

            assertThat(blind.status()).isEqualTo(428);
            assertThat(put.status()).as(put.body()).isEqualTo(200);
            assertThat(put.head()).containsIgnoringCase("etag: \"2\"");
            assertThat(proxy.proxy().get("main", "/old").status()).isEqualTo(302);
            assertThat(proxy.curl("/v1/config").json().path("text").asString(""))
                    .contains("# all of it");
            assertThat(proxy.curl(route).json().path("config").path("redirect").asString(""))
                    .isEqualTo("/new");
            Curled broken = proxy.post(route, "{\"value\": {\"redirec\": \"/new\"}}", "-X", "PUT", "-H", "If-Match: *");
            assertThat(broken.status()).isEqualTo(422);
            assertThat(broken.json().path("problems").get(0).path("hint").asString(""))
                    .contains("redirect");

            assertThat(proxy.curl(route, "-X", "DELETE", "-H", "If-Match: \"1\"")
                            .status())
                    .isEqualTo(412);
            assertThat(proxy.curl(route, "-X", "DELETE", "-H", "If-Match: \"2\"")
                            .status())
                    .isEqualTo(200);
            assertThat(proxy.proxy().get("main", "/old").status()).isEqualTo(200);
            assertThat(proxy.curl(route, "-X", "DELETE", "-H", "If-Match: *").status())
                    .isEqualTo(404);
            assertThat(proxy.curl("/v1/config", "-X", "DELETE", "-H", "If-Match: *")
                            .status())
                    .isEqualTo(405);
            assertThat(proxy.curl("/v1/audit").body()).contains("DELETE /v1/config/sites");
            JsonNode newest =
                    proxy.curl("/v1/revisions").json().path("revisions").get(0);
            assertThat(newest.path("message").asString("")).isEqualTo("delete sites/*/routes//old");
        }
    }
}
