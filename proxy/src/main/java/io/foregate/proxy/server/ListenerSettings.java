package io.foregate.proxy.server;

import io.foregate.proxy.codec.ServerSettings;

/**
 * What one listener does with its connections.
 *
 * @param slot of the listener in every snapshot's plans
 * @param http limits and timeouts of its HTTP connections
 * @param versions of HTTP that it speaks
 */
public record ListenerSettings(int slot, ServerSettings http, Versions versions) {
    /** With all versions. */
    public ListenerSettings(int slot, ServerSettings http) {
        this(slot, http, Versions.ALL);
    }
}
