package io.foregate.proxy.codec;

/**
 * Whether a client moves bytes fast enough while it is waited for: on average as many in a second as it has to.
 *
 * <p>Time that it is waited for is spent, bytes earn time, and it must not run out. At first there is one window to spend, and never
 * more than {@value #MOST_WINDOWS}: clients make room in large steps (half of an HTTP/2 window, a third of a socket's buffer) and then
 * for a while not at all, while somebody who trickles earns nothing. Asked only when a window is over. Owned by one connection
 * or exchange.
 */
public final class Pace {
    private static final int MOST_WINDOWS = 4;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private boolean measuring;
    private long fromNanos;
    private long bytesBefore;
    private long leftNanos;

    /** The client isn't waited for any more. */
    public void reset() {
        measuring = false;
    }

    /** The client is waited for from now on, having moved {@code bytes}. */
    public void begin(long nowNanos, long bytes, long windowNanos) {
        measuring = true;
        fromNanos = nowNanos;
        bytesBefore = bytes;
        leftNanos = windowNanos;
    }

    /** Up to now the client had to wait for us. */
    public void excuse(long nowNanos, long bytes) {
        fromNanos = nowNanos;
        bytesBefore = bytes;
    }

    /**
     * A window in which the client was waited for has ended.
     *
     * @param bytes that it has moved by now
     * @param perSecond how many it has to; 0 when any will do, as long as there are some in each window
     * @return false when it was too slow; otherwise another window begins
     */
    public boolean endures(long bytes, long nowNanos, long windowNanos, long perSecond) {
        long spentNanos = nowNanos - fromNanos;
        if (spentNanos < windowNanos) {
            return true;
        }
        long moved = Math.max(bytes - bytesBefore, 0);
        fromNanos = nowNanos;
        bytesBefore = bytes;
        if (perSecond == 0) {
            return moved > 0;
        }
        leftNanos = Math.min(leftNanos + earnedNanos(moved, windowNanos, perSecond) - spentNanos, most(windowNanos));
        return leftNanos > 0;
    }

    /** As {@link #endures(long, long, long, long)} for what a peer has taken, the waiting having begun a window ago, or before. */
    public boolean endures(Taken taken, long nowNanos, long windowNanos, long perSecond) {
        if (measuring) {
            return endures(taken.bytes(), nowNanos, windowNanos, perSecond);
        }
        long earned = perSecond == 0 ? 0 : earnedNanos(Math.max(taken.bytes(), 0), windowNanos, perSecond);
        begin(nowNanos, taken.bytes(), Math.min(windowNanos + earned, most(windowNanos)) - taken.quietNanos());
        return leftNanos > 0;
    }

    private static long most(long windowNanos) {
        return windowNanos > Long.MAX_VALUE / MOST_WINDOWS ? Long.MAX_VALUE : MOST_WINDOWS * windowNanos;
    }

    private static long earnedNanos(long moved, long windowNanos, long perSecond) {
        // In floating point, as the product may be more than a long holds.
        return (long) Math.min((double) moved * SECOND_NANOS / perSecond, (double) most(windowNanos));
    }
}
