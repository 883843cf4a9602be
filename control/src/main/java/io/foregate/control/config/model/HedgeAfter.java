package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * When a second request goes out beside one that isn't answered.
 *
 * @param after null where a percentile says it, or for never
 * @param percentile 0 where a time says it, or for never
 */
@Scalar(
        value = "a time for hedging",
        pattern = "^([0-9]+(ms|s)|p[0-9]{2}|off)$",
        examples = {"p95", "50ms", "off"},
        doc =
                "A duration, or from `p50` to `p99` for what so many of a hundred answers don't take longer than. `off` is never.")
public record HedgeAfter(@Nullable Timeout after, int percentile) {
    public static final HedgeAfter OFF = new HedgeAfter(null, 0);

    private static final int LEAST = 50;

    public static HedgeAfter parse(String text) throws BadValue {
        if (text.equals("off") || text.equals("none")) {
            return OFF;
        }
        if (text.matches("[pP][0-9]{1,3}")) {
            int percentile = Integer.parseInt(text.substring(1));
            if (percentile < LEAST || percentile > 99) {
                throw new BadValue(text + " is outside p50–p99", "write for example p95");
            }
            return new HedgeAfter(null, percentile);
        }
        if (!text.matches("[0-9].*")) {
            throw new BadValue(Nodes.quote(text) + " is no time for hedging", "write for example p95 or 50ms, or off");
        }
        return new HedgeAfter(Timeout.parse(text), 0);
    }

    public boolean isOff() {
        return after == null && percentile == 0;
    }

    @Override
    public String toString() {
        return after != null ? after.toString() : percentile == 0 ? "off" : "p" + percentile;
    }
}
