package io.foregate.app;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What rollouts look like for people. Stateless. */
final class RolloutText {
    private RolloutText() {}

    static String path(String pool) {
        return "/v1/rollouts/" + AdminOption.segment(pool);
    }

    /** Prints one pool's, or all. Returns the exit code. */
    static int print(AdminClient client, @Nullable String pool, Output output) {
        JsonNode tree = client.get(pool == null ? "/v1/rollouts" : path(pool))
                .orRefuse()
                .json();
        if (output.json()) {
            output.print(tree);
        } else if (pool != null) {
            one(tree, output.out());
            output.out().println();
            events(tree, 0, output.out());
        } else if (tree.path("rollouts").isEmpty()) {
            output.out().println("there are no rollouts");
        } else {
            tree.path("rollouts").forEach(one -> one(one, output.out()));
        }
        String phase = tree.path("phase").asString("");
        return phase.equals("rolled_back") || phase.equals("aborted") ? Main.NO : Main.FINE;
    }

    /** One that has just begun. */
    static void began(JsonNode tree, PrintWriter out) {
        List<String> steps = new ArrayList<>();
        tree.path("steps").forEach(step -> steps.add(step.asString("")));
        String pool = tree.path("pool").asString("");
        out.println("the rollout of pool %s to %s has begun: %s"
                .formatted(
                        pool, tree.path("to").asString(""), tree.path("share").asString("")));
        long needed = tree.path("judgement").path("needed").asLong(0);
        Table table = new Table();
        table.row(
                "steps",
                String.join(", ", steps) + ", each for " + tree.path("every").asString(""));
        table.row(
                "guard",
                tree.path("guard").asString("")
                        + (needed == 0 ? ": nothing but the time decides" : "; a step needs " + needed + " requests"));
        table.row("how it goes", "foregate rollout status " + pool);
        table.row("back to 0%", "foregate rollout abort " + pool);
        table.print(out, "  ");
    }

    /** A line for a rollout, and what there is to say of it below. */
    static void one(JsonNode tree, PrintWriter out) {
        String phase = tree.path("phase").asString("");
        JsonNode judgement = tree.path("judgement");
        StringBuilder line = new StringBuilder();
        line.append(tree.path("pool").asString(""))
                .append(" to ")
                .append(tree.path("to").asString(""))
                .append(": ")
                .append(phase.replace('_', ' '));
        boolean guarded = phase.equals("running") || phase.equals("paused");
        if (tree.path("active").asBoolean(false)) {
            line.append(", ").append(tree.path("share").asString(""));
        }
        if (guarded) {
            line.append(", step ")
                    .append(tree.path("step").asLong(0))
                    .append(" of ")
                    .append(tree.path("steps").size())
                    .append(", ")
                    .append(StatusCommand.time(tree.path("elapsedMillis").asLong(0) / 1000))
                    .append(" of ")
                    .append(tree.path("every").asString(""));
        }
        out.println(line);
        say(tree.path("note").asString(""), out);
        if (guarded) {
            judgement(judgement, out);
        }
        say(tree.path("advice").asString(""), out);
    }

    private static void judgement(JsonNode judgement, PrintWriter out) {
        long needed = judgement.path("needed").asLong(0);
        say(
                judgement.path("requests").asLong(0) + " requests in this step"
                        + (needed == 0 ? "" : ", of " + needed + " that it needs"),
                out);
        for (JsonNode condition : judgement.path("conditions")) {
            String detail = condition.path("detail").asString("");
            say(
                    condition.path("condition").asString("") + ": "
                            + condition.path("value").asString("") + (detail.isEmpty() ? "" : " (" + detail + ")")
                            + (condition.path("met").asBoolean(true) ? "" : ", which it isn't"),
                    out);
        }
    }

    private static void say(String text, PrintWriter out) {
        if (!text.isEmpty()) {
            out.println("  " + text);
        }
    }

    /** Prints the events from the one after so many on; returns how many there are. */
    static int events(JsonNode tree, int printed, PrintWriter out) {
        int at = 0;
        for (JsonNode event : tree.path("events")) {
            if (at++ >= printed) {
                Instant time = Instant.parse(event.path("time").asString(""));
                LocalTime local =
                        LocalTime.ofInstant(time, ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
                out.println("%s  %s"
                        .formatted(
                                local.toString().length() == 5 ? local + ":00" : local,
                                event.path("text").asString("")));
            }
        }
        out.flush();
        return at;
    }
}
