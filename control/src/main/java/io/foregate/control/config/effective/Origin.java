package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.TreePath;
import org.jspecify.annotations.Nullable;

/**
 * Where an effective value came from.
 *
 * @param position its place in the file; {@code null} for a built-in default
 * @param place its place in the tree; the root for a built-in default
 */
public record Origin(@Nullable Position position, TreePath place) {
    /** Built in: the file says nothing. */
    public static final Origin DEFAULT = new Origin(null, TreePath.ROOT);

    public boolean isDefault() {
        return position == null;
    }

    /** Its place in the tree, such as {@code policies.api-guard.limits.body}; empty for a built-in default. */
    public String path() {
        return place.toString();
    }

    /** {@code foregate.yaml:12:7 policies.api-guard.limits.body}, or {@code default}. */
    @Override
    public String toString() {
        return position == null ? "default" : position + " " + place;
    }
}
