package io.foregate.proxy.server;

import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * What one listener does with its connections.
 *
 * @param slot of the listener in every snapshot's plans
 * @param http limits and timeouts of its HTTP connections
 * @param versions of HTTP that it speaks
 * @param tls of its handshakes; null when it is plain
 * @param admission who may connect, and in whose name
 */
public record ListenerSettings(
        int slot,
        ServerSettings http,
        Versions versions,
        @Nullable TlsSettings tls,
        Admission admission) {
    /** A plain listener with all versions, for whoever comes. */
    public ListenerSettings(int slot, ServerSettings http) {
        this(slot, http, Versions.ALL, null, Admission.OPEN);
    }
}
