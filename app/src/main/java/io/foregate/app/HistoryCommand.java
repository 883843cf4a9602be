package io.foregate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(
        name = "history",
        description = "Lists the configurations that a proxy has had, the newest first.",
        footer = {"", "Example:", "  foregate history"})
final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Override
    public Integer call() {
        JsonNode tree = admin.client().get("/v1/revisions").orRefuse().json();
        if (output.json()) {
            output.print(tree);
            return Main.FINE;
        }
        long current = tree.path("current").asLong(0);
        Table table = new Table();
        table.row("", "REV", "TIME", "AUTHOR", "OUTCOME", "MESSAGE");
        for (JsonNode one : tree.path("revisions")) {
            String note = one.path("note").asString("");
            String message = one.path("message").asString("");
            table.row(
                    one.path("revision").asLong(0) == current ? "*" : "",
                    one.path("revision").asString(""),
                    toTheSecond(one.path("time").asString("")),
                    one.path("author").asString(""),
                    one.path("outcome").asString(""),
                    message + (note.isEmpty() ? "" : (message.isEmpty() ? "" : "; ") + note));
        }
        table.print(output.out(), "");
        return Main.FINE;
    }

    // All of it is in the JSON.
    private static String toTheSecond(String time) {
        int fraction = time.indexOf('.');
        return fraction < 0 ? time : time.substring(0, fraction) + "Z";
    }
}
