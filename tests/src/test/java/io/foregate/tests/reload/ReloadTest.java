package io.foregate.tests.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Change;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Source;
import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a change of the configuration does to requests, connections and pools, and what it leaves alone. */
@ExtendWith(NoLeaks.class)
final class ReloadTest {
    private static final String MAIN = "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1ms\n";

    @TempDir
    Path folder;

    private static String says(String text) {
        return MAIN + "sites: { \"*\": { routes: { /*: { respond: { body: \"" + text + "\" } } } } }\n";
    }

    private static String to(String pool, Origin... origins) {
        StringBuilder servers = new StringBuilder();
        for (Origin origin : origins) {
            servers.append(servers.isEmpty() ? "" : ", ")
                    .append("\"127.0.0.1:")
                    .append(origin.port())
                    .append('"');
        }
        return MAIN + "sites: { \"*\": " + pool + " }\npools: { " + pool + ": [" + servers + "] }\n";
    }

    @Test
    void aConnectionThatIsOpenSeesTheNewConfigurationWithItsNextRequest() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"));
                Wire client = proxy.client("main")) {
            assertThat(client.get("/").text()).isEqualTo("one");

            proxy.change(says("two"));

            assertThat(client.get("/").text()).isEqualTo("two");
        }
    }

    @Test
    void anHttp2ConnectionThatIsOpenSeesTheNewConfigurationWithItsNextRequest() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"));
                Http2Wire client = Http2Wire.to(proxy.port("main"))) {
            client.get(1, "/");
            assertThat(client.answer(1).body()).isEqualTo("one");

            proxy.change(says("two"));

            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("two");
        }
    }

    @Test
    void aRequestThatIsUnderWayEndsAsItBegan() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (Origin slow = Origin.start(connection -> {
                    connection.request();
                    asked.countDown();
                    answer.await();
                    connection.send(Origin.ok("late"));
                });
                Configured proxy = Configured.start(folder, to("web", slow));
                Wire client = proxy.client("main")) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            proxy.change(says("two"));

            assertThat(proxy.foregate().snapshots()).isEqualTo(2);
            assertThat(proxy.get("main", "/").text()).isEqualTo("two");
            answer.countDown();
            assertThat(client.response().text()).isEqualTo("late");
            assertThat(client.get("/").text()).isEqualTo("two");
            await().until(() -> proxy.foregate().snapshots() == 1);
        }
    }

    @Test
    void aWebSocketOutlivesItsRouteItsPoolAndItsSnapshot() throws Exception {
        try (Origin echo = Echo.start();
                Configured proxy = Configured.start(folder, to("web", echo));
                Wire client = Echo.open(proxy.port("main"), "/chat")) {
            assertThat(Echo.said(client, "before")).isEqualTo("before");

            for (int i = 0; i < 5; i++) {
                proxy.change(says("no more chats " + i));
            }

            await().until(() -> proxy.foregate().snapshots() == 1);
            assertThat(Echo.said(client, "after")).isEqualTo("after");
            assertThat(echo.open()).isEqualTo(1);
        }
    }

    @Test
    void aTextWithMistakesChangesNothingAndSaysWhere() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"));
                Wire client = proxy.client("main")) {
            assertThat(client.get("/").text()).isEqualTo("one");

            Result result = proxy.reload(MAIN + "sites: { \"*\": nowhere }\nspools: {}\n");

            assertThat(result).isInstanceOf(Result.Refused.class);
            assertThat(((Result.Refused) result).problems())
                    .extracting(Problem::toString)
                    .anySatisfy(problem ->
                            assertThat(problem).contains("foregate.yaml:4:").contains("nowhere"))
                    .anySatisfy(problem ->
                            assertThat(problem).contains("foregate.yaml:5:1").contains("pools"));
            assertThat(client.get("/").text()).isEqualTo("one");
            assertThat(proxy.get("main", "/").text()).isEqualTo("one");
            assertThat(proxy.reloader().current().number()).isEqualTo(1);
        }
    }

    @Test
    void connectionsToAnUnchangedPoolAreUsedOnAndThoseToARemovedOneClose() throws Exception {
        try (Origin stays = Origin.saying("stays");
                Origin goes = Origin.saying("goes");
                Configured proxy = Configured.start(folder, two(stays, goes));
                Wire client = proxy.client("main")) {
            assertThat(client.get("/").text()).isEqualTo("stays");
            assertThat(client.get("/goes").text()).isEqualTo("goes");

            proxy.change(to("web", stays) + "policies: { another: { strip-prefix: /x } }\n");

            assertThat(client.get("/").text()).isEqualTo("stays");
            assertThat(client.get("/goes").text()).isEqualTo("stays");
            assertThat(stays.accepted()).isEqualTo(1);
            await().until(() -> goes.open() == 0);
        }
    }

    private static String two(Origin stays, Origin goes) {
        return MAIN + """
                sites: { "*": { routes: { /*: web, /goes: old } } }
                pools: { web: ["127.0.0.1:%d"], old: ["127.0.0.1:%d"] }
                """.formatted(stays.port(), goes.port());
    }

    @Test
    void manyChangesInARowLeaveOneSnapshot() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Configured proxy = Configured.start(folder, to("web", origin));
                Wire client = proxy.client("main")) {
            for (int i = 0; i < 50; i++) {
                proxy.change(to("web" + i % 7, origin));
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
            await().until(() -> proxy.foregate().snapshots() == 1);
            await().until(() -> origin.open() == 1);
        }
    }

    @Test
    void theSameTextAgainIsNoRevision() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"))) {
            Result.Applied applied = proxy.change(says("one"));

            assertThat(applied.changes()).isEmpty();
            assertThat(applied.revision().number()).isEqualTo(1);
            assertThat(proxy.change(says("two")).revision().number()).isEqualTo(2);
        }
    }

    @Test
    void aRollbackIsAChangeToAnOlderText() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"))) {
            proxy.change(says("two"));
            assertThat(proxy.get("main", "/").text()).isEqualTo("two");

            Result back = proxy.reloader().rollback(null, "test");

            assertThat(back).isInstanceOf(Result.Applied.class);
            assertThat(proxy.get("main", "/").text()).isEqualTo("one");
            assertThat(proxy.reloader().current().number()).isEqualTo(3);
            assertThat(proxy.reloader().current().message()).isEqualTo("rollback to revision 1");
            assertThat(proxy.reloader().rollback(99L, "test")).isInstanceOf(Result.Refused.class);
        }
    }

    @Test
    void theAccessLogMovesToAnotherFileWithoutLosingALine() throws Exception {
        Path first = folder.resolve("first.log");
        Path second = folder.resolve("second.log");
        String logged = says("x").replace("logs: { access: off }", "logs: { access: { to: FILE } }");
        try (Configured proxy = Configured.start(folder, logged.replace("FILE", first.toString()));
                Wire client = proxy.client("main")) {
            client.get("/one");
            proxy.change(logged.replace("FILE", second.toString()));
            client.get("/two");

            await().until(() -> Files.readString(second).contains("/two"));
            assertThat(Files.readString(first)).contains("/one").doesNotContain("/two");
            assertThat(Files.readString(second)).doesNotContain("/one");
        }
    }

    @Test
    void aLogThatCannotBeWrittenChangesNothing() throws Exception {
        try (Configured proxy = Configured.start(folder, says("one"))) {
            Result result = proxy.reload(says("two").replace("access: off", "access: { to: nowhere/access.log }"));

            assertThat(result).isInstanceOf(Result.Refused.class);
            assertThat(proxy.get("main", "/").text()).isEqualTo("one");
        }
    }

    @Test
    void planSaysWhatWouldChangeAndChangesNothing() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Configured proxy = Configured.start(folder, says("one"))) {
            Result plan = proxy.reloader()
                    .plan(new Source("other.yaml", to("web", origin).getBytes(StandardCharsets.UTF_8)));

            assertThat(plan).isInstanceOf(Result.Planned.class);
            assertThat(((Result.Planned) plan).plan().changes())
                    .extracting(Change::name)
                    .containsExactlyInAnyOrder("* /*", "web");
            Message answer = proxy.get("main", "/");
            assertThat(answer.text()).isEqualTo("one");
        }
    }
}
