package io.foregate.control.admin;

import java.util.function.LongSupplier;

/** So many calls in each second, and a few more at once after a quiet time. Thread-safe. */
final class RateLimit {
    private static final double SECOND = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanos;
    private double left;
    private long lastNanos;

    RateLimit(double perSecond, double burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
        this.left = burst;
        this.lastNanos = nanos.getAsLong();
    }

    /** Whether there may be one more now. */
    synchronized boolean take() {
        long now = nanos.getAsLong();
        left = Math.min(burst, left + (now - lastNanos) / SECOND * perSecond);
        lastNanos = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
