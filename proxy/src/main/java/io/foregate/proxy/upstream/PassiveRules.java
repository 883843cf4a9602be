package io.foregate.proxy.upstream;

import java.util.BitSet;

/**
 * When requests show that an endpoint doesn't do its work, and for how long it then gets none. Immutable.
 *
 * @param statuses of answers that are failures
 * @param resets whether connections and streams that break off before an answer are
 * @param timeouts whether answers that don't come in time are
 * @param consecutive this many failures in a row eject it; 0 is never
 * @param ratePercent this share of failures ejects it; 0 is never
 * @param window over which the share is taken
 * @param firstEjectionNanos how long the first ejection lasts; each that follows soon lasts twice as long
 * @param longestEjectionNanos and no longer than this
 * @param maxSharePercent of a pool's endpoints that may be ejected at a time
 */
public record PassiveRules(
        BitSet statuses,
        boolean resets,
        boolean timeouts,
        int consecutive,
        int ratePercent,
        Window window,
        long firstEjectionNanos,
        long longestEjectionNanos,
        int maxSharePercent) {
    /**
     * Over what a share of failures is taken.
     *
     * @param minRequests a share of fewer requests says nothing
     */
    public record Window(long nanos, int minRequests) {}

    public PassiveRules {
        statuses = (BitSet) statuses.clone();
    }

    @Override
    public BitSet statuses() {
        return (BitSet) statuses.clone();
    }

    boolean isFailure(int status) {
        return statuses.get(status);
    }

    /** How long the ejection after {@code before} others lasts. */
    long ejectionNanos(int before) {
        long lasts = firstEjectionNanos;
        for (int i = 0; i < before && lasts < longestEjectionNanos; i++) {
            lasts *= 2;
        }
        return Math.min(lasts, longestEjectionNanos);
    }
}
