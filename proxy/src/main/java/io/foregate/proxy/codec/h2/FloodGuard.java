package io.foregate.proxy.codec.h2;

import io.foregate.proxy.loop.LoopClock;

/**
 * Ends a connection whose peer makes work without using it: what costs us something and does nothing for a request has a budget that
 * fills up with time, and with data that really goes to and fro. Whatever a well-meaning peer does stays far below.
 *
 * <p>Owned by its connection. Answers are false when the connection has been ended.
 */
final class FloodGuard {
    private static final long SECOND_NANOS = 1_000_000_000L;
    /** A DATA frame that carries this much pays for two other frames. */
    private static final int USEFUL_BYTES = 256;

    /** Something that may happen {@code burst} times at once, and {@code perSecond} times a second in the long run. */
    private static final class Budget {
        private final int burst;
        private final int perSecond;
        private int left;
        private long filledNanos;

        Budget(int burst, int perSecond, long now) {
            this.burst = burst;
            this.perSecond = perSecond;
            this.left = burst;
            this.filledNanos = now;
        }

        boolean take(long now) {
            if (left == 0) {
                long seconds = (now - filledNanos) * perSecond / SECOND_NANOS;
                if (seconds <= 0) {
                    return false;
                }
                filledNanos = now;
                left = (int) Math.min(burst, seconds);
            }
            left--;
            return true;
        }

        void give(int count) {
            left = Math.min(burst, left + count);
        }
    }

    private final Http2Connection connection;
    private final LoopClock clock;
    private final Budget resets;
    private final Budget misdeeds;
    private final Budget pings;
    private final Budget settings;
    private final Budget empties;
    private final Budget idleFrames;
    private final Budget windowUpdates;

    FloodGuard(Http2Connection connection, LoopClock clock) {
        this.connection = connection;
        this.clock = clock;
        long now = clock.nowNanos();
        resets = new Budget(200, 20, now);
        misdeeds = new Budget(100, 5, now);
        pings = new Budget(100, 10, now);
        settings = new Budget(50, 2, now);
        empties = new Budget(100, 10, now);
        idleFrames = new Budget(500, 50, now);
        windowUpdates = new Budget(2000, 100, now);
    }

    private boolean spend(Budget budget, String what) {
        return budget.take(clock.nowNanos()) || stop(what);
    }

    private boolean stop(String what) {
        connection.fail(ErrorCode.ENHANCE_YOUR_CALM, what);
        return false;
    }

    /** The peer reset a stream: free of charge once its answer has begun. */
    boolean reset(Http2Stream stream) {
        return stream.headWritten ? idleFrame() : spend(resets, "streams are reset too often");
    }

    /** The peer made us reset one of its streams. */
    boolean misdeed() {
        return spend(misdeeds, "streams break the rules too often");
    }

    boolean ping() {
        return spend(pings, "PING comes too often");
    }

    boolean settings() {
        return spend(settings, "SETTINGS come too often");
    }

    boolean emptyFrame() {
        return spend(empties, "frames without content come too often");
    }

    /** A frame without effect. */
    boolean idleFrame() {
        return spend(idleFrames, "frames without effect come too often");
    }

    boolean windowUpdate() {
        return spend(windowUpdates, "windows are opened in too many small steps");
    }

    boolean continuations() {
        return stop("a field section in too many pieces, or too large");
    }

    /** Data went to or came from the peer. */
    void data(int bytes) {
        if (bytes >= USEFUL_BYTES) {
            windowUpdates.give(2);
            idleFrames.give(1);
        }
    }
}
