package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Counts durations in steps of about a fifth, from 16 µs to four minutes. Adding is for any thread and costs one atomic
 * increment; closing is for one at a time. What is added while it is being closed is counted now or next time.
 */
final class LatencyHistogram {
    private static final int UNIT_BITS = 14;
    private static final int OCTAVES = 24;
    private static final int STEPS = OCTAVES * 4;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(STEPS);
    private final int[] closed = new int[STEPS];
    private int total;
    private volatile long slowFromNanos = Long.MAX_VALUE;

    void add(long nanos) {
        counts.getAndIncrement(step(nanos));
    }

    /** Counts a duration of which only this much is known, if that is slow already. */
    void addIfSlow(long atLeastNanos) {
        if (atLeastNanos >= slowFromNanos) {
            add(atLeastNanos);
        }
    }

    void slowFrom(long nanos) {
        slowFromNanos = nanos;
    }

    /** Takes what has been counted, if that is at least {@code least}; else it goes on counting. */
    boolean close(int least) {
        int seen = 0;
        for (int i = 0; i < STEPS; i++) {
            seen += counts.get(i);
        }
        if (seen < least) {
            return false;
        }
        total = 0;
        for (int i = 0; i < STEPS; i++) {
            closed[i] = counts.getAndSet(i, 0);
            total += closed[i];
        }
        return true;
    }

    /** The median of what was taken last. */
    long medianNanos() {
        int rank = total / 2;
        for (int i = 0; i < STEPS; i++) {
            if (rank < closed[i]) {
                // Within a step they are taken as spread evenly.
                return lower(i) + (lower(i + 1) - lower(i)) * (2L * rank + 1) / (2L * closed[i]);
            }
            rank -= closed[i];
        }
        return lower(STEPS);
    }

    // Four steps to an octave: the two bits behind the leading one.
    private static int step(long nanos) {
        long units = Math.max(nanos, 0) >>> UNIT_BITS;
        if (units < 4) {
            return (int) units;
        }
        int octave = 63 - Long.numberOfLeadingZeros(units);
        int step = (octave - 1) * 4 + (int) ((units >>> (octave - 2)) & 3);
        return Math.min(step, STEPS - 1);
    }

    private static long lower(int step) {
        if (step < 4) {
            return (long) step << UNIT_BITS;
        }
        int octave = step / 4 + 1;
        return (4L + step % 4) << (octave - 2 + UNIT_BITS);
    }
}
