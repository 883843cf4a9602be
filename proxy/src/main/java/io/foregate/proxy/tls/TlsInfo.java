package io.foregate.proxy.tls;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection that speaks TLS once its handshake is done. Immutable, lives with the connection.
 *
 * @param policyId of the policy under which the handshake was made
 * @param serverName that the client asked for, or null
 * @param client who the client has shown to be, or null
 */
public record TlsInfo(
        long policyId,
        @Nullable String serverName,
        @Nullable ClientIdentity client) {}
