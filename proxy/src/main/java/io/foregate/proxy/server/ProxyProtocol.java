package io.foregate.proxy.server;

import io.foregate.proxy.route.CidrSet;

/**
 * Who may announce a connection's client with a PROXY protocol header, and must.
 *
 * @param from peers whose header is believed
 * @param timeoutNanos for the whole header, from the connection's begin
 */
public record ProxyProtocol(Mode mode, CidrSet from, long timeoutNanos) {
    /** What is expected of a connection. */
    public enum Mode {
        /** Nobody looks for a header. */
        OFF,
        /** Peers in {@code from} may send one; others are served, and refused if they do. */
        OPTIONAL,
        /** Only peers in {@code from} are served, and only with a header. */
        REQUIRED
    }

    public static final ProxyProtocol OFF = new ProxyProtocol(Mode.OFF, CidrSet.of(), Long.MAX_VALUE);
}
