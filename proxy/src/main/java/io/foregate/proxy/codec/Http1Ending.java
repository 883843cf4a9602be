package io.foregate.proxy.codec;

import io.foregate.proxy.loop.Timer;

/**
 * The end of a client connection, within bounds: what the client still sends is dropped, and what it still has to read is
 * sent for as long as it reads at all. Owned by its connection.
 */
final class Http1Ending {
    /** What is read past while time allows, so that a client that sends a large body gets to read why it is refused. */
    private static final int MOST_DROPPED_BYTES = 16 * 1024 * 1024;

    private final LoopContext loop;
    private final ServerSettings settings;
    private final Timer timer;
    private final Http1Guard guard;
    private final SlowReader reader = new SlowReader();
    private int droppedBytes;

    Http1Ending(LoopContext loop, ServerSettings settings, Timer timer, Http1Guard guard) {
        this.guard = guard;
        this.loop = loop;
        this.settings = settings;
        this.timer = timer;
    }

    /** Begins to drop what the client sends, for a while. */
    void begin() {
        droppedBytes = 0;
        reader.reset();
        waitFor(settings.lingerNanos());
    }

    private void waitFor(long nanos) {
        loop.timers().arm(timer, nanos);
    }

    /** Notes that bytes were dropped; false when they are more than one needs to put up with. */
    boolean drop(int bytes) {
        droppedBytes += bytes;
        return droppedBytes <= MOST_DROPPED_BYTES;
    }

    /** Whether a connection whose time is up is to be closed: one that still takes our last answer gets more time. */
    boolean due(Http1Wire wire) {
        if (wire.unsentBytes() == 0) {
            return true;
        }
        MinRate rate = settings.minRate();
        boolean measured = rate.downloadPerSecond() > 0;
        long windowNanos = measured ? rate.windowNanos() : settings.keepAliveNanos();
        long least = measured ? rate.downloadBytes() : 1;
        if (reader.endures(wire.taken(), loop.clock().refresh(), windowNanos, least)) {
            waitFor(windowNanos);
            return false;
        }
        guard.slowReader();
        wire.breakOff();
        return true;
    }
}
