package io.foregate.control.plan;

import io.foregate.control.config.bind.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a change would do, for programs. Stateless. */
public final class PlanTree {
    private PlanTree() {}

    public static Map<String, Object> of(Plan plan) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("empty", plan.empty());
        tree.put("changes", plan.changes().stream().map(PlanTree::of).toList());
        tree.put("regions", plan.regions().stream().map(PlanTree::of).toList());
        tree.put("warnings", plan.warnings().stream().map(Problem::toString).toList());
        return tree;
    }

    private static Map<String, Object> of(Change change) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("change", change.kind().name().toLowerCase(Locale.ROOT));
        tree.put("thing", change.thing());
        tree.put("name", change.name());
        tree.put("details", change.details());
        return tree;
    }

    private static Map<String, Object> of(Region region) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("listeners", texts(region.listeners()));
        tree.put("host", region.host().toString());
        tree.put("otherHosts", texts(region.otherHosts()));
        tree.put("path", region.path().toString());
        tree.put("otherPaths", texts(region.otherPaths()));
        tree.put("when", texts(region.when()));
        tree.put("unless", region.unless().stream().map(PlanTree::texts).toList());
        tree.put("elsewhere", region.before().goesElsewhere(region.after()));
        tree.put("before", of(region.before()));
        tree.put("after", of(region.after()));
        tree.put("differences", region.before().differences(region.after()));
        return tree;
    }

    private static Map<String, Object> of(Outcome outcome) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("action", outcome.action());
        tree.put("settings", outcome.settings());
        return tree;
    }

    private static List<String> texts(List<?> things) {
        return things.stream().map(Object::toString).toList();
    }
}
