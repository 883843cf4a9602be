package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.regex.Pattern;

/** What the user calls a listener, a pool or a policy. */
@Scalar(
        value = "a name",
        pattern = "^[A-Za-z0-9_][A-Za-z0-9_-]*$",
        examples = {"web", "api-next"},
        doc = "Letters, digits, `-` and `_`, at most 100 of them.")
public record Name(String text) implements Comparable<Name> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}");
    private static final Pattern ADDRESS = Pattern.compile("(https?://.*|.*:[0-9]+)", Pattern.DOTALL);

    public static Name parse(String text) throws BadValue {
        if (!FORM.matcher(text).matches()) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a name",
                    ADDRESS.matcher(text).matches()
                            ? "addresses belong into a pool; give the pool's name here"
                            : "names are made of letters, digits, - and _");
        }
        return new Name(text);
    }

    @Override
    public int compareTo(Name other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
