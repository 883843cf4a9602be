package io.foregate.proxy.route;

/**
 * Takes a share of what passes, evenly spread but not in a rhythm: additive recurrence with the golden ratio, so that of n in a row
 * the number taken is never off by more than a few, and a client that comes in a rhythm of its own isn't always or never taken.
 *
 * <p>Each loop counts for itself, without a shared write. Lives as long as its owner wants the sequence to go on.
 */
public final class Sampling {
    /** The whole, in parts per million. */
    public static final int WHOLE = 1_000_000;

    private static final int STRIDE = 16;
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final long[] points;

    public Sampling(int loops) {
        points = new long[loops * STRIDE];
        for (int loop = 0; loop < loops; loop++) {
            points[loop * STRIDE] = KeyHash.mix(loop);
        }
    }

    /** Whether the next one is taken. On loop {@code loop}. */
    public boolean takes(int loop, int partsPerMillion) {
        long point = points[loop * STRIDE] + STEP;
        points[loop * STRIDE] = point;
        return Math.unsignedMultiplyHigh(point, WHOLE) < partsPerMillion;
    }
}
