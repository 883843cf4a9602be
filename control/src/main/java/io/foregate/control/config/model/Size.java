package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes. {@link #NONE} is the largest number, so that comparing needs no special case. */
@Scalar(
        value = "a size",
        pattern = "^([0-9]+(B|KB|KiB|MB|MiB|GB|GiB|TB|TiB)|none)$",
        examples = {"32KiB", "10MB", "none"},
        doc = "A whole number with a unit: `B`; `KB`, `MB`, `GB`, `TB` (powers of 1000); `KiB`, `MiB`, `GiB`, `TiB`"
                + " (powers of 1024). `none` is no limit.")
public record Size(long bytes) {
    /** No limit. */
    public static final Size NONE = new Size(Long.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(B|[KMGT]i?B)");
    private static final Pattern LOOSE =
            Pattern.compile("([0-9]{1,12}) ?([kmgt])(i?b?|byte|bytes)", Pattern.CASE_INSENSITIVE);
    private static final long MOST = 1L << 50;

    public static Size ofKibibytes(long kibibytes) {
        return new Size(kibibytes << 10);
    }

    public static Size parse(String text) throws BadValue {
        if (text.equals("none")) {
            return NONE;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue(Nodes.quote(text) + " is not a size", hint(text));
        }
        long count = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        long base = unit.contains("i") ? 1024 : 1000;
        long factor = 1;
        for (int power = "BKMGT".indexOf(unit.charAt(0)); power > 0; power--) {
            factor *= base;
        }
        if (count > MOST / factor) {
            throw new BadValue(text + " is more than 1024TiB", "write none for no limit");
        }
        return new Size(count * factor);
    }

    private static String hint(String text) {
        Matcher loose = LOOSE.matcher(text);
        if (loose.matches()) {
            String count = loose.group(1);
            String letter = loose.group(2).toUpperCase(Locale.ROOT);
            return "write " + count + letter + "iB (powers of 1024) or " + count + letter + "B (powers of 1000)";
        }
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return "it needs a unit: " + text + "B, " + text + "KiB, " + text + "MB, …";
        }
        return "write for example 32KiB or 10MB, or none";
    }

    public boolean isNone() {
        return bytes == Long.MAX_VALUE;
    }

    /** As one would write it, in the largest unit that divides it. */
    @Override
    public String toString() {
        if (isNone()) {
            return "none";
        }
        if (bytes == 0) {
            return "0B";
        }
        for (int power = 4; power > 0; power--) {
            long binary = 1L << (10 * power);
            if (bytes % binary == 0) {
                return bytes / binary + "" + "BKMGT".charAt(power) + "iB";
            }
        }
        for (int power = 4; power > 0; power--) {
            long decimal = (long) Math.pow(1000, power);
            if (bytes % decimal == 0) {
                return bytes / decimal + "" + "BKMGT".charAt(power) + "B";
            }
        }
        return bytes + "B";
    }
}
