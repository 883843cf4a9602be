package io.foregate.proxy.server;

import io.foregate.proxy.codec.ServerSettings;

/**
 * What one listener does with its connections.
 *
 * @param slot of the listener in every snapshot's plans
 * @param http limits and timeouts of its HTTP connections
 * @param proxyProtocol who may announce clients
 * @param connections how many there may be
 */
public record ListenerSettings(
        int slot, ServerSettings http, ProxyProtocol proxyProtocol, ConnectionLimits connections) {
    /** Without a word on who announces clients, or on how many there may be. */
    public static ListenerSettings of(int slot, ServerSettings http) {
        return new ListenerSettings(slot, http, ProxyProtocol.OFF, ConnectionLimits.NONE);
    }
}
