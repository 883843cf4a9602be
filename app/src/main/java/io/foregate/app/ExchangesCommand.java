package io.foregate.app;

import io.foregate.control.watch.Why;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "exchanges",
        description = {
            "Lists the requests that are under way, the oldest first: for how long, in which phase, where. With --connections,"
                    + " the connections of clients."
        },
        footer = {
            "",
            "Examples:",
            "  foregate exchanges",
            "  foregate exchanges --pool api --slow 10s",
            "  foregate exchanges --connections -n 1000 --json",
            "",
            "Exit code 3 when the proxy can't be reached."
        })
final class ExchangesCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Mixin
    private final Filters filters = new Filters();

    @Option(names = "--connections", description = "List connections instead; these can't be filtered.")
    private boolean connections;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "How many to list (default: ${DEFAULT-VALUE}, at most 1000).")
    private int limit = 100;

    @Override
    public Integer call() {
        String what = connections ? "connections" : "exchanges";
        Map<String, String> more = Map.of("limit", String.valueOf(limit));
        JsonNode tree = admin.client()
                .get("/v1/" + what + filters.query(more))
                .orRefuse()
                .json();
        if (output.json()) {
            output.print(tree);
            return Main.FINE;
        }
        JsonNode all = tree.path(what);
        Table table = new Table();
        if (connections) {
            connections(all, table);
        } else {
            exchanges(all, table);
        }
        table.print(output.out(), "");
        int total = tree.path("total").asInt(0);
        if (total > all.size()) {
            output.out().println(total - all.size() + " more, all younger");
        } else if (total == 0) {
            output.out().println("there are none");
        }
        return Main.FINE;
    }

    private static void exchanges(JsonNode all, Table table) {
        table.row("AGE", "PHASE", "STATUS", "REQUEST", "CLIENT", "POOL", "ENDPOINT", "IN", "OUT", "ID");
        for (JsonNode one : all) {
            table.row(
                    Why.millis(one.path("total_ms")),
                    one.path("phase").asString(""),
                    one.path("status").asString("-"),
                    WhyCommand.shortened(Why.request(one), 60),
                    one.path("client").asString(""),
                    one.path("pool").asString("-"),
                    one.path("endpoint").asString("-"),
                    one.path("bytes_in").asString(""),
                    one.path("bytes_out").asString(""),
                    one.path("id").asString(""));
        }
    }

    private static void connections(JsonNode all, Table table) {
        table.row("AGE", "CLIENT", "PEER", "LISTENER", "PROTOCOL", "TLS", "REQUESTS", "IN", "OUT");
        for (JsonNode one : all) {
            table.row(
                    Why.millis(one.path("age_ms")),
                    one.path("client").asString(""),
                    one.path("peer").asString(""),
                    one.path("listener").asString(""),
                    one.path("protocol").asString(""),
                    one.path("tls").asBoolean(false) ? "yes" : "no",
                    one.path("requests").asString(""),
                    one.path("bytes_in").asString(""),
                    one.path("bytes_out").asString(""));
        }
    }
}
