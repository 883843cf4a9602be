package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** A path as it stands in a request line, without query. */
@Scalar(
        value = "a path",
        pattern = "^/",
        examples = {"/v2/items"},
        doc = "A path that begins with `/`, percent-encoded, without query.")
public record LiteralPath(String text) {
    public static LiteralPath parse(String text) throws BadValue {
        if (!text.startsWith("/")) {
            throw new BadValue(Nodes.quote(text) + " is not a path", "paths begin with /");
        }
        PathPattern.check(text, text);
        return new LiteralPath(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
