package io.foregate.proxy.codec;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;

/** Makes a handler for each request of one downstream connection. On the connection's loop. */
public interface StreamAcceptor {
    /** Who is at the other end of the connection: the client, or a proxy before us. Not to be changed. */
    ClientAddress peer();

    /** A request begins on {@code stream}; its head follows. */
    StreamHandler accept(HttpStream stream);

    /**
     * A head was refused. The acceptor answers on {@code stream}, as far as the failure has an answer, and closes it.
     *
     * @param head what was read of it; ownership passes
     */
    void refuse(HttpStream stream, RequestHead head, Failure failure);
}
