package io.foregate.proxy.server;

/**
 * What a listener of the configuration is to its connections: the slot of its plan in every snapshot, how connections begin, and
 * how many there are. The sockets that lead to it may change while it lasts, and so may its settings, which hold for connections
 * that come from then on.
 *
 * <p>Thread-safe. Lives from the configuration that brings the listener until its last connection is gone.
 */
public final class Reception {
    private final int slot;
    private final ConnectionGate gate;
    private volatile ListenerSettings settings;
    private volatile boolean leaving;

    public Reception(ListenerSettings settings) {
        this.slot = settings.slot();
        this.gate = new ConnectionGate(settings.admission().limits());
        this.settings = settings;
    }

    public int slot() {
        return slot;
    }

    ConnectionGate gate() {
        return gate;
    }

    /** A connection reads them once, when it begins. */
    ListenerSettings settings() {
        return settings;
    }

    /** From now on connections begin like this; what has begun goes on as it is. */
    public void settings(ListenerSettings next) {
        if (next.slot() != slot) {
            throw new IllegalArgumentException("settings for slot " + next.slot() + " at slot " + slot);
        }
        gate.limits(next.admission().limits());
        settings = next;
    }

    /** The configuration doesn't have this listener any more: each connection ends after the answers that it is at. */
    void leave() {
        leaving = true;
    }

    boolean leaving() {
        return leaving;
    }

    /** Sockets of clients that came this way and are still open. */
    public int connections() {
        return gate.entered();
    }
}
