package io.foregate.control.plan;

import io.foregate.control.config.bind.Tree;
import io.foregate.control.config.model.Config;
import io.foregate.control.plan.Change.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares two configurations as they are written, thing by thing. Stateless. */
public final class Changes {
    private static final Map<String, String> THINGS =
            Map.of("sites", "site", "pools", "pool", "policies", "policy", "listeners", "listener");
    private static final Map<String, Object> NOTHING = Map.of();
    private static final Map<String, Object> SERVER_DEFAULTS = Map.of("weight", 1, "priority", 0, "backup", false);

    private Changes() {}

    /** In the order of the files; what is new comes after what was there. */
    public static List<Change> between(Config before, Config after) {
        // A tree of all routes is large, and mostly of what is the same.
        Map<String, Object> old = Tree.of(Differing.of(before, after));
        Map<String, Object> now = Tree.of(Differing.of(after, before));
        List<Change> changes = new ArrayList<>();
        for (String key : keys(old, now)) {
            String thing = THINGS.get(key);
            if (thing == null) {
                other(key, old.get(key), now.get(key), changes);
            } else {
                things(thing, map(old.get(key)), map(now.get(key)), changes);
            }
        }
        return List.copyOf(changes);
    }

    private static void things(String thing, Map<String, Object> old, Map<String, Object> now, List<Change> changes) {
        for (String name : keys(old, now)) {
            Map<String, Object> before = new LinkedHashMap<>(map(old.get(name)));
            Map<String, Object> after = new LinkedHashMap<>(map(now.get(name)));
            Map<String, Object> routesBefore = Map.of();
            Map<String, Object> routesAfter = Map.of();
            if (thing.equals("site")) {
                routesBefore = map(before.remove("routes"));
                routesAfter = map(after.remove("routes"));
            }
            if (!old.containsKey(name)) {
                changes.add(new Change(thing, name, Kind.ADDED, List.of()));
            } else if (!now.containsKey(name)) {
                changes.add(new Change(thing, name, Kind.REMOVED, List.of()));
            } else {
                List<String> details = new ArrayList<>();
                compare("", before, after, details);
                if (!details.isEmpty()) {
                    changes.add(new Change(thing, name, Kind.CHANGED, List.copyOf(details)));
                }
                routes(name, routesBefore, routesAfter, changes);
            }
        }
    }

    private static void routes(String site, Map<String, Object> old, Map<String, Object> now, List<Change> changes) {
        for (String path : keys(old, now)) {
            String name = site + " " + path;
            if (!old.containsKey(path)) {
                changes.add(new Change("route", name, Kind.ADDED, List.of()));
            } else if (!now.containsKey(path)) {
                changes.add(new Change("route", name, Kind.REMOVED, List.of()));
            } else {
                List<String> details = new ArrayList<>();
                Object before = alone(old.get(path));
                Object after = alone(now.get(path));
                compare("", before, after, details);
                if (!details.isEmpty()) {
                    changes.add(new Change("route", name, Kind.CHANGED, List.copyOf(details)));
                }
            }
        }
    }

    // Most paths have one route, written without a list.
    private static @Nullable Object alone(@Nullable Object routes) {
        return routes instanceof List<?> list && list.size() == 1 ? list.getFirst() : routes;
    }

    private static void other(String key, @Nullable Object before, @Nullable Object after, List<Change> changes) {
        List<String> details = new ArrayList<>();
        compare("", before, after, details);
        if (!details.isEmpty()) {
            Kind kind = before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.CHANGED;
            changes.add(new Change(key, "", kind, List.copyOf(details)));
        }
    }

    private static void compare(String path, @Nullable Object before, @Nullable Object after, List<String> details) {
        if (before == null ? after == null : before.equals(after)) {
            return;
        }
        String at = path.isEmpty() ? "" : path + ": ";
        if (before instanceof Map<?, ?> && after instanceof Map<?, ?>) {
            Map<String, Object> old = map(before);
            Map<String, Object> now = map(after);
            for (String key : keys(old, now)) {
                compare(path.isEmpty() ? key : path + "." + key, old.get(key), now.get(key), details);
            }
        } else if (before instanceof List<?> old && after instanceof List<?> now) {
            int known = details.size();
            now.stream().filter(one -> !old.contains(one)).forEach(one -> details.add(at + "+ " + shown(one)));
            old.stream().filter(one -> !now.contains(one)).forEach(one -> details.add(at + "− " + shown(one)));
            if (details.size() == known) {
                details.add(at + "in another order");
            }
        } else if (before == null) {
            details.add(at + "+ " + shown(Objects.requireNonNull(after)));
        } else if (after == null) {
            details.add(at + "− " + shown(before));
        } else {
            details.add(at + Tree.inline(before) + " → " + Tree.inline(after));
        }
    }

    // As one would write it: a server of which nothing else is said is its address, a balance without a key its name.
    private static String shown(Object element) {
        if (!(element instanceof Map<?, ?> map)) {
            return Tree.inline(element);
        }
        Map<Object, Object> said = new LinkedHashMap<>(map);
        if (map.containsKey("address")) {
            SERVER_DEFAULTS.forEach(said::remove);
        }
        boolean shortForm = said.size() == 1 && (said.containsKey("address") || said.containsKey("by"));
        return Tree.inline(shortForm ? said.values().iterator().next() : said);
    }

    private static Set<String> keys(Map<String, Object> old, Map<String, Object> now) {
        Set<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        return keys;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object node) {
        return node == null ? NOTHING : (Map<String, Object>) node;
    }
}
