package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.List;
import java.util.Locale;

/** A request method. Methods are case-sensitive (RFC 9110 §9.1). */
@Scalar(
        value = "a method",
        pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        examples = {"GET", "POST"},
        doc = "A request method, in capitals.")
public record MethodName(String text) {
    private static final List<String> USUAL =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

    public static MethodName parse(String text) throws BadValue {
        if (text.isEmpty() || text.length() > 32 || !text.chars().allMatch(FieldName::isTokenCharacter)) {
            throw new BadValue(Nodes.quote(text) + " is not a method", "write for example GET");
        }
        String upper = text.toUpperCase(Locale.ROOT);
        if (!upper.equals(text) && USUAL.contains(upper)) {
            throw new BadValue(Nodes.quote(text) + " is not a method", "methods are in capitals: " + upper);
        }
        if (text.equals("CONNECT")) {
            throw new BadValue("CONNECT is never routed", "it is always refused");
        }
        return new MethodName(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
