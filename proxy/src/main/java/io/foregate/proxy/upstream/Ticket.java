package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/**
 * One wait for a connection, as its waiter and the pool share it. Made once with its waiter and reused: nothing asked, then
 * waiting in a queue or for a connect, then nothing again.
 */
public final class Ticket {
    final Waiter waiter;
    long connectTimeoutNanos;
    boolean queued;

    @Nullable
    Connecting connecting;

    public Ticket(Waiter waiter) {
        this.waiter = waiter;
    }
}
