package io.foregate.proxy.tls;

/**
 * What holds for the handshakes of one listener.
 *
 * @param alpn the protocols that it offers
 * @param limit of handshakes, shared by all listeners of the process
 * @param timeoutNanos from the connection's begin to the end of the handshake
 */
public record TlsSettings(Alpn alpn, HandshakeLimit limit, long timeoutNanos) {}
