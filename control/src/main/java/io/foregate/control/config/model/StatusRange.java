package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One status of an answer, or some that follow each other; {@code first} and {@code last} belong to them. */
@Scalar(
        value = "a status",
        pattern = "^([1-5][0-9]{2}(-[1-5][0-9]{2})?|[1-5]xx)$",
        examples = {"200", "200-399", "2xx"},
        doc = "A status of an answer, two of them with `-` for all between, or a class such as `2xx`.")
public record StatusRange(int first, int last) {
    private static final Pattern FORM = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Pattern CLASS = Pattern.compile("([1-5])[xX]{2}");

    public static StatusRange parse(String text) throws BadValue {
        Matcher kind = CLASS.matcher(text);
        if (kind.matches()) {
            int first = Integer.parseInt(kind.group(1)) * 100;
            return new StatusRange(first, first + 99);
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue(Nodes.quote(text) + " is not a status", "write for example 200, 200-399 or 2xx");
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        if (last < first) {
            throw new BadValue(text + " goes backwards", "write " + last + "-" + first);
        }
        return new StatusRange(first, last);
    }

    public boolean contains(int status) {
        return status >= first && status <= last;
    }

    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
