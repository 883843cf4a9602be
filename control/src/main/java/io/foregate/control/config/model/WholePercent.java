package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;

/** A proportion in whole percents; more than 100 % where that makes sense. */
@Scalar(
        value = "a whole percentage",
        pattern = "^[0-9]{1,4}%$",
        examples = {"50%", "125%"},
        doc = "A whole number and `%`.")
public record WholePercent(int percent) {
    public static WholePercent parse(String text) throws BadValue {
        String number =
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
        boolean whole =
                !number.isEmpty() && number.length() <= 4 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!whole || number.length() == text.length()) {
            throw new BadValue(
                    Nodes.quote(text) + " is not a whole percentage",
                    whole ? "write " + number + "%" : "write for example 50%");
        }
        return new WholePercent(Integer.parseInt(number));
    }

    @Override
    public String toString() {
        return percent + "%";
    }
}
