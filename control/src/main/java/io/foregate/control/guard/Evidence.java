package io.foregate.control.guard;

import io.foregate.proxy.observe.SideTally;

/**
 * How much what was counted speaks for harm: a test of whether something happens more often on the new side than on the old one, which
 * may be looked at as often as one likes.
 *
 * <p>Time is cut into strata, within which both sides have seen the same world. If the sides don't differ, the requests of a stratum to
 * which it happened are a blind draw from all of them, so how many are on the new side is hypergeometric, whatever the rates are. Were
 * the odds on the new side {@code w} times as high, it would be Fisher's noncentral hypergeometric distribution. The ratio of both
 * likelihoods, multiplied over all strata and averaged over some {@code w}, is an e-process: whatever one does, the chance that it ever
 * exceeds {@code c} without a difference is at most {@code 1 / c} (Ville's inequality). Where it happened to many requests of a
 * stratum, the binomial distribution takes the place of the hypergeometric one, which is less spread: the ratio is convex in the
 * count, so the bound holds as well, and it costs nothing.
 *
 * <p>One client may do something odd many times, and such requests say no more than one. So the evidence is computed with each group of
 * clients left out in turn, and the smallest counts: what only one group has to do with is no harm. Used by one thread.
 */
final class Evidence {
    private static final double[] ODDS = {1.5, 3, 10, 100, 1_000};
    private static final int MOST_EXACT = 200;
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
            long rest = before - stratum.before[out];
            long restAfter = after - stratum.after[out];
            long m0 = happenedBefore - stratum.happenedBefore[out];
            long m1 = happenedAfter - stratum.happenedAfter[out];
            if (rest == 0 || restAfter == 0 || m0 + m1 == 0) {
                // Nothing to compare with, or nothing to compare.
                continue;
            }
            if (m0 + m1 <= MOST_EXACT) {
                addExact(logs[out], rest, restAfter, m0 + m1, m1);
            } else {
                addBinomial(logs[out], (double) restAfter / (rest + restAfter), m0, m1);
            }
        }
    }

    private static void addBinomial(double[] into, double p, long m0, long m1) {
        for (int i = 0; i < ODDS.length; i++) {
            double higher = ODDS[i] * p / (ODDS[i] * p + 1 - p);
            into[i] += m1 * Math.log(higher / p) + m0 * Math.log((1 - higher) / (1 - p));
        }
    }

    // The ratio is odds^m1 over its mean under the hypergeometric distribution, whose terms follow from each other.
    private static void addExact(double[] into, long before, long after, long happened, long happenedAfter) {
        int first = (int) Math.max(0, happened - before);
        int last = (int) Math.min(happened, after);
        double[] terms = new double[last - first + 1];
        for (int x = first; x < last; x++) {
            double ratio = (double) (happened - x) * (after - x) / ((x + 1.0) * (before - happened + x + 1.0));
            terms[x - first + 1] = terms[x - first] + Math.log(ratio);
        }
        double all = logOfSum(terms, 0);
        for (int i = 0; i < ODDS.length; i++) {
            double slope = Math.log(ODDS[i]);
            into[i] += (happenedAfter - first) * slope - (logOfSum(terms, slope) - all);
        }
    }

    /** Of the sum of the exponentials, the terms being raised by {@code slope} from one to the next. */
    private static double logOfSum(double[] logs, double slope) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logs.length; i++) {
            most = Math.max(most, logs[i] + i * slope);
        }
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            sum += Math.exp(logs[i] + i * slope - most);
        }
        return most + Math.log(sum);
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
            least = Math.min(least, logOfSum(left, 0) - Math.log(ODDS.length));
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
