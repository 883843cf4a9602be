package io.foregate.proxy.server;

/**
 * Which connections a listener takes.
 *
 * @param proxyProtocol who may announce clients
 * @param limits how many there may be
 */
public record Admission(ProxyProtocol proxyProtocol, ConnectionLimits limits) {
    /** All of them, and nobody announces others. */
    public static final Admission OPEN = new Admission(ProxyProtocol.OFF, ConnectionLimits.NONE);
}
