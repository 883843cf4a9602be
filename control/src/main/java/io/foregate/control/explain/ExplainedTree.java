package io.foregate.control.explain;

import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Explained;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Traffic;
import io.foregate.proxy.route.RouteTrace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What would become of a request, for programs: maps and lists that print as JSON. Stateless. */
public final class ExplainedTree {
    private ExplainedTree() {}

    public static Map<String, @Nullable Object> of(Answer answer) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        switch (answer) {
            case Answer.Refused(int status, String reason) -> {
                tree.put("status", status);
                tree.put("reason", reason);
            }
            case Answer.Nowhere nowhere -> {
                trace(tree, nowhere.listener(), nowhere.trace());
                tree.put("status", 404);
            }
            case Answer.Routed routed -> routed(tree, routed);
        }
        return tree;
    }

    private static void routed(Map<String, @Nullable Object> tree, Answer.Routed routed) {
        trace(tree, routed.listener(), routed.trace());
        tree.put("siteOrigin", origin(routed.site().origin()));
        tree.put("route", routed.route().match().path().toString());
        tree.put("routeOrigin", origin(routed.route().match().origin()));
        switch (routed.outcome()) {
            case Answer.Forwarded forwarded -> {
                if (forwarded.insteadOf() != null) {
                    tree.put("insteadOf", forwarded.insteadOf().text());
                }
                tree.put("requestLine", forwarded.requestLine());
                tree.put("host", forwarded.host());
                tree.put(
                        "changes",
                        forwarded.changes().stream().map(ExplainedTree::change).toList());
            }
            case Answer.Answered answered -> {
                tree.put("status", answered.status());
                tree.put("location", answered.location());
            }
        }
        EffectivePool pool = routed.pool();
        tree.put("settings", settings(routed.route().explain(pool == null ? null : pool.name())));
        if (routed.route().action().value() instanceof Action.Split(Traffic.Split split)) {
            Map<String, @Nullable Object> shares = new LinkedHashMap<>();
            split.pools().forEach((name, share) -> shares.put(name.text(), share.toString()));
            tree.put("split", shares);
            tree.put("splitBy", split.by().toString());
        }
        if (pool != null) {
            Map<String, @Nullable Object> poolTree = new LinkedHashMap<>();
            poolTree.put("name", pool.name().text());
            poolTree.put(
                    "servers",
                    pool.servers().value().stream().map(Pool.Server::where).toList());
            poolTree.put("settings", settings(pool.explain()));
            tree.put("pool", poolTree);
        }
    }

    private static void trace(Map<String, @Nullable Object> tree, String listener, RouteTrace trace) {
        tree.put("listener", listener);
        tree.put("site", trace.site());
        tree.put("siteReason", trace.siteReason());
        tree.put(
                "considered",
                trace.steps().stream()
                        .map(step -> Map.of(
                                "route",
                                step.route().pattern(),
                                "rank",
                                step.rank(),
                                "outcome",
                                step.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                                "reason",
                                step.reason()))
                        .toList());
    }

    private static Map<String, @Nullable Object> change(Answer.Change change) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("field", change.field());
        tree.put("before", change.before());
        tree.put("after", change.after());
        return tree;
    }

    private static List<Map<String, @Nullable Object>> settings(List<Explained> settings) {
        return settings.stream()
                .map(setting -> {
                    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
                    tree.put("key", setting.key());
                    tree.put("value", setting.value());
                    tree.put("origin", origin(setting.origin()));
                    return tree;
                })
                .toList();
    }

    private static @Nullable Map<String, @Nullable Object> origin(Origin origin) {
        var position = origin.position();
        if (position == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("file", position.file());
        tree.put("line", position.line());
        tree.put("column", position.column());
        tree.put("path", origin.path());
        return tree;
    }
}
