package io.foregate.control.rollout;

import io.foregate.api.message.HeaderName;
import io.foregate.control.config.bind.BadValue;
import io.foregate.proxy.route.SplitKey;
import org.jspecify.annotations.Nullable;

/**
 * By what requests stay with the pool that they got. A value.
 *
 * @param text as it is written; empty for what a route's split goes by, and the client's address elsewhere
 * @param key the same; null where it is empty
 */
public record StickyBy(String text, @Nullable SplitKey key) {
    private static final String FORMS = "write client, request, header:NAME, cookie:NAME or query:NAME";
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}";

    /** Reads one of the forms. */
    public static StickyBy parse(String text) throws BadValue {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : text.substring(colon + 1);
        SplitKey key = switch (colon < 0 ? text : text.substring(0, colon)) {
            case "" -> colon < 0 ? null : bad(text);
            case "client" -> name.isEmpty() ? new SplitKey.Client() : bad(text);
            case "request" -> name.isEmpty() ? new SplitKey.Each() : bad(text);
            case "header" -> name.matches(TOKEN) ? new SplitKey.Field(HeaderName.of(name)) : bad(text);
            case "cookie" -> name.matches(TOKEN) ? SplitKey.cookie(name) : bad(text);
            case "query" -> name.matches(TOKEN) ? SplitKey.parameter(name) : bad(text);
            default -> bad(text);
        };
        return new StickyBy(text, key);
    }

    private static SplitKey bad(String text) throws BadValue {
        throw new BadValue("requests can't be told apart by " + text, FORMS);
    }

    /** For people. */
    @Override
    public String toString() {
        return text.isEmpty() ? "client" : text;
    }
}
