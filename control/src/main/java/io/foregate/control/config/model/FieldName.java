package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The name of a header field (RFC 9110 §5.1): kept as the user wrote it, equal whatever the case. */
@Scalar(
        value = "a header name",
        pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        examples = {"X-Request-Source"},
        doc = "The name of an HTTP header field, in any case.")
public record FieldName(String text) {
    public static FieldName parse(String text) throws BadValue {
        if (text.isEmpty() || text.length() > 256 || !text.chars().allMatch(FieldName::isTokenCharacter)) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a header name",
                    text.endsWith(":")
                            ? "remove the colon at its end"
                            : "header names are made of letters, digits and -");
        }
        return new FieldName(text);
    }

    /** {@code tchar} of RFC 9110 §5.6.2. */
    static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    public String lowerCase() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldName that && text.equalsIgnoreCase(that.text);
    }

    @Override
    public int hashCode() {
        return lowerCase().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
