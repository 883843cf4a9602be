package io.foregate.proxy.balance;

/**
 * How long one member's answers take: an average over the last seconds that rises to a slow answer at once and falls slowly, as
 * Finagle's peak EWMA does. It falls while there are no answers, too, so that a member that was slow is asked again.
 *
 * <p>Thread-safe: one long holds value and time. Racing loops may lose a sample, which an average can bear.
 */
public final class PeakLatency {
    private static final int TICK_BITS = 14;
    private static final long HALF_LIFE_TICKS = 5_000_000_000L >>> TICK_BITS;
    private static final float LONGEST_FAILED_NANOS = 10e9f;
    private static final float UNKNOWN_FAILED_NANOS = 100e6f;

    // The time of the last sample in ticks of 16 µs, wrapping after 19 hours, which does no harm; and the value as a
    // float. 0 is
    // unknown.
    private volatile long packed;

    /** How long answers take; 0 while nothing is known. */
    public long nanos(long nowNanos) {
        long known = packed;
        return known == 0 ? 0 : Math.max(1, (long) (value(known) * left(known, nowNanos)));
    }

    /**
     * An answer began {@code tookNanos} after its request.
     *
     * @param failed whether it was an error: one that comes quickly must not attract more requests
     */
    public void sample(long tookNanos, long nowNanos, boolean failed) {
        long known = packed;
        float took = Math.max(tookNanos, 1);
        float value;
        if (known == 0) {
            value = failed ? Math.max(took, UNKNOWN_FAILED_NANOS) : took;
        } else {
            float before = value(known);
            float left = left(known, nowNanos);
            float sample = failed ? Math.max(took, Math.min(before * 2, LONGEST_FAILED_NANOS)) : took;
            value = sample > before * left ? sample : before * left + sample * (1 - left);
        }
        packed = (nowNanos >>> TICK_BITS) << 32 | Float.floatToRawIntBits(Math.max(value, 1));
    }

    private static float value(long packed) {
        return Float.intBitsToFloat((int) packed);
    }

    // 2^-x, between the powers of two a parabola that begins as steeply, so that many small steps come to the same.
    private static float left(long packed, long nowNanos) {
        long ticks = ((nowNanos >>> TICK_BITS) - (packed >>> 32)) & 0xffff_ffffL;
        // Another loop's clock may be a moment ahead.
        if (ticks > 0xffff_0000L) {
            return 1;
        }
        long halvings = ticks / HALF_LIFE_TICKS;
        float rest = (float) (ticks % HALF_LIFE_TICKS) / HALF_LIFE_TICKS;
        return halvings > 30 ? 0 : (1 - rest * (0.693f - 0.193f * rest)) / (1 << halvings);
    }
}
