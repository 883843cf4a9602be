package io.foregate.proxy.codec;

/**
 * Whether a client takes what waits for it fast enough: {@link MinRate#downloadPerSecond} on average over each window in which it
 * keeps us waiting. Looks at the client only when a window ends. Owned by one connection or exchange.
 */
public final class SlowReader {
    private boolean measuring;
    private long fromNanos;
    private long takenBefore;

    /** The client doesn't keep us waiting any more. */
    public void reset() {
        measuring = false;
    }

    /**
     * A window in which the client kept us waiting has ended.
     *
     * @param windowNanos how long it was
     * @param least how many bytes the client has to take in one
     * @return false when it was too slow; otherwise another window begins
     */
    public boolean endures(Taken taken, long nowNanos, long windowNanos, long least) {
        if (measuring && nowNanos - fromNanos < windowNanos) {
            return true;
        }
        boolean slow = measuring ? taken.bytes() - takenBefore < least : taken.quietNanos() >= windowNanos;
        measuring = true;
        fromNanos = nowNanos;
        takenBefore = taken.bytes();
        return !slow;
    }
}
