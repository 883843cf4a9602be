package io.foregate.proxy.balance;

/**
 * How the weight of a member grows that is new or has come back: from a tenth to all of it, in steps, since each step makes a
 * new set. Immutable.
 *
 * @param windowNanos how long it takes; 0 is at once
 */
public record SlowStart(long windowNanos) {
    public static final SlowStart NONE = new SlowStart(0);

    private static final int STEPS = 20;
    private static final int LEAST_PERCENT = 10;

    /** How much of its weight counts {@code ageNanos} after it came. */
    public int percent(long ageNanos) {
        if (ageNanos >= windowNanos) {
            return 100;
        }
        return Math.max(LEAST_PERCENT, (int) step(ageNanos) * 100 / STEPS);
    }

    /** In how many nanoseconds it will count more; 0 when it counts wholly. */
    public long untilMoreNanos(long ageNanos) {
        if (ageNanos >= windowNanos) {
            return 0;
        }
        long step = Math.max(step(ageNanos) + 1, LEAST_PERCENT * STEPS / 100 + 1);
        // Rounded up: a moment too early would be the step before.
        return Math.max(1, (windowNanos * step + STEPS - 1) / STEPS - ageNanos);
    }

    private long step(long ageNanos) {
        return ageNanos <= 0 ? 0 : (long) ((double) ageNanos / windowNanos * STEPS + 1e-9);
    }
}
