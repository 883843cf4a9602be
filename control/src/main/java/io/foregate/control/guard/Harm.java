package io.foregate.control.guard;

import java.util.Locale;

/**
 * Something that happens more often with the new configuration, and that chance doesn't explain. A value.
 *
 * @param route of the configuration in force that the requests would have; or where it shows most, when it is about all of them
 * @param everywhere whether it takes all routes together to see it
 * @param what happens, for people: what stands behind "12.5 % of 480 requests"
 */
public record Harm(String route, boolean everywhere, Cause cause, String what, Numbers numbers) {
    /** Requests of both sides, and those to which it happened. */
    public record Numbers(long before, long happenedBefore, long after, long happenedAfter) {
        double rateBefore() {
            return before == 0 ? 0 : (double) happenedBefore / before;
        }

        double rateAfter() {
            return after == 0 ? 0 : (double) happenedAfter / after;
        }
    }

    /** In one line. */
    public String text() {
        String where = everywhere ? "all routes together, most of all " + route : route;
        return String.format(
                Locale.ROOT,
                "%s: %s of %,d requests %s; with the configuration in force %s of %,d",
                where,
                percent(numbers.rateAfter()),
                numbers.after,
                what,
                percent(numbers.rateBefore()),
                numbers.before);
    }

    static String percent(double part) {
        return part > 0 && part < 0.001
                ? String.format(Locale.ROOT, "%.3f %%", part * 100)
                : String.format(Locale.ROOT, "%.1f %%", part * 100);
    }
}
