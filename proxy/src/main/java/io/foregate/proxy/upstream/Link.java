package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/**
 * What is spoken on the connections to an endpoint.
 *
 * @param tls for endpoints that are reached by TLS, else null
 */
public record Link(
        Protocol protocol,
        ProxyProtocol proxyProtocol,
        @Nullable OriginTls tls) {
    /** HTTP/1 on a plain socket. */
    public static final Link PLAIN = new Link(Protocol.AUTO, ProxyProtocol.OFF, null);

    /** Which version of HTTP. */
    public enum Protocol {
        /** What the endpoint prefers over TLS (ALPN), HTTP/1 without. */
        AUTO,
        H1,
        /** HTTP/2 only: by ALPN over TLS, with prior knowledge without. */
        H2
    }

    /** Whether connections begin with a header that names the client. */
    public enum ProxyProtocol {
        OFF,
        V1,
        V2
    }

    /** Whether connections may carry many exchanges at a time. */
    boolean mayShare() {
        return protocol == Protocol.H2 || protocol == Protocol.AUTO && tls != null;
    }

    /** Whether a connection has to say something before its first request. */
    boolean hasIntroduction() {
        return tls != null || protocol == Protocol.H2 || proxyProtocol != ProxyProtocol.OFF;
    }
}
