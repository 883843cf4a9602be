package io.foregate.control.reload;

import io.foregate.control.plan.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Changes in one line of a log: all of them where they are few, else how many of what. Stateless. */
final class Summary {
    private static final int SHOWN = 6;

    private Summary() {}

    static String of(List<Change> changes) {
        if (changes.isEmpty()) {
            return "nothing changed";
        }
        if (changes.size() <= SHOWN) {
            return changes.stream()
                    .map(change ->
                            verb(change) + " " + change.thing() + (change.name().isEmpty() ? "" : " " + change.name()))
                    .collect(Collectors.joining(", "));
        }
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        for (Change change : changes) {
            counts.computeIfAbsent(verb(change), _ -> new LinkedHashMap<>()).merge(change.thing(), 1, Integer::sum);
        }
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + " " + counted(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String verb(Change change) {
        return change.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String counted(Map<String, Integer> things) {
        return things.entrySet().stream()
                .map(entry ->
                        entry.getValue() + " " + (entry.getValue() == 1 ? entry.getKey() : plural(entry.getKey())))
                .collect(Collectors.joining(", "));
    }

    private static String plural(String thing) {
        return thing.endsWith("y")
                ? thing.substring(0, thing.length() - 1) + "ies"
                : thing.endsWith("s") ? thing : thing + "s";
    }
}
