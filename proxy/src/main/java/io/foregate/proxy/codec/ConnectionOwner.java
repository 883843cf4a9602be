package io.foregate.proxy.codec;

/** Keeps upstream connections between exchanges. On the connection's loop. */
public interface ConnectionOwner {
    /** The connection's exchange is over and it can carry another. */
    void onIdle(Http1ClientConnection connection);

    /** The connection is gone, idle or not. Called once. */
    void onClosed(Http1ClientConnection connection);
}
