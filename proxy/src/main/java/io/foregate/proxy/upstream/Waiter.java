package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.Http1ClientConnection;

/** Asks a {@link ConnectionPool} for a connection. Called on the pool's loop, once for each time it asked. */
public interface Waiter {
    /** The connection is the waiter's, which begins an exchange on it at once. */
    void onConnection(Http1ClientConnection connection);

    /** There will be none. */
    void onNoConnection(Failure failure);

    /** It is the waiter's turn: a connection is being opened for it. */
    void onConnecting();
}
