package io.foregate.api.spi;

/** A search for the servers of one pool that is under way. */
public interface Discovery extends AutoCloseable {
    /**
     * Ends it: threads end, sockets close, soon and without waiting for them. What its listener is told from then on is ignored.
     * Called once, when no configuration that is served asks for it any more, from any thread.
     */
    @Override
    void close();
}
