package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** How many of something are allowed. {@link #NONE} is the largest number, so that comparing needs no special case. */
@Scalar(
        value = "a count",
        pattern = "^([0-9]+|none)$",
        examples = {"100", "none"},
        doc = "A whole number. `none` is no limit.")
public record Count(int value) {
    /** No limit. */
    public static final Count NONE = new Count(Integer.MAX_VALUE);

    public static Count parse(String text) throws BadValue {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new BadValue(
                    "expected a count, found " + Nodes.quote(text), "write a whole number, or none for no limit");
        }
        return new Count(Integer.parseInt(text));
    }

    public boolean isNone() {
        return value == Integer.MAX_VALUE;
    }

    @Override
    public String toString() {
        return isNone() ? "none" : Integer.toString(value);
    }
}
