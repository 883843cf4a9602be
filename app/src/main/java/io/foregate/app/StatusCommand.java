package io.foregate.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "status",
        description =
                "Says how it stands with a proxy that runs: revision, and the one that is tried beside it; listeners, pools and"
                        + " endpoints, rollouts, what is quarantined.",
        footer = {
            "",
            "Examples:",
            "  foregate status",
            "  foregate status --admin unix:/run/foregate/admin.sock --json",
            "",
            "Exit code 0 when it serves and nothing is quarantined, 1 when it drains or something is, 3 when it can't be reached."
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        JsonNode status = client.get("/v1/status").orRefuse().json();
        JsonNode pools = client.get("/v1/pools").orRefuse().json().path("pools");
        if (output.json()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            status.properties().forEach(entry -> tree.put(entry.getKey(), entry.getValue()));
            tree.put("pools", pools);
            output.print(tree);
        } else {
            print(status, pools);
        }
        boolean fine = status.path("state").asString("").equals("serving")
                && status.path("quarantined").isEmpty();
        return fine ? Main.FINE : Main.NO;
    }

    private void print(JsonNode status, JsonNode pools) {
        PrintWriter out = output.out();
        out.println("foregate %s, process %d, %s for %s, revision %d of %s"
                .formatted(
                        status.path("version").asString(""),
                        status.path("pid").asLong(0),
                        status.path("state").asString(""),
                        time(status.path("uptimeSeconds").asLong(0)),
                        status.path("revision").asLong(0),
                        status.path("file").asString("")));
        JsonNode trial = status.path("trial");
        if (trial.isObject()) {
            out.println(
                    "revision %d is tried beside revision %d: %.0f %% of clients, %.0f s left; foregate apply --abort ends it"
                            .formatted(
                                    trial.path("revision").asLong(0),
                                    trial.path("against").asLong(0),
                                    trial.path("share").asDouble(0) * 100,
                                    trial.path("secondsLeft").asDouble(0)));
        }
        out.println();
        Table listeners = new Table();
        listeners.row("LISTENER", "ADDRESS", "CONNECTIONS");
        for (JsonNode listener : status.path("listeners")) {
            listeners.row(
                    listener.path("name").asString(""),
                    listener.path("address").asString(""),
                    listener.path("connections").asString(""));
        }
        listeners.print(out, "");
        if (!pools.isEmpty()) {
            out.println();
            endpoints(pools).print(out, "");
        }
        for (JsonNode one : status.path("rollouts")) {
            if (one.path("active").asBoolean(false)) {
                out.println();
                out.print("rollout of ");
                RolloutText.one(one, out);
            }
        }
        for (JsonNode one : status.path("quarantined")) {
            out.println();
            out.println("quarantined: " + one.path("what").asString("") + " "
                    + one.path("name").asString("") + ": " + one.path("reason").asString(""));
        }
    }

    private static Table endpoints(JsonNode pools) {
        Table table = new Table();
        table.row("POOL", "ENDPOINT", "STATE", "WEIGHT", "IN FLIGHT", "REASON");
        for (JsonNode pool : pools) {
            for (JsonNode endpoint : pool.path("endpoints")) {
                table.row(
                        pool.path("name").asString(""),
                        endpoint.path("name").asString(""),
                        endpoint.path("state").asString(""),
                        endpoint.path("weight").asString(""),
                        endpoint.path("inFlight").asString(""),
                        endpoint.path("reason").asString(""));
            }
        }
        return table;
    }

    static String time(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? time.toMinutes() + " min " + time.toSecondsPart() + " s" : seconds + " s";
    }
}
