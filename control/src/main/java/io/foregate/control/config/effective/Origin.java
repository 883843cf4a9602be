package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where an effective value came from.
 *
 * @param position its place in the file; {@code null} for a built-in default
 * @param path its place in the tree, such as {@code policies.api-guard.limits.body}; empty for a built-in default
 */
public record Origin(@Nullable Position position, String path) {
    /** Built in: the file says nothing. */
    public static final Origin DEFAULT = new Origin(null, "");

    public boolean isDefault() {
        return position == null;
    }

    /** {@code foregate.yaml:12:7 policies.api-guard.limits.body}, or {@code default}. */
    @Override
    public String toString() {
        return position == null ? "default" : position + " " + path;
    }
}
