package io.foregate.control.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param content a tree that becomes JSON, or text where {@code text}; or a {@link Streamed}
 * @param etag the revision that it is of, or null
 */
record Reply(
        int status, Object content, boolean text, @Nullable String etag) {
    static Reply of(Object tree) {
        return new Reply(200, tree, false, null);
    }

    static Reply of(int status, Object tree) {
        return new Reply(status, tree, false, null);
    }

    static Reply text(String text) {
        return new Reply(200, text, true, null);
    }

    /** Lines of JSON, for as long as there are any. */
    static Reply stream(Streamed lines) {
        return new Reply(200, lines, false, null);
    }

    static Reply error(int status, String message) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("error", message);
        return of(status, tree);
    }

    Reply revision(long number) {
        return new Reply(status, content, text, "\"" + number + "\"");
    }

    /** What went wrong, in words; empty when nothing did. */
    String complaint() {
        return content instanceof Map<?, ?> tree && tree.get("error") instanceof String error ? error : "";
    }
}
