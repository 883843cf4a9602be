package io.foregate.proxy.codec.h2;

import io.foregate.proxy.loop.LoopClock;
import io.foregate.proxy.observe.Defence;

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

    /** Origins are chosen, not met, and some PING with every answer to measure the way: they have more of everything. */
    private static final int ORIGINS_SCALE = 100;

    /** What a section becomes, at the most, without anybody meaning harm. */
    private static final int BOMB_FACTOR = 50;

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
                // Everything is full after far less than an hour; more would overflow.
                long elapsedNanos = Math.min(now - filledNanos, 3600 * SECOND_NANOS);
                long seconds = elapsedNanos * perSecond / SECOND_NANOS;
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
    private final Budget refusals;
    private final Budget pings;
    private final Budget settings;
    private final Budget empties;
    private final Budget idleFrames;
    private final Budget windowUpdates;

    FloodGuard(Http2Connection connection, LoopClock clock) {
        this.connection = connection;
        this.clock = clock;
        long now = clock.nowNanos();
        int scale = connection.role().server() ? 1 : ORIGINS_SCALE;
        resets = new Budget(200 * scale, 20 * scale, now);
        misdeeds = new Budget(100 * scale, 5 * scale, now);
        refusals = new Budget(1000 * scale, 50 * scale, now);
        pings = new Budget(100 * scale, 10 * scale, now);
        settings = new Budget(50 * scale, 2 * scale, now);
        empties = new Budget(100 * scale, 10 * scale, now);
        idleFrames = new Budget(500 * scale, 50 * scale, now);
        windowUpdates = new Budget(2000 * scale, 100 * scale, now);
    }

    private boolean spend(Budget budget, Defence defence, String what) {
        return budget.take(clock.nowNanos()) || stop(defence, what);
    }

    private boolean stop(Defence defence, String what) {
        connection.role().tripped(defence, what);
        connection.fail(ErrorCode.ENHANCE_YOUR_CALM, what);
        return false;
    }

    /** The peer reset a stream: free of charge once its answer has begun. */
    boolean reset(Http2Stream stream) {
        return stream.headWritten ? idleFrame() : spend(resets, Defence.RAPID_RESET, "streams are reset too often");
    }

    /** The peer made us reset one of its streams. */
    boolean misdeed() {
        return spend(misdeeds, Defence.MADE_YOU_RESET, "streams break the rules too often");
    }

    /** A stream was refused that the peer should not have tried to open. */
    boolean refused() {
        return spend(refusals, Defence.MADE_YOU_RESET, "more streams are opened than allowed, again and again");
    }

    /** Our own answers pile up. */
    void unread() {
        connection.role().tripped(Defence.UNREAD_REPLIES, "answers are not read, so nothing more is taken");
    }

    boolean ping() {
        return spend(pings, Defence.PING_FLOOD, "PING comes too often");
    }

    boolean settings() {
        return spend(settings, Defence.SETTINGS_FLOOD, "SETTINGS come too often");
    }

    boolean emptyFrame() {
        return spend(empties, Defence.EMPTY_FRAME_FLOOD, "frames without content come too often");
    }

    /** A frame without effect. */
    boolean idleFrame() {
        return spend(idleFrames, Defence.FRAME_FLOOD, "frames without effect come too often");
    }

    boolean windowUpdate() {
        return spend(windowUpdates, Defence.WINDOW_ABUSE, "windows are opened in too many small steps");
    }

    boolean continuations() {
        return stop(Defence.CONTINUATION_FLOOD, "a field section in too many pieces, or too large");
    }

    /** A section was larger than allowed: that is answered, and told. */
    void tooLarge(int decodedBytes, int sectionBytes) {
        boolean bomb = decodedBytes / BOMB_FACTOR > sectionBytes;
        connection
                .role()
                .tripped(
                        bomb ? Defence.HPACK_BOMB : Defence.HEADER_FLOOD,
                        "a field section of more bytes or fields than allowed");
    }

    /** An answer that nobody reads was given up. */
    void slowRead() {
        connection.role().tripped(Defence.SLOW_READ, "an answer was not read for too long");
    }

    /** Data went to or came from the peer. */
    void data(int bytes) {
        if (bytes >= USEFUL_BYTES) {
            windowUpdates.give(2);
            idleFrames.give(1);
            // Clients of gRPC measure the line with a PING for each piece of data.
            pings.give(1);
        }
    }

    /** A message of ours has ended as it should. */
    void answered() {
        windowUpdates.give(4);
        idleFrames.give(2);
        resets.give(1);
    }
}
