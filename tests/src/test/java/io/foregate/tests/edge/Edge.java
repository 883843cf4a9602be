package io.foregate.tests.edge;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.StartFailure;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Foregate with a configuration of its own, one loop, and an access log that can be looked into. */
final class Edge implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ACCESS_LOG = "access.log";

    private final Foregate running;
    private final Path folder;

    private Edge(Foregate running, Path folder) {
        this.running = running;
        this.folder = folder;
    }

    /** In front of the origin at {@code port}, with these lines in its only listener and more of {@code top} beside it. */
    static Edge start(Path folder, int port, String listener, String top) {
        String yaml = """
                listeners:
                  test: { address: "127.0.0.1:0"%s }
                sites:
                  "*": { routes: { /*: web, /local: { respond: { body: fine } } } }
                pools:
                  web: { servers: ["127.0.0.1:%d"] }
                logs: { access: { format: json, to: %s }, error: error }
                shutdown: 1ms
                # A machine that is busy with other tests is not what these are about.
                overload: { lag: none }
                %s
                """.formatted(listener.isEmpty() ? "" : ", " + listener, port, ACCESS_LOG, top);
        var settings = new Foregate.Settings(1, Transport.preferred(), folder);
        try {
            return switch (ConfigLoader.load("test.yaml", yaml)) {
                case Loaded.Ok ok -> new Edge(Foregate.start(ok, settings), folder);
                case Loaded.Invalid invalid -> fail("%s%n%s", invalid.problems(), yaml);
            };
        } catch (StartFailure | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return running.listeners().getFirst().address().getPort();
    }

    Wire client() throws IOException {
        return Wire.to(port());
    }

    /** One GET on a connection of its own. */
    Message get(String target) throws IOException {
        try (Wire client = client()) {
            return client.get(target);
        }
    }

    long count(Defence defence) {
        return running.defences().count(defence);
    }

    /** Waits until a defence has acted that often. */
    void awaitCount(Defence defence, long count) {
        await().atMost(PATIENCE).until(() -> count(defence) >= count);
    }

    /** Lines of the access log, once there are that many. */
    List<String> accessLog(int lines) {
        return await().atMost(PATIENCE)
                .until(() -> Files.readAllLines(folder.resolve(ACCESS_LOG)), found -> found.size() >= lines);
    }

    @Override
    public void close() {
        try {
            running.stop();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
