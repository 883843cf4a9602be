package io.foregate.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a real process ends. */
@Execution(ExecutionMode.CONCURRENT)
final class ShutdownTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private static String config(Origin origin, String grace) {
        return """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": web }
                pools: { web: ["127.0.0.1:%d"] }
                shutdown: { grace: %s }
                """.formatted(origin.port(), grace);
    }

    private static boolean refuses(RealProcess proxy) {
        try (Wire probe = proxy.client()) {
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatIsUnderWayFinishesAndNothingNewBegins(String signal) throws IOException {
        var release = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        if (request.target().equals("/idle")) {
                            connection.send(Origin.ok(""));
                        } else if (request.target().equals("/waits")) {
                            release.await();
                            connection.send(Origin.ok("worth waiting for"));
                        } else {
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
                            release.await();
                            connection.send("last!");
                        }
                    }
                });
                var proxy = RealProcess.run(folder, config(origin, "25s"));
                var idle = proxy.client();
                var silent = proxy.client();
                var waits = proxy.client();
                var reads = proxy.client();
                var uploads = proxy.client()) {
            assertThat(idle.get("/idle").status()).isEqualTo(200);
            waits.send("GET /waits HTTP/1.1\r\nHost: test\r\n\r\n");
            reads.send("GET /reads HTTP/1.1\r\nHost: test\r\n\r\n");
            Message half = reads.responseHead();
            uploads.send("POST /waits HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\nabc");
            await().until(() -> origin.requests() == 4);

            proxy.program().signal(signal);
            assertThat(idle.ends()).isTrue();
            assertThat(silent.ends()).isTrue();
            await().until(() -> refuses(proxy));
            assertThat(proxy.program().alive()).isTrue();

            uploads.send("def");
            release.countDown();
            assertThat(reads.body(half, -1)).asString().isEqualTo("firstlast!");
            Message late = waits.response();
            assertThat(late.text()).isEqualTo("worth waiting for");
            assertThat(late.field("Connection")).isEqualTo("close");
            assertThat(uploads.response().text()).isEqualTo("worth waiting for");
            waits.close();
            reads.close();
            uploads.close();
            assertThat(proxy.program().awaitEnd(LIMIT)).isZero();
            // Nothing that was done is missing from the log.
            assertThat(proxy.program().output())
                    .filteredOn(line -> line.contains("\"status\":200"))
                    .hasSize(4);
        }
    }

    @Test
    void theGraceIsALimit() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = RealProcess.run(folder, config(origin, "300ms"));
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> origin.requests() == 1);
            assertThat(proxy.terminate()).isZero();
            assertThatThrownBy(client::response).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = RealProcess.run(folder, config(origin, "10m"));
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> origin.requests() == 1);
            proxy.program().signal("TERM");
            await().until(() -> refuses(proxy));
            assertThat(proxy.program().alive()).isTrue();
            proxy.program().signal("TERM");
            assertThat(proxy.program().awaitEnd(LIMIT)).isNotZero();
        }
    }

    @Test
    void anIdleProcessEndsCleanly() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config(origin, "25s"))) {
            assertThat(proxy.get("/").text()).isEqualTo("hello");
            assertThat(proxy.terminate()).isZero();
            assertThat(proxy.program().errors()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        }
    }
}
