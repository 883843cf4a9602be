package io.foregate.control.plan;

import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.Explained;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a request.
 *
 * @param action who answers it, for people
 * @param settings all else that holds for it, by the names that the configuration uses
 */
public record Outcome(String action, Map<String, String> settings) {
    /** The host has a site and the site no route. */
    static final Outcome NO_ROUTE = new Outcome("404, no route", Map.of());

    /** No site has the host. */
    static final Outcome NO_SITE = new Outcome("404, no site", Map.of());

    static Outcome of(EffectiveRoute route) {
        String action = "";
        Map<String, String> settings = new LinkedHashMap<>();
        for (Explained line : route.explain()) {
            if (line.key().equals("action")) {
                action = line.value();
            } else {
                settings.merge(line.key(), line.value(), (one, other) -> one + "; " + other);
            }
        }
        return new Outcome(action, settings);
    }

    /** The same settings, with another answer. */
    Outcome as(String answer) {
        return new Outcome(answer, settings);
    }

    /** Whether the request goes somewhere else, or gets another kind of answer. */
    public boolean goesElsewhere(Outcome after) {
        return !action.equals(after.action);
    }

    /** What is different, setting by setting: {@code timeouts.total: 5s → 7s}. */
    public List<String> differences(Outcome after) {
        List<String> differences = new ArrayList<>();
        if (goesElsewhere(after) && (settings.isEmpty() || after.settings.isEmpty())) {
            return differences;
        }
        settings.forEach((key, value) -> {
            String now = after.settings.get(key);
            if (!value.equals(now)) {
                differences.add(key + ": " + value + " → " + (now == null ? "nothing" : now));
            }
        });
        after.settings.forEach((key, value) -> {
            if (!settings.containsKey(key)) {
                differences.add(key + ": nothing → " + value);
            }
        });
        return differences;
    }
}
