package io.foregate.proxy.upstream;

import io.foregate.proxy.codec.ClientConnection;
import org.jspecify.annotations.Nullable;

/**
 * One wait for a stream, as its waiter and the pool share it. Made once with its waiter and reused: nothing asked, then
 * waiting in a queue or for a connect, then nothing again.
 */
public final class Ticket {
    final Waiter waiter;
    long connectTimeoutNanos;
    boolean queued;
    boolean upgrade;

    @Nullable
    ProxiedClient client;

    @Nullable
    Connecting connecting;

    public Ticket(Waiter waiter) {
        this.waiter = waiter;
    }

    /**
     * What the stream is for.
     *
     * @param forUpgrade whether the request asks for another protocol
     * @param forClient whose request it is, where the endpoint is told of that by the PROXY protocol
     */
    public void wants(boolean forUpgrade, @Nullable ProxiedClient forClient) {
        upgrade = forUpgrade;
        client = forClient;
    }

    /** Whether a stream on {@code connection} would do. */
    boolean fits(ClientConnection connection) {
        return connection.client() == client && (!upgrade || connection.upgrades());
    }
}
