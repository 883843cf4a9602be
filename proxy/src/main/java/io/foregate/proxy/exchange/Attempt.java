package io.foregate.proxy.exchange;

import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.upstream.ConnectionPool;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.ProxiedClient;
import io.foregate.proxy.upstream.Ticket;
import io.foregate.proxy.upstream.Waiter;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint that is asked for a stream, and has an exchange under way from then on until this has left it. Reused for one
 * endpoint after another. Owned by its exchange.
 */
final class Attempt {
    private final LoopContext loop;
    private final Ticket ticket;
    private @Nullable Endpoint endpoint;
    private @Nullable ConnectionPool connections;
    private boolean waiting;

    /** @param waiter who gets the stream */
    Attempt(Waiter waiter, LoopContext loop) {
        this.loop = loop;
        this.ticket = new Ticket(waiter);
    }

    /** The endpoint that is asked, or was and has answered; null when there is none. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    boolean waiting() {
        return waiting;
    }

    /** Says what streams are wanted for; holds until {@link #end}. */
    void wants(boolean upgrade, @Nullable ProxiedClient client) {
        ticket.wants(upgrade, client);
    }

    /** Turns to an endpoint. */
    void at(Endpoint chosen) {
        chosen.exchangeBegins();
        endpoint = chosen;
    }

    /** Asks the endpoint for a stream, on a new connection if {@code fresh}. The waiter may hear before this returns. */
    void acquire(Endpoint from, long connectTimeoutNanos, boolean fresh) {
        waiting = true;
        ConnectionPool source = ConnectionPool.of(from, loop);
        connections = source;
        source.acquire(ticket, connectTimeoutNanos, fresh);
    }

    /** The waiter has been answered. */
    void answered() {
        waiting = false;
    }

    /** Takes over what another attempt has at its endpoint, and lets go of its own. */
    void takeOver(Attempt other) {
        end();
        endpoint = other.endpoint;
        other.endpoint = null;
    }

    /** Has done with the endpoint. */
    void leave() {
        Endpoint current = endpoint;
        if (current != null) {
            endpoint = null;
            current.exchangeEnds();
        }
    }

    /** Wants nothing any more. */
    void end() {
        ConnectionPool source = connections;
        if (waiting && source != null) {
            source.cancel(ticket);
        }
        waiting = false;
        leave();
        ticket.wants(false, null);
        connections = null;
    }
}
