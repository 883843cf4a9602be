package io.foregate.control.admin;

import io.foregate.control.config.model.Name;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One call of a resource, after everything that is the same for all has been checked.
 *
 * @param path the values of the template's parameters; one that takes the rest has all segments that are left
 * @param query what stands behind the question mark
 * @param body an object; empty where there was none
 */
record Call(
        Caller caller,
        Map<String, List<String>> path,
        Map<String, String> query,
        Conditions conditions,
        JsonNode body) {
    /**
     * What fields of the request say.
     *
     * @param ifMatch If-Match as it came, or null
     * @param text whether text for people is wanted instead of JSON
     */
    record Conditions(@Nullable String ifMatch, boolean text) {}

    /** One segment of the path. */
    String segment(String name) {
        return Objects.requireNonNull(path.get(name)).getFirst();
    }

    /** The segment as a name; one that can't be is nobody's. */
    Name name(String parameter) {
        return new Name(segment(parameter));
    }

    /** A number of the query; {@code otherwise} when it isn't there. */
    long number(String name, long otherwise) throws Refusal {
        String text = query.get(name);
        return text == null ? otherwise : number(text, name);
    }

    /** How many things are wanted: {@code limit} of the query. */
    int limit(int usual, int most) throws Refusal {
        long limit = number("limit", usual);
        if (limit < 1 || limit > most) {
            throw new Refusal(400, "limit is from 1 to " + most);
        }
        return (int) limit;
    }

    static long number(String text, String name) throws Refusal {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Refusal(400, name + " is a number, not " + text);
        }
    }

    /** A text of the body; empty when it isn't there. */
    String text(String field) {
        return body.path(field).asString("");
    }
}
