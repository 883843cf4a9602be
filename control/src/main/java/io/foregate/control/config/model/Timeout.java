package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time, more than zero. {@link #NONE} is so long that a clock can add it without care and never gets there. */
@Scalar(
        value = "a duration",
        pattern = "^([0-9]+(ms|s|m|h|d)|none)$",
        examples = {"500ms", "30s", "5m", "none"},
        doc = "A whole number with a unit: `ms`, `s`, `m`, `h` or `d`. `none` switches the timeout off.")
public record Timeout(long nanos) {
    /** No limit: a hundred years of 365 days. */
    public static final Timeout NONE = new Timeout(100L * 365 * 24 * 3600 * 1_000_000_000);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
    private static final Pattern LOOSE = Pattern.compile("([0-9.]{1,12}) ?([A-Za-zµ]*).*", Pattern.DOTALL);

    public static Timeout ofMillis(long millis) {
        return new Timeout(millis * 1_000_000);
    }

    public static Timeout ofSeconds(long seconds) {
        return ofMillis(seconds * 1000);
    }

    public static Timeout parse(String text) throws BadValue {
        if (text.equals("none")) {
            return NONE;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue(Nodes.quote(text) + " is not a duration", hint(text));
        }
        long count = Long.parseLong(matcher.group(1));
        if (count == 0) {
            throw new BadValue(text + " is no time at all", "write none to switch the timeout off");
        }
        long millisPerUnit = switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
        if (count > 365L * 86_400_000 / millisPerUnit) {
            throw new BadValue(text + " is more than a year", "write none for no limit");
        }
        return ofMillis(count * millisPerUnit);
    }

    private static String hint(String text) {
        Matcher loose = LOOSE.matcher(text);
        if (!loose.matches()) {
            return "write for example 30s, or none";
        }
        String count = loose.group(1);
        if (count.contains(".")) {
            return "write a whole number of a smaller unit, for example 1500ms for 1.5s";
        }
        String unit = switch (loose.group(2).toLowerCase(Locale.ROOT)) {
            case "" -> null;
            case "ms", "msec", "millis", "milliseconds" -> "ms";
            case "s", "sec", "secs", "second", "seconds" -> "s";
            case "m", "min", "mins", "minute", "minutes" -> "m";
            case "h", "hr", "hour", "hours" -> "h";
            case "d", "day", "days" -> "d";
            default -> "";
        };
        if (unit == null) {
            return "it needs a unit: " + count + "s, " + count + "ms, …";
        }
        return unit.isEmpty() ? "units are ms, s, m, h and d" : "write " + count + unit;
    }

    public boolean isNone() {
        return nanos >= NONE.nanos;
    }

    /** As one would write it, in the largest unit that divides it. */
    @Override
    public String toString() {
        if (isNone()) {
            return "none";
        }
        long millis = nanos / 1_000_000;
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
