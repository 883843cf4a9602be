package io.foregate.control.guard;

import io.foregate.proxy.observe.SideTally;

/**
 * How much what was counted speaks for harm: a test of whether something happens more often on the new side than on the old one, which
 * may be looked at as often as one likes.
 *
 * <p>Time is cut into strata, within which both sides have seen the same world. If the sides don't differ, each of the {@code m} requests
 * of a stratum to which it happened is on the new side with the probability {@code p}, the new side's part of its requests. Were the odds
 * on the new side {@code w} times as high, that would be {@code wp / (wp + 1 - p)}. The ratio of both likelihoods, multiplied over all
 * strata and averaged over some {@code w}, is an e-process: whatever one does, the chance that it ever exceeds {@code c} without a
 * difference is at most {@code 1 / c} (Ville's inequality). Given the margins, counts are hypergeometric rather than binomial, which are
 * less spread; the ratio is convex in the count, so the bound holds for them, too.
 *
 * <p>One client may do something odd many times, and such requests say no more than one. So the evidence is computed with each group of
 * clients left out in turn, and the smallest counts: what only one group has to do with is no harm. Used by one thread.
 */
final class Evidence {
    private static final double[] ODDS = {1.5, 2, 4, 10, 40};
    private static final int GROUPS = SideTally.GROUPS;

    /** Requests of both sides, by group of clients, and those of them to which it happened. */
    static final class Counts {
        final long[] before = new long[GROUPS];
        final long[] after = new long[GROUPS];
        final long[] happenedBefore = new long[GROUPS];
        final long[] happenedAfter = new long[GROUPS];
    }

    // Of the ratio's logarithm: by the group that is left out, by odds.
    private final double[][] logs = new double[GROUPS][ODDS.length];

    /** A stratum more. */
    void add(Counts stratum) {
        long before = sum(stratum.before);
        long after = sum(stratum.after);
        long happenedBefore = sum(stratum.happenedBefore);
        long happenedAfter = sum(stratum.happenedAfter);
        if (happenedBefore + happenedAfter == 0) {
            return;
        }
        for (int out = 0; out < GROUPS; out++) {
            double rest = before - stratum.before[out];
            double restAfter = after - stratum.after[out];
            double m0 = happenedBefore - stratum.happenedBefore[out];
            double m1 = happenedAfter - stratum.happenedAfter[out];
            if (rest == 0 || restAfter == 0) {
                // Nothing to compare with.
                continue;
            }
            double p = restAfter / (rest + restAfter);
            for (int i = 0; i < ODDS.length; i++) {
                double higher = ODDS[i] * p / (ODDS[i] * p + 1 - p);
                logs[out][i] += m1 * Math.log(higher / p) + m0 * Math.log((1 - higher) / (1 - p));
            }
        }
    }

    /** What another has seen, too. */
    void add(Evidence other) {
        for (int out = 0; out < GROUPS; out++) {
            for (int i = 0; i < ODDS.length; i++) {
                logs[out][i] += other.logs[out][i];
            }
        }
    }

    /** The logarithm of the e-value; 0 speaks neither for nor against. */
    double log() {
        double least = Double.POSITIVE_INFINITY;
        for (double[] left : logs) {
            double most = Double.NEGATIVE_INFINITY;
            for (double log : left) {
                most = Math.max(most, log);
            }
            double sum = 0;
            for (double log : left) {
                sum += Math.exp(log - most);
            }
            least = Math.min(least, most + Math.log(sum / ODDS.length));
        }
        return least;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
