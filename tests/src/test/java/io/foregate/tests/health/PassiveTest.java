package io.foregate.tests.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Origins that are known by their failures: what gets them ejected, for how long, and how many of them. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class PassiveTest {
    @TempDir
    private Path folder;

    private Configured start(String passive, int... ports) throws Exception {
        return start("30s", passive, ports);
    }

    private Configured start(String firstByte, String passive, int... ports) throws Exception {
        StringBuilder servers = new StringBuilder();
        for (int port : ports) {
            servers.append(servers.isEmpty() ? "" : ", ")
                    .append("\"127.0.0.1:")
                    .append(port)
                    .append('"');
        }
        return Configured.start(folder, """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": web }
                pools:
                  web:
                    servers: [%s]
                    retry: 0
                    timeouts: { first-byte: %s }
                    health: { passive: %s }
                logs: { access: off, error: error }
                shutdown: 500ms
                """.formatted(servers, firstByte, passive));
    }

    /** Answers with that status, one after the other when there are several. */
    private static Origin answering(int... statuses) throws IOException {
        var next = new AtomicInteger();
        return Origin.start(connection -> {
            while (connection.request() != null) {
                int status = statuses[next.getAndIncrement() % statuses.length];
                connection.send("HTTP/1.1 " + status + " Whatever\r\nContent-Length: 3\r\n\r\nbad");
            }
        });
    }

    private static void send(Configured foregate, int count) throws IOException {
        try (Wire client = Wire.to(foregate.port("main"))) {
            for (int i = 0; i < count; i++) {
                client.get("/");
            }
        }
    }

    @Test
    void failuresInARowEjectAServer() throws Exception {
        try (var good = Origin.saying("good");
                var bad = answering(503);
                var foregate = start("on", good.port(), bad.port())) {
            send(foregate, 40);
            // Five by default, of which none but the first ones of each loop come at the same time.
            assertThat(bad.requests()).isEqualTo(5);
            assertThat(good.requests()).isEqualTo(35);
        }
    }

    @Test
    void aSuccessInBetweenBreaksTheRow() throws Exception {
        try (var good = Origin.saying("good");
                var mixed = answering(503, 503, 200);
                var foregate = start("{ failures: 3, rate: 0% }", good.port(), mixed.port())) {
            send(foregate, 60);
            assertThat(mixed.requests()).isEqualTo(30);
        }
    }

    @Test
    void aShareOfFailuresEjectsAServer() throws Exception {
        try (var good = Origin.saying("good");
                var half = answering(500, 200);
                var foregate =
                        start("{ failures: 0, rate: 40%, min-requests: 10, ejection: 1m }", good.port(), half.port())) {
            // Under load, shares are looked at twenty times a second only.
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                int before = half.requests();
                send(foregate, 20);
                return half.requests() == before;
            });
            assertThat(half.requests()).isGreaterThanOrEqualTo(10);
        }
    }

    @Test
    void whatAllFailAtIsNobodysFault() throws Exception {
        try (var a = answering(500);
                var b = answering(500);
                var foregate = start("on", a.port(), b.port())) {
            send(foregate, 100);
            // The first may be ejected before anything is known of the other.
            assertThat(Math.min(a.requests(), b.requests())).isGreaterThan(20);
        }
    }

    @Test
    void statusesThatDoNotCountDoNot() throws Exception {
        try (var good = Origin.saying("good");
                var odd = answering(501);
                var foregate = start("on", good.port(), odd.port())) {
            send(foregate, 40);
            assertThat(odd.requests()).isEqualTo(20);
        }
        try (var good = Origin.saying("good");
                var odd = answering(429);
                var foregate = start("{ on: 429 }", good.port(), odd.port())) {
            send(foregate, 40);
            assertThat(odd.requests()).isEqualTo(5);
        }
    }

    @Test
    void nothingIsJudgedWhereThatIsOff() throws Exception {
        try (var good = Origin.saying("good");
                var bad = answering(503);
                var foregate = start("off", good.port(), bad.port())) {
            send(foregate, 40);
            assertThat(bad.requests()).isEqualTo(20);
        }
    }

    @Test
    void connectionsThatBreakOffCount() throws Exception {
        try (var good = Origin.saying("good");
                var bad = Origin.start(connection -> {
                    connection.request();
                    connection.reset();
                });
                var foregate = start("on", good.port(), bad.port())) {
            send(foregate, 40);
            assertThat(bad.requests()).isEqualTo(5);
        }
    }

    @Test
    void clientsThatLeaveSayNothingOfTheServer() throws Exception {
        var answers = new AtomicBoolean();
        try (var slow = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        if (answers.get()) {
                            connection.send(Origin.ok("slow"));
                        }
                    }
                });
                var good = Origin.saying("good");
                var foregate = start("{ failures: 2 }", slow.port(), good.port())) {
            for (int i = 0; i < 10; i++) {
                int before = slow.requests() + good.requests();
                try (Wire client = Wire.to(foregate.port("main"))) {
                    client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    await().until(() -> slow.requests() + good.requests() > before);
                }
            }
            answers.set(true);
            int before = slow.requests();
            send(foregate, 10);
            assertThat(slow.requests() - before).isGreaterThanOrEqualTo(4);
        }
    }

    @Test
    void ejectionsGrowAndOneRequestFindsOutWhetherTheyAreOver() throws Exception {
        List<Long> asked = new CopyOnWriteArrayList<>();
        var well = new AtomicBoolean();
        try (var good = Origin.saying("good");
                var bad = Origin.start(connection -> {
                    while (connection.request() != null) {
                        asked.add(System.nanoTime());
                        connection.send(
                                well.get()
                                        ? Origin.ok("well")
                                        : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                var foregate = start("{ failures: 3, ejection: 300ms, longest: 10s }", good.port(), bad.port())) {
            int port = foregate.port("main");
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        send(foregate, 2);
                        return asked.size() >= 6;
                    });
            // Three at once, and then one at a time, each after twice the time of the one before.
            for (int i = 3; i < 6; i++) {
                long gap = (asked.get(i) - asked.get(i - 1)) / 1_000_000;
                assertThat(gap).isGreaterThanOrEqualTo(290L << (i - 3));
            }
            well.set(true);
            ConfiguredTest.awaitAny(port, "well");
            int before = asked.size();
            send(foregate, 20);
            assertThat(asked.size() - before).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void noMoreThanItsShareOfAPoolIsEjected() throws Exception {
        Origin.Script resets = connection -> {
            connection.request();
            connection.reset();
        };
        try (var good = Origin.saying("good");
                var one = Origin.start(resets);
                var two = Origin.start(resets);
                var three = Origin.start(resets);
                var foregate = start("{ share: 50% }", good.port(), one.port(), two.port(), three.port())) {
            send(foregate, 100);
            assertThat(List.of(one, two, three).stream().filter(origin -> origin.requests() == 5))
                    .hasSize(2);
        }
        try (var only = Origin.start(resets);
                var foregate = start("on", only.port())) {
            send(foregate, 20);
            assertThat(only.requests()).isEqualTo(20);
        }
    }

    @Test
    void whatAnEjectedServerLeavesOverSpillsToTheNextPriority() throws Exception {
        try (var good = Origin.saying("good");
                var bad = answering(503);
                var far = Origin.saying("far");
                var foregate = Configured.start(folder, """
                        listeners: { main: { address: "127.0.0.1:0" } }
                        sites: { "*": web }
                        pools:
                          web:
                            servers: ["127.0.0.1:%d", "127.0.0.1:%d", { address: "127.0.0.1:%d", priority: 1 }]
                            retry: 0
                        logs: { access: off, error: error }
                        shutdown: 500ms
                        """.formatted(good.port(), bad.port(), far.port()))) {
            send(foregate, 4);
            assertThat(far.requests()).isZero();
            await().until(() -> {
                send(foregate, 4);
                return far.requests() > 0;
            });
            int nearBefore = good.requests();
            int farBefore = far.requests();
            int badBefore = bad.requests();

            send(foregate, 1000);

            assertThat(bad.requests()).isEqualTo(badBefore);
            assertThat(good.requests() - nearBefore).isBetween(630, 770);
            assertThat(far.requests() - farBefore).isBetween(230, 370);
        }
    }

    @Test
    void aServerThatHangsIsEjected() throws Exception {
        try (var good = Origin.saying("good");
                var hanging = Program.start("python3", "-u", "-c", """
                        import http.server
                        class Handler(http.server.BaseHTTPRequestHandler):
                            protocol_version = "HTTP/1.1"
                            def do_GET(self):
                                self.send_response(200)
                                self.send_header("Content-Length", "4")
                                self.end_headers()
                                self.wfile.write(b"real")
                            def log_message(self, *of):
                                pass
                        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
                        print(server.server_port)
                        server.serve_forever()
                        """)) {
            int port = Integer.parseInt(hanging.awaitOutput(line -> line.matches("[0-9]+")));
            try (var foregate = start("500ms", "{ failures: 3, ejection: 1s }", good.port(), port)) {
                ConfiguredTest.awaitAny(foregate.port("main"), "real");
                hanging.signal("STOP");
                int timeouts = 0;
                for (int i = 0; i < 30; i++) {
                    try (Wire client = Wire.to(foregate.port("main"))) {
                        timeouts += client.get("/").status() == 504 ? 1 : 0;
                    }
                }
                // Three to eject it, and maybe some that find out that it still hangs.
                assertThat(timeouts).isBetween(3, 6);
                hanging.signal("CONT");
                ConfiguredTest.awaitAny(foregate.port("main"), "real");
            }
        }
    }
}
