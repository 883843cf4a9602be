package io.foregate.proxy.exchange;

import io.foregate.proxy.loop.LoopClock;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.loop.TimerWheel;
import io.foregate.proxy.observe.AccessRecord.Phase;

/**
 * How long an exchange may take: the phase that it is in and that phase's limit, under the limit of the whole. One timer does
 * for all of them. Owned by its exchange.
 */
final class Deadlines {
    private static final long NONE = Long.MAX_VALUE;

    private final Timer timer;
    private final TimerWheel wheel;
    private final LoopClock clock;
    private Phase phase = Phase.READ_HEAD;
    private long totalDeadlineNanos = NONE;

    Deadlines(Timer.Target target, TimerWheel wheel, LoopClock clock) {
        this.timer = new Timer(target);
        this.wheel = wheel;
        this.clock = clock;
    }

    Phase phase() {
        return phase;
    }

    boolean in(Phase some) {
        return phase == some;
    }

    /** Bounds the whole exchange, counted from {@code startNanos}. */
    void total(long startNanos, long limitNanos) {
        totalDeadlineNanos = limitNanos == NONE ? NONE : startNanos + limitNanos;
    }

    /** Takes the bound of the whole away, as tunnels have none. */
    void noTotal() {
        totalDeadlineNanos = NONE;
    }

    boolean totalExceeded() {
        return totalDeadlineNanos != NONE && clock.nowNanos() - totalDeadlineNanos >= 0;
    }

    /** Enters a phase whose limit, if it has one, is another's business. */
    void enter(Phase next) {
        phase = next;
    }

    /** Enters a phase, or begins it anew, with a limit from now on. */
    void enter(Phase next, long limitNanos) {
        phase = next;
        arm(limitNanos);
    }

    /** Begins the present phase's limit anew. */
    void arm(long limitNanos) {
        long limit = limitNanos;
        if (totalDeadlineNanos != NONE) {
            limit = Math.min(limit, Math.max(totalDeadlineNanos - clock.nowNanos(), 1));
        }
        wheel.arm(timer, limit);
    }

    void clear() {
        wheel.disarm(timer);
        phase = Phase.READ_HEAD;
        totalDeadlineNanos = NONE;
    }
}
