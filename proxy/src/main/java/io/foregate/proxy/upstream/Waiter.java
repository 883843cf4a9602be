package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.StreamHandler;

/** Asks a {@link ConnectionPool} for a stream. Called on the pool's loop, once for each time it asked. */
public interface Waiter {
    /** Who is to hear of the stream's events. */
    StreamHandler streamHandler();

    /** The stream is the waiter's, which sends its request on it at once. */
    void onStream(ClientStream stream);

    /** There will be none. */
    void onNoStream(Failure failure);

    /** It is the waiter's turn: a connection is being opened for it. */
    void onConnecting();
}
