package io.foregate.proxy.worker;

/** Holds the snapshot in force. Thread-safe; lives as long as the process. */
public final class Runtime {
    private volatile Snapshot current;

    public Runtime(Snapshot first) {
        current = first;
    }

    /** The snapshot in force. An exchange reads it once. */
    public Snapshot current() {
        return current;
    }

    /** Puts {@code next} in force and returns what it replaces, which the caller retires on every loop. */
    public Snapshot publish(Snapshot next) {
        Snapshot previous = current;
        current = next;
        return previous;
    }
}
