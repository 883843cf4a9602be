package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** A share of a whole, in parts per million. */
@Scalar(
        value = "a percentage",
        pattern = "^[0-9]+(\\.[0-9]+)?%$",
        examples = {"20%", "0.5%"},
        doc = "A number from 0 to 100, with at most four decimals, and `%`.")
public record Percent(int partsPerMillion) implements Comparable<Percent> {
    /** 100 %. */
    public static final Percent WHOLE = new Percent(1_000_000);

    private static final Pattern FORM = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,4})?%");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,6})?");

    public static Percent parse(String text) throws BadValue {
        if (!FORM.matcher(text).matches()) {
            throw new BadValue(Nodes.quote(text) + " is not a percentage", hint(text));
        }
        int parts = new BigDecimal(text.substring(0, text.length() - 1))
                .movePointRight(4)
                .intValueExact();
        if (parts > WHOLE.partsPerMillion) {
            throw new BadValue(text + " is more than all", "write 100% for all");
        }
        return new Percent(parts);
    }

    private static String hint(String text) {
        String number = text.replace(" ", "").replace(',', '.').replace("%", "");
        if (!NUMBER.matcher(number).matches()) {
            return "write for example 20%";
        }
        BigDecimal value = new BigDecimal(number);
        boolean fraction = !text.contains("%") && value.signum() > 0 && value.compareTo(BigDecimal.ONE) < 0;
        if (value.scale() > 4) {
            return "there are at most four decimals";
        }
        return "write "
                + (fraction ? value.movePointRight(2).stripTrailingZeros().toPlainString() : number) + "%";
    }

    /** A whole percentage. */
    public static Percent of(int percent) {
        return new Percent(percent * 10_000);
    }

    /** In hundredths of a percent, rounded down. */
    public int hundredths() {
        return partsPerMillion / 100;
    }

    @Override
    public int compareTo(Percent other) {
        return Integer.compare(partsPerMillion, other.partsPerMillion);
    }

    @Override
    public String toString() {
        return BigDecimal.valueOf(partsPerMillion, 4).stripTrailingZeros().toPlainString() + "%";
    }
}
