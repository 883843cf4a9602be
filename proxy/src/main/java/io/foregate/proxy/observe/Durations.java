package io.foregate.proxy.observe;

/**
 * Buckets of durations, from 64 µs to four minutes: four to each doubling, so each is about a fifth wider than the one before.
 * Stateless.
 */
final class Durations {
    private static final int UNIT_BITS = 14;
    private static final int STEPS_BITS = 2;
    private static final int STEPS = 1 << STEPS_BITS;
    private static final int DOUBLINGS = 22;

    /** How many buckets there are. The last one has everything that is longer. */
    static final int BUCKETS = STEPS * (DOUBLINGS + 1);

    private Durations() {}

    static int bucket(long nanos) {
        long units = Math.max(nanos, 0) >>> UNIT_BITS;
        if (units < STEPS) {
            return (int) units;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(units);
        int step = (int) (units >>> doubling - STEPS_BITS) & STEPS - 1;
        return Math.min((doubling - 1) * STEPS + step, BUCKETS - 1);
    }

    /** Where a bucket begins, in nanoseconds. */
    static long start(int bucket) {
        if (bucket < STEPS) {
            return (long) bucket << UNIT_BITS;
        }
        int doubling = bucket / STEPS + 1;
        return (long) (STEPS + bucket % STEPS) << doubling - STEPS_BITS + UNIT_BITS;
    }

    /**
     * What that part of the durations doesn't exceed; within a bucket they are taken as spread evenly.
     *
     * @param counts of each bucket, first of all
     */
    static long quantileNanos(long[] counts, double part) {
        long all = 0;
        for (int i = 0; i < BUCKETS; i++) {
            all += counts[i];
        }
        if (all == 0) {
            return 0;
        }
        double rank = Math.clamp(part, 0, 1) * all;
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0 && rank <= counts[i]) {
                return start(i) + (long) ((start(i + 1) - start(i)) * (rank / counts[i]));
            }
            rank -= counts[i];
        }
        return start(BUCKETS);
    }
}
