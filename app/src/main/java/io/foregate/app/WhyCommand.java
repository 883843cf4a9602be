package io.foregate.app;

import io.foregate.control.watch.Why;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "why",
        description = {
            "Says why a request failed: its route, every attempt with its endpoint, how long each phase took, and the cause."
                    + " Without an id, lists the last requests that failed. A client has the id of a request in the answer's"
                    + " X-Request-Id and on our error pages."
        },
        footer = {
            "",
            "Examples:",
            "  foregate why",
            "  foregate why 7f3a5c0e9b2d4f61a8c7e5d3b1f09a24",
            "  foregate why --all -n 200 --json",
            "",
            "Exit code 1 when no failure with that id is known, or when there is none to list; 3 when the proxy can't be",
            "reached."
        })
final class WhyCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(arity = "0..1", paramLabel = "REQUEST-ID", description = "Its id.")
    private @Nullable String id;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "How many to list (default: ${DEFAULT-VALUE}, at most 500).")
    private int limit = 20;

    @Option(
            names = "--all",
            description = "List those, too, where the client was at fault: 404s of ours, clients that went away.")
    private boolean all;

    @Override
    public Integer call() {
        String wanted = id;
        AdminClient client = admin.client();
        if (wanted == null) {
            return list(client);
        }
        String path = "/v1/failures/" + AdminOption.segment(wanted);
        if (output.json()) {
            output.print(client.get(path).orRefuse().json());
        } else {
            output.out().print(client.getText(path).orRefuse().text());
            output.out().flush();
        }
        return Main.FINE;
    }

    private int list(AdminClient client) {
        String path = "/v1/failures?limit=" + limit + (all ? "&all=true" : "");
        JsonNode tree = client.get(path).orRefuse().json();
        JsonNode failures = tree.path("failures");
        if (output.json()) {
            output.print(tree);
        } else if (failures.isEmpty()) {
            output.out()
                    .println("nothing has failed" + (all ? "" : ", clients' own mistakes aside (--all lists those)"));
        } else {
            Table table = new Table();
            table.row("TIME", "ID", "STATUS", "REQUEST", "ENDPOINT", "CAUSE");
            for (JsonNode one : failures) {
                table.row(
                        clock(one),
                        one.path("id").asString(""),
                        one.path("status").asString("-"),
                        shortened(Why.request(one), 60),
                        one.path("endpoint").asString(one.path("pool").asString("-")),
                        one.path("failure")
                                .path("kind")
                                .asString(
                                        one.path("upstream_status").isMissingNode()
                                                ? "as configured"
                                                : "answered by the server"));
            }
            table.print(output.out(), "");
        }
        return failures.isEmpty() ? Main.NO : Main.FINE;
    }

    /** The time of day when it began. */
    static String clock(JsonNode record) {
        String time = record.path("time").asString("");
        return time.length() > 23 ? time.substring(11, 23) : time;
    }

    static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }
}
