package io.foregate.control.plan;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.sample.Examples;
import java.time.Instant;
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
        tree.put("advice", plan.advice().stream().map(Problem::toString).toList());
        Replay replay = plan.replay();
        if (replay != null) {
            tree.put("replay", of(replay));
        }
        return tree;
    }

    private static Map<String, Object> of(Replay replay) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sampled", replay.sampled());
        if (replay.all().heads() > 0) {
            tree.put("from", Instant.ofEpochMilli(replay.period().fromMillis()).toString());
            tree.put("to", Instant.ofEpochMilli(replay.period().toMillis()).toString());
        }
        put(tree, replay.all(), replay.all());
        tree.put(
                "groups",
                replay.groups().stream().map(group -> of(group, replay)).toList());
        tree.put(
                "unjudged",
                replay.unjudged().stream()
                        .map(one -> put(new LinkedHashMap<>(Map.of("why", one.why())), one.count(), replay.all()))
                        .toList());
        tree.put("same", put(new LinkedHashMap<>(), replay.same(), replay.all()));
        return tree;
    }

    private static Map<String, Object> of(Replay.Group group, Replay replay) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Replay.Way way = group.way();
        tree.put("kind", way.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        tree.put("before", way.before());
        tree.put("after", way.after());
        tree.put("differences", way.details());
        tree.put("share", way.share());
        put(tree, group.count(), replay.all());
        tree.put("examples", group.examples().stream().map(Examples::tree).toList());
        return tree;
    }

    private static Map<String, Object> put(Map<String, Object> tree, Replay.Count count, Replay.Count all) {
        tree.put("heads", count.heads());
        tree.put("requests", count.requests());
        if (count != all) {
            tree.put("percent", Math.round(1000 * count.percentOf(all)) / 1000.0);
        }
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
