package io.foregate.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the logs of a real process say, and that clients don't get to read it. */
@Execution(ExecutionMode.CONCURRENT)
final class LogsTest {
    @TempDir
    private Path folder;

    private static String config(String log, int... ports) {
        StringBuilder servers = new StringBuilder();
        for (int port : ports) {
            servers.append(servers.isEmpty() ? "" : ", ").append("127.0.0.1:").append(port);
        }
        return """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { "/*": web } } }
                pools: { web: { servers: [%s] } }
                logs: { access: %s }
                """.formatted(servers, log);
    }

    private static Message getAs(String id, RealProcess proxy) throws IOException {
        try (Wire client = proxy.client()) {
            client.send("GET /path?q=1 HTTP/1.1\r\nHost: shop.example\r\nX-Request-Id: " + id + "\r\n\r\n");
            return client.response();
        }
    }

    @Test
    void aLineTellsOfEveryPhaseOfARequest() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config("json", origin.port()))) {
            Message answer = getAs("my-id", proxy);
            assertThat(answer.field("X-Request-Id")).isEqualTo("my-id");
            String line = proxy.program().awaitOutput(text -> text.contains("my-id"));
            assertThat(line)
                    .contains("\"id\":\"my-id\"", "\"client\":\"127.0.0.1\"", "\"listener\":\"main\"")
                    .contains("\"method\":\"GET\"", "\"host\":\"shop.example\"", "\"target\":\"/path?q=1\"")
                    .contains("\"status\":200", "\"upstream_status\":200", "\"site\":\"*\"", "\"route\":\"/*\"")
                    .contains("\"pool\":\"web\"", "\"endpoint\":\"127.0.0.1:" + origin.port() + "\"")
                    .contains("\"attempts\":1", "\"reused\":false", "\"bytes_in\":0", "\"bytes_out\":5")
                    .contains("\"phase\":\"done\"")
                    .doesNotContain("\"failure\"");
            for (String phase : List.of("queue_ms", "connect_ms", "first_byte_ms", "transfer_ms", "total_ms")) {
                assertThat(line).containsPattern("\"" + phase + "\":[0-9]+\\.?[0-9]*[,}]");
            }
        }
    }

    @Test
    void anIdIsMadeForARequestWithoutOne() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config("json", origin.port()))) {
            String id = String.valueOf(proxy.get("/").field("X-Request-Id"));
            assertThat(id).matches("[0-9a-f]{32}");
            proxy.program().awaitOutput(text -> text.contains("\"id\":\"" + id + "\""));
        }
    }

    @Test
    void aRetryIsToldInTheLineOfItsRequest() throws IOException {
        int down = Ports.free();
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config("json", down, origin.port()))) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String id = "request-" + i;
                assertThat(getAs(id, proxy).status()).isEqualTo(200);
                lines.add(proxy.program().awaitOutput(text -> text.contains(id)));
            }
            assertThat(lines)
                    .allMatch(line -> line.contains("\"endpoint\":\"127.0.0.1:" + origin.port() + "\""))
                    .anyMatch(line -> line.contains("\"attempts\":2"));
        }
    }

    @Test
    void aFailureIsExplainedInBothLogsAndToNobodyElse() throws IOException {
        int down = Ports.free();
        try (var proxy = RealProcess.run(folder, config("json", down))) {
            Message answer = getAs("lost-one", proxy);
            assertThat(answer.status()).isEqualTo(502);
            String shown = answer.start() + answer.fields() + answer.text();
            assertThat(shown)
                    .contains("lost-one")
                    .doesNotContain(String.valueOf(down))
                    .doesNotContain("127.0.0.1")
                    .doesNotContainIgnoringCase("refused")
                    .doesNotContainIgnoringCase("foregate")
                    .doesNotContainIgnoringCase("exception");
            assertThat(proxy.program().awaitOutput(text -> text.contains("lost-one")))
                    .contains("\"status\":502", "\"failure\":{\"source\":\"origin\",\"kind\":\"connect_refused\"")
                    .contains("\"detail\":\"", "\"phase\":\"connect\"");
            assertThat(proxy.program().awaitError(text -> text.contains("lost-one")))
                    .contains("origin failed: connect_refused", "phase connect", "endpoint 127.0.0.1:" + down)
                    .contains("pool web");
        }
    }

    @Test
    void theCombinedFormatIsOneThatOthersRead() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config("combined", origin.port()))) {
            try (Wire client = proxy.client()) {
                client.send("GET /a HTTP/1.1\r\nHost: test\r\nUser-Agent: some \"agent\"\r\nReferer: /b\r\n\r\n");
                client.response();
            }
            assertThat(proxy.program().awaitOutput(text -> text.contains("GET /a")))
                    .matches("127\\.0\\.0\\.1 - - \\[.*] \"GET /a HTTP/1\\.1\" 200 5 \"/b\" \"some .*agent.*\".*");
        }
    }

    @Test
    void aRotatedFileIsOpenedAnewAndNoLineIsLost() throws IOException {
        int requests = 0;
        Path log = folder.resolve("access.log");
        try (var origin = Origin.saying("hello");
                var proxy = RealProcess.run(folder, config("{ format: json, to: access.log }", origin.port()));
                var client = proxy.client()) {
            List<Path> rotated = new ArrayList<>();
            for (String signal : List.of("USR1", "HUP", "USR1")) {
                for (int i = 0; i < 50; i++) {
                    client.get("/");
                    requests++;
                }
                Path old = folder.resolve("access.log." + rotated.size());
                Files.move(log, old);
                rotated.add(old);
                proxy.program().signal(signal);
                await().until(() -> Files.exists(log));
            }
            client.get("/last");
            requests++;
            await().until(() -> Files.readString(log).contains("/last"));
            assertThat(proxy.terminate()).isZero();
            rotated.add(log);
            int lines = 0;
            for (Path file : rotated) {
                List<String> found = Files.readAllLines(file);
                assertThat(found).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
                lines += found.size();
            }
            assertThat(lines).isEqualTo(requests);
        }
    }
}
