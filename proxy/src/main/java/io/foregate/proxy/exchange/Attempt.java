package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.route.RouteSettings;
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
    private final AccessRecord record;
    private final Ticket ticket;
    private @Nullable Endpoint endpoint;
    private @Nullable ConnectionPool connections;
    private boolean waiting;
    private boolean responded;
    private long sentNanos;

    /** @param waiter who gets the stream */
    Attempt(Waiter waiter, LoopContext loop, AccessRecord record) {
        this.loop = loop;
        this.record = record;
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

    /** Turns to an endpoint; false when that has as much to do as it may have. */
    boolean tryAt(Endpoint chosen) {
        if (!chosen.tryBegin()) {
            return false;
        }
        endpoint = chosen;
        responded = false;
        sentNanos = 0;
        return true;
    }

    /** The request goes to the endpoint now. */
    void sent() {
        sentNanos = loop.clock().nowNanos();
    }

    /** The endpoint has been told of its answer. */
    void responded() {
        responded = true;
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
        responded = other.responded;
        sentNanos = other.sentNanos;
        other.endpoint = null;
    }

    /** Gives the request the endpoint's name as its Host, if {@code always} or the client sent none. */
    void nameHost(Headers headers, boolean always) {
        Endpoint current = endpoint;
        if (current != null && (always || !headers.contains(HeaderName.HOST))) {
            headers.set(HeaderName.HOST, current.hostBytes());
        }
    }

    /** That it comes to nothing is its endpoint's fault. */
    void failed(Failure failure) {
        Endpoint current = endpoint;
        if (current != null) {
            current.failed(loop.index(), failure, loop.clock().nowNanos());
        }
    }

    /**
     * The exchange has ended. That may be the endpoint's fault while the attempt was under way: when it gave no answer in time. A limit
     * that the client has set for its call is not.
     */
    void blame(@Nullable Failure failure, RouteSettings settings) {
        if (failure == null || responded || waiting) {
            return;
        }
        boolean slow = failure.kind() != Failure.Kind.TOTAL_TIMEOUT
                || record.phase == Phase.FIRST_BYTE
                        && loop.clock().nowNanos() - record.startNanos
                                >= settings.timeouts().totalNanos();
        if (slow) {
            failed(failure);
        }
    }

    /** It has come to nothing: notes that, and leaves the endpoint. */
    void lost(Failure failure) {
        Endpoint current = endpoint;
        if (current != null) {
            record.lost.add(current.nameBytes(), failure.kind());
        }
        leave();
    }

    /** Its answer isn't what the client is to get: notes that, and leaves the endpoint. */
    void declined(int status) {
        Endpoint current = endpoint;
        if (current != null) {
            record.lost.add(current.nameBytes(), status);
        }
        leave();
    }

    /** Has done with the endpoint. */
    void leave() {
        Endpoint current = endpoint;
        if (current != null) {
            endpoint = null;
            current.exchangeEnds(responded, sentNanos == 0 ? 0 : loop.clock().nowNanos() - sentNanos);
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
