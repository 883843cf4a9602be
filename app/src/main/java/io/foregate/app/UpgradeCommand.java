package io.foregate.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "upgrade",
        description = {
            "Has a proxy that runs start its new version beside itself and leave the listening sockets to it, so that no connection"
                    + " is lost; then it finishes what it has, and ends. If the new one doesn't come to serve, the old one goes on as"
                    + " if nothing had been."
        },
        footer = {
            "",
            "Examples:",
            "  foregate upgrade",
            "  foregate upgrade --binary /opt/foregate-1.3/foregate",
            "  foregate upgrade --config /etc/foregate/foregate.yaml --grace 10m",
            "",
            "Exit code 0 when the new process serves, 1 when the old one goes on, 3 when the proxy can't be reached."
        })
final class UpgradeCommand implements Callable<Integer> {
    private static final int LOOKS = 30;
    private static final int PAUSE_MILLIS = 100;

    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = "--binary",
            paramLabel = "PATH",
            description =
                    "The program to start, a launcher or a jar (default: the one that was started, as it is on disk now). It needs"
                            + " an admin API at a unix socket.")
    private @Nullable Path binary;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration file to run with from now on (default: the configuration in force goes over).")
    private @Nullable Path config;

    @Option(
            names = "--ready",
            paramLabel = "TIME",
            description = "How long the new process may take until it serves (default: 60s).")
    private @Nullable String ready;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description =
                    "How long the old process may take to finish what it has, WebSockets for instance (default: the"
                            + " configuration's shutdown.grace).")
    private @Nullable String grace;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> body = new LinkedHashMap<>();
        put(body, "binary", absolute(binary));
        put(body, "config", absolute(config));
        put(body, "ready", ready);
        put(body, "grace", grace);
        AdminClient client = admin.client();
        AdminClient.Answer answer = client.post("/v1/upgrade", body);
        JsonNode tree = answer.json();
        if (answer.fine()) {
            awaitApi(client, tree.path("pid").asLong(0));
        }
        if (output.json()) {
            output.print(tree);
        } else if (answer.fine()) {
            long connections = tree.path("connections").asLong(0);
            output.out()
                    .println("process %d (version %s) serves now, after %d ms; process %d ends%s"
                            .formatted(
                                    tree.path("pid").asLong(0),
                                    tree.path("version").asString(""),
                                    tree.path("tookMillis").asLong(0),
                                    tree.path("leaving").asLong(0),
                                    connections == 0
                                            ? ""
                                            : connections == 1
                                                    ? " when its connection has"
                                                    : " when its " + connections + " connections have"));
        } else {
            String why = tree.path("error").asString("the admin API has answered " + answer.status());
            throw new Refused(
                    answer.status() == 409 ? why + System.lineSeparator() + "The process goes on as it was." : why);
        }
        return answer.fine() ? Main.FINE : Main.NO;
    }

    // It moves after the sockets have, and whoever has called this may call the next command at once.
    private static void awaitApi(AdminClient client, long pid) throws InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            try {
                if (client.get("/v1/status").json().path("pid").asLong(0) == pid) {
                    return;
                }
            } catch (Unreachable e) {
                // Not yet; or never, where the new configuration has it elsewhere.
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static void put(Map<String, String> body, String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static @Nullable String absolute(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }
}
