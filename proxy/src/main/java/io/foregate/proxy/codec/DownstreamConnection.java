package io.foregate.proxy.codec;

/** A client's connection, of whichever version of HTTP. On its loop. */
public interface DownstreamConnection {
    /** No further requests: an idle connection closes, a busy one after the answers that it is at. */
    void drain();

    /**
     * The same without any hurry: its next answer says that it is the last, and only that ends it. So no request crosses a close on
     * its way. One that is never asked again is left to {@link #drain}.
     */
    void windDown();

    /** Shows what it is at to {@code look}; nothing before it is known what the client speaks. */
    default void show(ConnectionLook look) {}
}
