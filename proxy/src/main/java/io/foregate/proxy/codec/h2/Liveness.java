package io.foregate.proxy.codec.h2;

import io.foregate.proxy.loop.LoopClock;

/**
 * Finds out whether the other end of a connection is still there, by PING, when exchanges wait and nothing has come for long: a peer
 * whose machine or network is gone sends no FIN.
 *
 * <p>The time between two PINGs doubles as long as nothing else comes: servers of gRPC take PINGs more often than every five minutes,
 * while they send nothing, for an attack. Owned by its connection.
 */
final class Liveness {
    private static final long SILENCE_NANOS = 30_000_000_000L;
    private static final long LONGEST_NANOS = 305_000_000_000L;
    private static final long ANSWER_NANOS = 10_000_000_000L;
    private static final long PING = 0x616c6976653f2121L;

    private final Http2Connection connection;
    private final LoopClock clock;
    private long silenceNanos = SILENCE_NANOS;
    private boolean asked;

    Liveness(Http2Connection connection, LoopClock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    /** An exchange begins: from now on somebody waits. One that begins after a long silence asks at once. */
    void watch() {
        if (connection.timer().isSet(ConnectionTimer.LIVENESS)) {
            return;
        }
        if (clock.nowNanos() - connection.lastReadNanos() >= SILENCE_NANOS) {
            ask();
        } else {
            silenceNanos = SILENCE_NANOS;
            connection.timer().set(ConnectionTimer.LIVENESS, silenceNanos);
        }
    }

    /** Nobody waits any more. */
    void rest() {
        asked = false;
        connection.timer().clear(ConnectionTimer.LIVENESS);
    }

    void pinged(long data) {
        if (asked && data == PING) {
            asked = false;
            silenceNanos = Math.min(silenceNanos * 2, LONGEST_NANOS);
            connection.timer().set(ConnectionTimer.LIVENESS, silenceNanos);
        }
    }

    /** The time is up: of silence, or of a PING without an answer. */
    void expired() {
        long silent = clock.nowNanos() - connection.lastReadNanos();
        if (asked && silent >= ANSWER_NANOS) {
            connection.fail(ErrorCode.NO_ERROR, "the origin doesn't answer PING any more");
        } else if (!asked && silent >= silenceNanos) {
            ask();
        } else {
            asked = false;
            silenceNanos = SILENCE_NANOS;
            connection.timer().set(ConnectionTimer.LIVENESS, Math.max(SILENCE_NANOS - silent, 1));
        }
    }

    private void ask() {
        asked = true;
        connection.writer().ping(PING, false);
        connection.flushSoon();
        connection.timer().set(ConnectionTimer.LIVENESS, ANSWER_NANOS);
    }
}
