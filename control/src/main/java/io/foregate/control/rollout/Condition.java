package io.foregate.control.rollout;

import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Timeout;
import io.foregate.proxy.observe.Tally;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** One thing that a guard demands of a pool. A value. */
sealed interface Condition {
    /** With fewer requests than this, nothing is said of errors: one bad answer among three is no alarm. */
    int FEWEST = 10;

    /** What is needed of bad ones for an alarm, however few requests there are. */
    int FEWEST_BAD = 3;

    /** The same for times: the first requests of a server that has just started may be slow. */
    int FEWEST_TIMED = 20;

    int FEWEST_SLOW = 5;

    /** How likely it may be that an alarm is chance. */
    double ALARM = 0.001;

    /** How it stands with one condition. */
    enum Standing {
        /** It is met. */
        MET,
        /** It isn't, but by what may still be chance. */
        DOUBTFUL,
        /** It isn't, and that is no chance. */
        BROKEN
    }

    /**
     * What was found.
     *
     * @param condition as one would write it
     * @param value what was measured, with its unit
     * @param detail what the value is made of, for people
     */
    record Finding(String condition, String value, String detail, Standing standing) {}

    Finding look(Tally.Reading since);

    /** How many requests there have to be for the condition to be met rather than not yet broken. */
    long needs();

    /**
     * Failures for which the origin or the proxy is to blame, as a share of the requests.
     *
     * @param inclusive whether it may be just that
     */
    record Errors(Percent limit, boolean inclusive) implements Condition {
        @Override
        public Finding look(Tally.Reading since) {
            long all = since.requests();
            long bad = since.errors();
            boolean beyond = Condition.beyond(
                    (double) bad * Percent.WHOLE.partsPerMillion(),
                    (double) all * limit.partsPerMillion(),
                    inclusive,
                    all);
            double each = (double) limit.partsPerMillion() / Percent.WHOLE.partsPerMillion();
            return new Finding(
                    toString(),
                    share(bad, all),
                    bad + " of " + all + " requests",
                    Condition.standing(
                            beyond, all >= FEWEST && bad >= FEWEST_BAD && Condition.noChance(bad, all, each)));
        }

        @Override
        public long needs() {
            int parts = limit.partsPerMillion();
            return parts == 0 ? 20 : Math.max(20, Math.ceilDiv(Percent.WHOLE.partsPerMillion(), parts));
        }

        @Override
        public String toString() {
            return "errors " + (inclusive ? "<= " : "< ") + limit;
        }
    }

    /**
     * How long a part of the clients waits at most for the head of the answer.
     *
     * @param percentile above 0 and below 100
     * @param inclusive whether it may be just that
     */
    record Wait(BigDecimal percentile, Timeout limit, boolean inclusive) implements Condition {
        @Override
        public Finding look(Tally.Reading since) {
            long all = since.requests();
            long slow = since.waitedLonger(limit.nanos());
            double part = percentile.movePointLeft(2).doubleValue();
            long nanos = since.quantileNanos(part);
            boolean beyond = Condition.beyond(nanos, limit.nanos(), inclusive, all);
            return new Finding(
                    toString(),
                    time(nanos),
                    slow + " of " + all + " requests took longer than " + limit,
                    Condition.standing(
                            beyond,
                            all >= FEWEST_TIMED && slow >= FEWEST_SLOW && Condition.noChance(slow, all, 1 - part)));
        }

        @Override
        public long needs() {
            BigDecimal rest = BigDecimal.valueOf(100).subtract(percentile);
            return Math.max(
                    20,
                    BigDecimal.valueOf(100)
                            .divide(rest, 0, RoundingMode.CEILING)
                            .longValueExact());
        }

        @Override
        public String toString() {
            return "p" + percentile.toPlainString() + (inclusive ? " <= " : " < ") + limit;
        }
    }

    /** So many requests that the step tells anything; it takes the place of the number that follows from the other conditions. */
    record Requests(long least) implements Condition {
        @Override
        public Finding look(Tally.Reading since) {
            return new Finding(toString(), Long.toString(since.requests()), "", Standing.MET);
        }

        @Override
        public long needs() {
            return least;
        }

        @Override
        public String toString() {
            return "requests >= " + least;
        }
    }

    private static boolean beyond(double value, double limit, boolean inclusive, long all) {
        return all > 0 && (inclusive ? value > limit : value >= limit);
    }

    private static boolean noChance(long bad, long all, double each) {
        return Chance.ofAtLeast(bad, all, each) <= ALARM;
    }

    private static Standing standing(boolean beyond, boolean certain) {
        return !beyond ? Standing.MET : certain ? Standing.BROKEN : Standing.DOUBTFUL;
    }

    private static String share(long part, long all) {
        double percent = all == 0 ? 0 : 100.0 * part / all;
        int digits = percent == 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : percent >= 0.1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f%%", percent);
    }

    private static String time(long nanos) {
        if (nanos < 10_000_000) {
            return String.format(Locale.ROOT, "%.1fms", nanos / 1e6);
        }
        return nanos < 10_000_000_000L
                ? Math.round(nanos / 1e6) + "ms"
                : String.format(Locale.ROOT, "%.1fs", nanos / 1e9);
    }
}
