package io.foregate.proxy.codec;

import org.jspecify.annotations.Nullable;

/** Somebody who looks at client connections. On the loop of the connection that shows itself. */
public interface ConnectionLook {
    /**
     * A connection shows itself.
     *
     * @param httpVersion 11 for HTTP/1, 20 for HTTP/2
     * @param acceptor of its requests
     */
    void connection(int httpVersion, StreamAcceptor acceptor);

    /** One of its requests; null where there is none. */
    void request(@Nullable StreamHandler handler);
}
