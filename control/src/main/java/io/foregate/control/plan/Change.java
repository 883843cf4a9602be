package io.foregate.control.plan;

import java.util.List;

/**
 * One thing that is added, removed or changed.
 *
 * @param thing what it is: {@code site}, {@code route}, {@code pool}, {@code policy}, {@code listener}, or the top-level key
 * @param name its name; empty where the key says it all
 * @param details for a changed one, each difference: {@code connections.max: 100 → 200}
 */
public record Change(String thing, String name, Kind kind, List<String> details) {
    /** What happens to it. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED
    }
}
