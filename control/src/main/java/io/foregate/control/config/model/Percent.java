package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A share, from none to all.
 *
 * @param hundredths of a percent, from 0 to 10,000
 */
@Scalar(
        value = "a percentage",
        pattern = "^[0-9]{1,3}(\\.[0-9]{1,2})?%$",
        examples = {"20%", "0.5%"},
        doc = "A number from 0 to 100, with at most two decimals, and `%`.")
public record Percent(int hundredths) implements Comparable<Percent> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,3})(?:\\.([0-9]{1,2}))?%");
    private static final Pattern BARE = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,2})?");
    private static final int ALL = 10_000;

    /** A whole percentage. */
    public static Percent of(int percent) {
        return new Percent(percent * 100);
    }

    public static Percent parse(String text) throws BadValue {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            boolean bare = BARE.matcher(text).matches();
            throw new BadValue(
                    Nodes.quote(text) + " is not a percentage", bare ? "write " + text + "%" : "write for example 20%");
        }
        String decimals = matcher.group(2);
        int fraction = decimals == null ? 0 : Integer.parseInt((decimals + "0").substring(0, 2));
        int hundredths = Integer.parseInt(matcher.group(1)) * 100 + fraction;
        if (hundredths > ALL) {
            throw new BadValue(text + " is more than all", "write 100% for all");
        }
        return new Percent(hundredths);
    }

    @Override
    public int compareTo(Percent other) {
        return Integer.compare(hundredths, other.hundredths);
    }

    /** As one would write it. */
    @Override
    public String toString() {
        int fraction = hundredths % 100;
        String decimals = fraction == 0
                ? ""
                : fraction % 10 == 0 ? "." + fraction / 10 : fraction < 10 ? ".0" + fraction : "." + fraction;
        return hundredths / 100 + decimals + "%";
    }
}
