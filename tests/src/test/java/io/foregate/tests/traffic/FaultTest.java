package io.foregate.tests.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeaks.class)
final class FaultTest {
    @TempDir
    private Path folder;

    private Configured start(Origin origin, String fault) throws Exception {
        return start(origin, fault, "json");
    }

    private Configured start(Origin origin, String fault, String format) throws Exception {
        return Configured.start(folder, """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /*: { to: web, fault: %s } } } }
                pools: { web: ["127.0.0.1:%d"] }
                logs: { access: { format: %s, to: access.log }, error: error }
                """.formatted(fault, origin.port(), format));
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(folder.resolve("access.log"));
    }

    @Test
    void aShareIsAbortedAndNothingOfItReachesTheOrigin() throws Exception {
        int aborted = 0;
        try (Origin origin = Origin.saying("fine")) {
            try (Configured foregate = start(origin, "{ abort: { status: 418, share: 10% } }");
                    Wire client = Wire.to(foregate.port("main"))) {
                for (int i = 0; i < 1000; i++) {
                    Message answer = client.get("/");
                    if (answer.status() == 418) {
                        aborted++;
                        assertThat(answer.text()).contains("injected on purpose");
                        assertThat(answer.field("X-Request-Id")).isNotNull();
                    } else {
                        assertThat(answer.text()).isEqualTo("fine");
                    }
                }
            }
            assertThat(aborted).isBetween(96, 104);
            assertThat(origin.requests()).isEqualTo(1000 - aborted);
        }
        assertThat(log().stream().filter(line -> line.contains("\"kind\":\"fault_injected\"")))
                .hasSize(aborted)
                .allMatch(line -> line.contains("\"status\":418") && line.contains("\"source\":\"proxy\""));
    }

    @Test
    void onlyRequestsWithTheFieldMeetTheFault() throws Exception {
        try (Origin origin = Origin.saying("fine");
                Configured foregate = start(origin, "{ abort: 503, header: X-Fault-Test }");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(client.get("/").status()).isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: test\r\nX-Fault-Test: yes\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(503);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aDelayedRequestArrivesWholeAndItsLineSaysSo() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        connection.send(Origin.ok(request.text()));
                    }
                });
                Configured foregate = start(origin, "{ delay: 60ms }");
                Wire client = Wire.to(foregate.port("main"))) {
            long begun = System.nanoTime();
            String large = "x".repeat(300_000);
            assertThat(client.exchange("POST", "/", "hello").text()).isEqualTo("hello");
            assertThat(client.exchange("POST", "/", large).text()).isEqualTo(large);
            // A bound from below: the fault has really been there.
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(120_000_000L);
        }
        assertThat(log()).hasSize(2).allMatch(line -> line.contains("\"injected_delay_ms\":60.000,\"phase\":\"done\""));
    }

    @Test
    void theCombinedLineSaysSoToo() throws Exception {
        try (Origin origin = Origin.saying("fine");
                Configured foregate = start(origin, "{ delay: 10ms }", "combined");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
        assertThat(log()).singleElement().asString().endsWith(" phase=done failure=- injected_delay=10.000");
    }

    @Test
    void aClientThatGoesAwayEndsItsDelay() throws Exception {
        try (Origin origin = Origin.saying("fine")) {
            try (Configured foregate = start(origin, "{ delay: { time: 1h, share: 100% } }");
                    Wire client = Wire.to(foregate.port("main"))) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                try (Wire other = Wire.to(foregate.port("main"))) {
                    other.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    other.reset();
                }
                client.reset();
                org.awaitility.Awaitility.await()
                        .until(() -> Files.exists(folder.resolve("access.log")) && log().size() == 2);
            }
            assertThat(origin.requests()).isZero();
        }
        assertThat(log()).allMatch(line -> line.contains("client_gone"));
    }

    @Test
    void aResetLeavesTheClientWithoutAnAnswer() throws Exception {
        try (Origin origin = Origin.saying("fine");
                Configured foregate = start(origin, "{ abort: { reset: true } }");
                Wire client = Wire.to(foregate.port("main"))) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOfAny(EOFException.class, IOException.class);
            assertThat(origin.requests()).isZero();
        }
        assertThat(log()).singleElement().asString().contains("fault_injected").doesNotContain("\"status\"");
    }

    @Test
    void clientsOfHttp2MeetFaultsOfTheirOwnStreamOnly() throws Exception {
        try (Origin origin = Origin.saying("fine");
                Configured foregate = Configured.start(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites: { "*": { routes: { /*: web, /broken: { to: web, fault: { abort: { reset: true } } } } } }
                        pools: { web: ["127.0.0.1:%d"] }
                        logs: { access: off, error: error }
                        """.formatted(origin.port()))) {
            String url = "http://127.0.0.1:" + foregate.port("main");
            String frames = Program.run("sh", "-c", "nghttp -v " + url + "/broken " + url + "/; true");
            assertThat(frames).contains("recv RST_STREAM frame", ":status: 200").doesNotContain(":status: 5");
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void callsOfGrpcEndWithTheStatusOfTheFault() throws Exception {
        try (Origin origin = Origin.saying("fine");
                Configured foregate = start(origin, "{ abort: { status: 503, grpc-status: 8 } }")) {
            String url = "http://127.0.0.1:" + foregate.port("main") + "/test.Echo/One";
            assertThat(Program.run(
                            "curl",
                            "-sS",
                            "-i",
                            "--http2-prior-knowledge",
                            "-H",
                            "content-type: application/grpc",
                            "-X",
                            "POST",
                            url))
                    .contains("HTTP/2 200", "grpc-status: 8", "injected on purpose");
            assertThat(Program.run("curl", "-sS", "-i", "--http2-prior-knowledge", url))
                    .contains("HTTP/2 503");
        }
    }
}
