package io.foregate.control.config.bind;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What binding a tree gave. While there are problems, the value has holes: what was wrong is {@code null} or left out,
 * whatever its type says, so that further checks can still find mistakes elsewhere. Such a value must not be given on.
 *
 * @param value {@code null} if the tree as a whole was no mapping
 * @param astray where names are used that aren't there
 * @param used the names that are used, by the top-level mapping that has them
 */
public record Bound<T>(
        @Nullable T value, Sources sources, Problems problems, List<Use> astray, Map<String, Set<String>> used) {
    /** One place where a name is used that must be a key of the top-level mapping {@code of}. */
    public record Use(String of, String name, TreePath path, Position position) {}
}
