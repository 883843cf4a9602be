package io.foregate.app;

import io.foregate.control.watch.Why;
import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
        name = "top",
        description = {
            "Shows the busiest routes, pools, endpoints and clients: requests a second, how many of them failed by the"
                    + " server's or the proxy's doing, how long clients waited for answers to begin, and how many are under way."
                    + " Refreshed until Ctrl-C."
        },
        footer = {
            "",
            "Examples:",
            "  foregate top",
            "  foregate top --by endpoints --every 5s",
            "  foregate top --once --by clients -n 50",
            "  foregate top --json | jq .all.perSecond",
            "",
            "Exit code 0 when it has ended, 3 when the proxy can't be reached."
        })
final class TopCommand implements Callable<Integer> {
    private static final String CLEAR = "\033[H\033[2J";

    /** What may be looked at. */
    enum By {
        all,
        routes,
        pools,
        endpoints,
        clients
    }

    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "all",
            description = "What to show: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private By by = By.all;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How long to measure, and then show (default: ${DEFAULT-VALUE}, at most 30s).")
    private String every = "2s";

    @Option(names = "--once", description = "Show it once and end; --json does so, too.")
    private boolean once;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "NUMBER",
            defaultValue = "8",
            description = "How many of each (default: ${DEFAULT-VALUE}, at most 1000).")
    private int limit = 8;

    @Override
    public Integer call() {
        AdminClient client = admin.client();
        String path = "/v1/top?for=" + AdminOption.segment(every) + "&limit=" + limit;
        PrintWriter out = output.out();
        Console console = System.console();
        boolean screen = !once && console != null && console.isTerminal();
        do {
            JsonNode tree = client.get(path).orRefuse().json();
            if (output.json()) {
                output.print(tree);
                return Main.FINE;
            }
            if (screen) {
                out.print(CLEAR);
            }
            print(tree, out);
            out.flush();
        } while (!once && !out.checkError());
        return Main.FINE;
    }

    private void print(JsonNode tree, PrintWriter out) {
        JsonNode all = tree.path("all");
        out.println("%s requests/s, %d errors, p50 %s, p99 %s, %d in flight (of the last %.1f s)"
                .formatted(
                        rate(all),
                        all.path("errors").asLong(0),
                        Why.millis(all.path("p50Millis")),
                        Why.millis(all.path("p99Millis")),
                        all.path("inFlight").asLong(0),
                        tree.path("seconds").asDouble(0)));
        for (By one : List.of(By.routes, By.pools, By.endpoints, By.clients)) {
            JsonNode rows = tree.path(one.name());
            if ((by == By.all || by == one) && !rows.isEmpty()) {
                out.println();
                table(one, rows).print(out, "");
            }
        }
        out.println();
    }

    private static Table table(By by, JsonNode rows) {
        Table table = new Table();
        String title = by.name().toUpperCase(Locale.ROOT);
        table.row(title.substring(0, title.length() - 1), "REQ/S", "ERRORS", "P50", "P99", "IN FLIGHT");
        for (JsonNode row : rows) {
            table.row(
                    WhyCommand.shortened(name(by, row), 50),
                    rate(row),
                    row.path("errors").asLong(0) == 0
                            ? "-"
                            : "%d (%.1f%%)"
                                    .formatted(
                                            row.path("errors").asLong(0),
                                            row.path("errorPart").asDouble(0) * 100),
                    time(row, "p50Millis"),
                    time(row, "p99Millis"),
                    row.path("inFlight").asString(""));
        }
        return table;
    }

    private static String name(By by, JsonNode row) {
        return switch (by) {
            case all -> "";
            case routes ->
                row.path("site").asString("") + " " + row.path("route").asString("");
            case pools -> row.path("pool").asString("");
            case endpoints ->
                row.path("pool").asString("") + "/" + row.path("endpoint").asString("");
            case clients -> row.path("client").asString("");
        };
    }

    private static String rate(JsonNode row) {
        double rate = row.path("perSecond").asDouble(0);
        return rate >= 10 || rate == 0 ? String.valueOf(Math.round(rate)) : String.format(Locale.ROOT, "%.1f", rate);
    }

    // Nothing has ended, so nothing is known.
    private static String time(JsonNode row, String field) {
        return row.path("requests").asLong(0) == 0 ? "-" : Why.millis(row.path(field));
    }
}
