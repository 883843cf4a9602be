package io.foregate.proxy.observe;

import java.util.Arrays;

/**
 * What can be seen of exchanges besides the logs: the last ones that failed, and all that end while somebody looks.
 *
 * <p>An exchange that ends well while nobody looks pays for one volatile read. One for the process, as long as it: thread-safe, but
 * for what belongs to a loop.
 */
public final class Watch {
    private static final Watcher[] NOBODY = {};
    private static final int MOST_WATCHERS = 8;
    private static final int FAILURE_BYTES = 2 << 20;
    private static final int REFUSAL_BYTES = 1 << 20;

    private final LoopWatch[] loops;
    private volatile Watcher[] watchers = NOBODY;

    /** @param loops how many event loops there are, which share the memory for what has failed */
    public Watch(int loops) {
        this.loops = new LoopWatch[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new LoopWatch(this, i, ring(FAILURE_BYTES / loops), ring(REFUSAL_BYTES / loops));
        }
    }

    private static RecordRing ring(int share) {
        int capacity = Math.clamp(share, 64 << 10, 1 << 20);
        // Such a line has some 500 bytes.
        return new RecordRing(capacity, capacity / 256);
    }

    /** What one loop sees. */
    public LoopWatch loop(int index) {
        return loops[index];
    }

    /** From now on {@code watcher} is told of exchanges that end; false when as many look as may. */
    public synchronized boolean attach(Watcher watcher) {
        if (watchers.length == MOST_WATCHERS) {
            return false;
        }
        Watcher[] next = Arrays.copyOf(watchers, watchers.length + 1);
        next[next.length - 1] = watcher;
        watchers = next;
        return true;
    }

    /** It is told no more; what goes on at this moment may still reach it. */
    public synchronized void detach(Watcher watcher) {
        Watcher[] rest = new Watcher[watchers.length];
        int count = 0;
        for (Watcher one : watchers) {
            if (one != watcher) {
                rest[count++] = one;
            }
        }
        watchers = count == 0 ? NOBODY : Arrays.copyOf(rest, count);
    }

    Watcher[] watchers() {
        return watchers;
    }
}
