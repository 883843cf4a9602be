package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** The name of a cookie (RFC 6265 §4.1.1), whose case matters. */
@Scalar(
        value = "a cookie name",
        pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        examples = {"session"},
        doc = "The name of a cookie; its case matters.")
public record CookieName(String text) {
    public static CookieName parse(String text) throws BadValue {
        if (text.isEmpty() || text.length() > 256 || !text.chars().allMatch(FieldName::isTokenCharacter)) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a cookie name",
                    text.contains("=")
                            ? "give its name alone, without = and a value"
                            : "cookie names are made of letters, digits, - and _");
        }
        return new CookieName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
