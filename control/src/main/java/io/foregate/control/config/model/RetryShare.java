package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many repeats a hundred requests allow. {@link #NONE} is the largest number, so that comparing needs no special case. */
@Scalar(
        value = "a share",
        pattern = "^([0-9]+%|none)$",
        examples = {"20%", "none"},
        doc = "A whole percentage of the requests, from 0% to 100%. `none` is no limit.")
public record RetryShare(int percent) {
    /** No limit. */
    public static final RetryShare NONE = new RetryShare(Integer.MAX_VALUE);

    private static final Pattern FORM = Pattern.compile("([0-9]{1,3})%");
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,3}) ?%?");

    public static RetryShare parse(String text) throws BadValue {
        if (text.equals("none")) {
            return NONE;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            Matcher near = NUMBER.matcher(text);
            throw new BadValue(
                    Nodes.quote(text) + " is not a share",
                    near.matches() ? "write " + near.group(1) + "%" : "write for example 20%, or none for no limit");
        }
        int percent = Integer.parseInt(matcher.group(1));
        if (percent > 100) {
            throw new BadValue(text + " is more than one repeat for each request", "write none for no limit");
        }
        return new RetryShare(percent);
    }

    @Override
    public String toString() {
        return equals(NONE) ? "none" : percent + "%";
    }
}
