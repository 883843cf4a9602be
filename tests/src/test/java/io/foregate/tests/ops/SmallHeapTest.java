package io.foregate.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process with a heap of 64 MB, under all kinds of load at once. */
final class SmallHeapTest {
    private static final int CLIENTS = 24;
    private static final int SLOW_READERS = 40;
    private static final int ROUNDS = 15;
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private static void serve(Wire connection) throws IOException {
        byte[] content = new byte[MEGABYTE];
        for (Message request = connection.request(); request != null; request = connection.request()) {
            int size = request.method().equals("PUT")
                    ? 0
                    : Integer.parseInt(request.target().substring(1));
            connection.send(
                    "HTTP/1.1 200 OK\r\nX-Got: " + request.body().length + "\r\nContent-Length: " + size + "\r\n\r\n");
            connection.out().write(content, 0, size);
        }
    }

    private static void mixed(Wire client) throws IOException {
        String upload = "x".repeat(MEGABYTE);
        for (int i = 0; i < ROUNDS; i++) {
            for (int size : new int[] {10, 10 * 1024, 20, 10 * 1024, MEGABYTE}) {
                assertThat(client.get("/" + size).body()).hasSize(size);
            }
            Message answer = client.exchange("PUT", "/", upload);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("X-Got")).isEqualTo(String.valueOf(MEGABYTE));
        }
    }

    @Test
    void aHeapOf64MegabytesIsEnough() throws Exception {
        try (var origin = Origin.start(SmallHeapTest::serve);
                var proxy = RealProcess.run(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites: { "*": web }
                        pools: { web: ["127.0.0.1:%d"] }
                        logs: { access: { format: json, to: access.log } }
                        """.formatted(origin.port()), List.of("-Xmx64m"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Wire> slow = new ArrayList<>();
            for (int i = 0; i < SLOW_READERS; i++) {
                Wire reader = Wire.narrow(proxy.port(), 4096);
                reader.send("GET /" + MEGABYTE + " HTTP/1.1\r\nHost: test\r\n\r\n");
                slow.add(reader);
            }
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                tasks.add(() -> {
                    try (Wire client = proxy.client()) {
                        mixed(client);
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
            for (Wire reader : slow) {
                assertThat(reader.response().body()).hasSize(MEGABYTE);
                reader.close();
            }
            assertThat(proxy.terminate()).isZero();
            assertThat(proxy.program().errors())
                    .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"))
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("outofmemory"));
        }
    }
}
