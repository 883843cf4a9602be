package io.foregate.proxy.worker;

import org.jspecify.annotations.Nullable;

/** Holds the snapshot in force, and the one that is tried beside it, if there is one. Thread-safe; lives as long as the process. */
public final class Runtime {
    private volatile Serving serving;

    public Runtime(Snapshot first) {
        serving = new Serving(first, null);
    }

    /** What serves at this moment. An exchange reads it once. */
    public Serving serving() {
        return serving;
    }

    /** The snapshot in force. */
    public Snapshot current() {
        return serving.snapshot();
    }

    /** Puts {@code next} in force and returns what it replaces, which the caller retires on every loop. A trial is over then. */
    public Snapshot publish(Snapshot next) {
        Snapshot previous = serving.snapshot();
        serving = new Serving(next, null);
        return previous;
    }

    /** From now on that snapshot is tried beside the one in force; with null no longer. */
    public void trial(@Nullable Trial trial) {
        serving = new Serving(serving.snapshot(), trial);
    }
}
