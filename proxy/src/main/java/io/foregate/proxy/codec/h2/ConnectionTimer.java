package io.foregate.proxy.codec.h2;

import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.loop.Timer;
import java.util.Arrays;

/**
 * The several deadlines of one connection on one timer. Moving one away is a write to an array; the timer finds out when it next
 * fires. Owned by its connection.
 */
final class ConnectionTimer implements Timer.Target {
    /** A field section, or the preface, has begun and isn't whole. */
    static final int HEAD = 0;
    /** Our SETTINGS were not acknowledged. */
    static final int ACK = 1;
    /** No stream is open. */
    static final int IDLE = 2;
    /** Streams have something to send. */
    static final int STALL = 3;
    /** The first GOAWAY of two was sent. */
    static final int DRAIN = 4;
    /** The connection ends. */
    static final int LINGER = 5;

    /** Nothing has come for long, or not the answer to a PING. */
    static final int LIVENESS = 6;

    private static final int KINDS = 7;
    private static final long NEVER = Long.MAX_VALUE;

    /** Hears of deadlines. */
    interface Listener {
        void expired(int kind);
    }

    private final LoopContext loop;
    private final Listener listener;
    private final Timer timer = new Timer(this);
    private final long[] deadlines = new long[KINDS];
    private long armedFor = NEVER;

    ConnectionTimer(LoopContext loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        Arrays.fill(deadlines, NEVER);
    }

    /** Sets a deadline; {@link Long#MAX_VALUE} takes it away. */
    void set(int kind, long nanos) {
        if (nanos == NEVER) {
            deadlines[kind] = NEVER;
            return;
        }
        long deadline = loop.clock().nowNanos() + nanos;
        deadlines[kind] = deadline;
        if (armedFor == NEVER || deadline - armedFor < 0) {
            armedFor = deadline;
            loop.timers().arm(timer, nanos);
        }
    }

    void clear(int kind) {
        deadlines[kind] = NEVER;
    }

    boolean isSet(int kind) {
        return deadlines[kind] != NEVER;
    }

    void stop() {
        Arrays.fill(deadlines, NEVER);
        armedFor = NEVER;
        loop.timers().remove(timer);
    }

    @Override
    public void onTimeout(Timer expired) {
        armedFor = NEVER;
        long now = loop.clock().nowNanos();
        for (int kind = 0; kind < KINDS; kind++) {
            if (deadlines[kind] != NEVER && deadlines[kind] - now <= 0) {
                deadlines[kind] = NEVER;
                listener.expired(kind);
            }
        }
        long next = NEVER;
        for (long deadline : deadlines) {
            if (deadline != NEVER && (next == NEVER || deadline - next < 0)) {
                next = deadline;
            }
        }
        if (next != NEVER) {
            armedFor = next;
            loop.timers().arm(timer, Math.max(next - now, 0));
        }
    }
}
