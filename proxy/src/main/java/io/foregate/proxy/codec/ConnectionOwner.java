package io.foregate.proxy.codec;

/** Keeps upstream connections between exchanges. On the connection's loop. */
public interface ConnectionOwner {
    /** The peer has answered, or allows more exchanges: the connection has room for another. */
    void onRoom(ClientConnection connection);

    /** An exchange is over that the peer has not answered: the connection has room for another, which says nothing of the peer. */
    void onFreed(ClientConnection connection);

    /** A kept connection has ended with an exchange on it of whose answer nothing came: most likely it was being closed before. */
    void onStale(ClientConnection connection);

    /** A connection takes no more exchanges, and lasts until those on it have ended: another may take its place. */
    void onLeaving();

    /** The connection is gone, idle or not. Called once. */
    void onClosed(ClientConnection connection);
}
