package io.foregate.proxy.balance.simulation;

import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.SlowStart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every balancer through every scenario, and the keys that move; prints the tables of {@code docs/balancing.md}. */
public final class Simulation {
    private static final double FALLS_BEHIND_MILLIS = 5000;
    static final String THEORY = "one line for all (theory)";

    private static final int REQUESTS = 400_000;

    private Simulation() {}

    /** The argument is how many requests there are in each run. */
    public static void main(String[] args) {
        int requests = args.length == 0 ? REQUESTS : Integer.parseInt(args[0]);
        Map<String, Map<String, Run.Result>> all = run(requests);
        System.out.print(table("99 % of requests take at most (ms)", all, Simulation::p99));
        // Whoever is free first takes all: of no meaning.
        all.remove(THEORY);
        System.out.print(table("the busiest server has … times its due", all, Simulation::busiest));
        System.out.print(keys(Keys.all()));
    }

    /** Results by balancer and scenario. */
    static Map<String, Map<String, Run.Result>> run(int requests) {
        Map<String, Map<String, Run.Result>> all = new LinkedHashMap<>();
        balancers().forEach((name, balancing) -> {
            Map<String, Run.Result> row = new LinkedHashMap<>();
            for (Scenario scenario : Scenario.all()) {
                row.put(scenario.name(), new Run(scenario, balancing, 7).of(requests));
            }
            all.put(name, row);
        });
        return all;
    }

    private static Map<String, @Nullable Balancing> balancers() {
        Map<String, @Nullable Balancing> balancers = new LinkedHashMap<>();
        for (Balancer balancer : Balancer.values()) {
            String word = balancer.name().toLowerCase(Locale.ROOT).replace('_', '-');
            balancers.put("`" + word + "`", Balancing.by(balancer));
        }
        balancers.put(
                "`hash` without bound", new Balancing(Balancer.HASH, 40, 20, "", 1_000_000, SlowStart.NONE, null));
        balancers.put(THEORY, null);
        return balancers;
    }

    private interface Column {
        String of(Run.Result result);
    }

    // Beyond some point the line only grows, and how long it is says how long it was looked at.
    private static String p99(Run.Result result) {
        return result.p99Millis() > FALLS_BEHIND_MILLIS
                ? "falls behind"
                : String.format(Locale.ROOT, "%,.0f", result.p99Millis());
    }

    private static String busiest(Run.Result result) {
        return String.format(Locale.ROOT, "%.2f", result.busiest());
    }

    private static String table(String title, Map<String, Map<String, Run.Result>> all, Column column) {
        StringBuilder text = new StringBuilder("\n| " + title + " |");
        List<String> scenarios = new ArrayList<>(all.values().iterator().next().keySet());
        scenarios.forEach(scenario -> text.append(' ').append(scenario).append(" |"));
        text.append("\n|---|").append("---:|".repeat(scenarios.size())).append('\n');
        all.forEach((name, row) -> {
            text.append("| ").append(name).append(" |");
            row.values()
                    .forEach(
                            result -> text.append(' ').append(column.of(result)).append(" |"));
            text.append('\n');
        });
        return text.toString();
    }

    private static String keys(List<Keys.Result> results) {
        StringBuilder text = new StringBuilder(
                "\n| `hash` | keys that move | theory | the fullest has … times its due |\n|---|---:|---:|---:|\n");
        for (Keys.Result result : results) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f %% | %.2f %% | %.2f |%n",
                    result.change(),
                    result.moved() * 100,
                    result.least() * 100,
                    result.fullest()));
        }
        return text.toString();
    }
}
