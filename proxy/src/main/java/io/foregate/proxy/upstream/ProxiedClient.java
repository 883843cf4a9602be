package io.foregate.proxy.upstream;

import io.netty.buffer.ByteBuf;

/**
 * A client connection, as the PROXY protocol tells an endpoint of it. One object for each client connection: connections that
 * spoke for one never serve another. On the loop of that connection.
 */
public interface ProxiedClient {
    /** Appends the header that says who the client is. */
    void writeProxyHeader(ByteBuf out, Link.ProxyProtocol version);
}
