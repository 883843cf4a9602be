package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many requests there were within the last while, and how many of them failed. Each loop counts in cells of its own, which
 * nobody else writes, so counting is a read and a write without contention; reading adds all of them up.
 *
 * <p>A cell is for a slice of time: 24 bits of the slice's number, 20 bits of failures, 20 bits of requests. A slice is a power of
 * two of nanoseconds, and between an eighth and a quarter of the window.
 */
final class Samples {
    private static final int CELLS_BITS = 4;
    private static final int CELLS = 1 << CELLS_BITS;
    private static final int COUNT_BITS = 20;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long STAMP_MASK = (1L << 24) - 1;
    private static final long FAILURE = 1L << COUNT_BITS;

    private final AtomicLongArray cells;
    private final int loops;
    private final int shift;
    private final int slices;

    Samples(int loops, long windowNanos) {
        this.loops = loops;
        this.cells = new AtomicLongArray(loops << CELLS_BITS);
        long eighth = Math.max(windowNanos / 8, 1);
        this.shift = 64 - Long.numberOfLeadingZeros(eighth - 1 | 1);
        this.slices = (int) ((windowNanos + (1L << shift) - 1) >> shift) + 1;
    }

    /** One more. On that loop. */
    void add(int loop, long nowNanos, boolean failed) {
        long slice = nowNanos >> shift;
        int at = loop << CELLS_BITS | (int) slice & CELLS - 1;
        long stamp = (slice & STAMP_MASK) << 2 * COUNT_BITS;
        long cell = cells.getPlain(at);
        if ((cell & ~(FAILURE * COUNT_MASK | COUNT_MASK)) != stamp) {
            cell = stamp;
        }
        if ((cell & COUNT_MASK) != COUNT_MASK) {
            cells.setOpaque(at, cell + 1 + (failed ? FAILURE : 0));
        }
    }

    /** Within the window: failures in the upper half, all requests in the lower. On any thread; what is being counted may be missing. */
    long sum(long nowNanos) {
        long newest = nowNanos >> shift;
        long requests = 0;
        long failures = 0;
        for (int loop = 0; loop < loops; loop++) {
            for (long slice = newest - slices + 1; slice <= newest; slice++) {
                long cell = cells.getOpaque(loop << CELLS_BITS | (int) slice & CELLS - 1);
                if (cell >>> 2 * COUNT_BITS == (slice & STAMP_MASK)) {
                    requests += cell & COUNT_MASK;
                    failures += cell >>> COUNT_BITS & COUNT_MASK;
                }
            }
        }
        return failures << 32 | requests;
    }

    static long requests(long sum) {
        return sum & 0xffff_ffffL;
    }

    static long failures(long sum) {
        return sum >>> 32;
    }

    /** Forgets all; what other loops count in this moment may stay. */
    void clear() {
        for (int i = 0; i < cells.length(); i++) {
            cells.setOpaque(i, 0);
        }
    }
}
