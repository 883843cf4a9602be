package io.foregate.control.guard;

import io.foregate.proxy.worker.Trial;
import java.time.Duration;

/**
 * The guard over one configuration that is tried beside the one in force, for those who want to know how it stands, or to end it.
 *
 * <p>Thread-safe. It may be kept when the trial is over: what was tried isn't held by it.
 */
public final class Guard {
    private static final long LOOK_MILLIS = 250;

    /** What is tried. */
    public interface Tried {
        /** The number of its revision. */
        long revision();

        /** The number of the revision that is in force beside it. */
        long against();

        Trial trial();

        /** Whether it was taken back by somebody else, as at the end of the process. */
        boolean lost();

        /** Puts it in force. False when that is out of question by now. */
        boolean finish();

        /** Takes it back. False when that is out of question by now, as at the end of the process. */
        boolean abandon();

        /** It is over, and this came of it. */
        void outcome(boolean applied, String note);
    }

    /** What somebody wants of it. */
    enum Wish {
        NONE,
        FINISH,
        ABORT
    }

    private Wish wish = Wish.NONE;
    private String whose = "";
    private boolean over;
    private volatile GuardState state;

    Guard(GuardState state) {
        this.state = state;
    }

    /** Begins to give {@code tried} a share of the traffic. */
    public static Guard begin(Tried tried, GuardSettings settings) {
        return GuardWatch.begin(tried, settings);
    }

    /** How it stands. */
    public GuardState state() {
        return state;
    }

    /** In force at once, whatever else there is to see. False when it is over already. */
    public boolean finish(String who) {
        return wish(Wish.FINISH, who);
    }

    /** Taken back at once. False when it is over already. */
    public boolean abort(String who) {
        return wish(Wish.ABORT, who);
    }

    private synchronized boolean wish(Wish wanted, String who) {
        if (over || wish != Wish.NONE) {
            return false;
        }
        wish = wanted;
        whose = who;
        notifyAll();
        return true;
    }

    /** Waits until it is over, but not longer than that. Returns whether it is. */
    public synchronized boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!over) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    // ---- for the thread that watches ----

    /** Waits until it is time to look, or somebody wants something, which is returned. */
    synchronized Wish pause() throws InterruptedException {
        if (wish == Wish.NONE) {
            wait(LOOK_MILLIS);
        }
        return wish;
    }

    synchronized String whose() {
        return whose;
    }

    void is(GuardState now) {
        state = now;
    }

    synchronized void over() {
        over = true;
        notifyAll();
    }
}
