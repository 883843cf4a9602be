package io.foregate.proxy.loop;

import org.jspecify.annotations.Nullable;

/**
 * One deadline of one owner, linked into the {@link TimerWheel} of its loop. Made once with its owner and armed many times,
 * so that a timeout costs no allocation and, while deadlines only move away, no list operation either.
 */
public final class Timer {
    /** What is called when a deadline has passed. */
    public interface Target {
        /** On the loop; the timer is disarmed by then and may be armed again. */
        void onTimeout(Timer timer);
    }

    static final long DISARMED = Long.MAX_VALUE;

    final Target target;
    long deadlineNanos = DISARMED;
    long slotNanos;
    int slot = -1;

    @Nullable
    Timer previous;

    @Nullable
    Timer next;

    public Timer(Target target) {
        this.target = target;
    }

    public boolean armed() {
        return deadlineNanos != DISARMED;
    }
}
