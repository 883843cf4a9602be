package io.foregate.proxy.server;

import io.foregate.proxy.codec.ServerSettings;

/**
 * What one listener does with its connections.
 *
 * @param slot of the listener in every snapshot's plans
 * @param http limits and timeouts of its HTTP connections
 */
public record ListenerSettings(int slot, ServerSettings http) {}
