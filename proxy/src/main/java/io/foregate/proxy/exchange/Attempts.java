package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.proxy.balance.Tried;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.upstream.ConnectionPool;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.Ticket;
import io.foregate.proxy.upstream.Waiter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The upstream side of one exchange until an answer comes: which endpoint, which stream, and whether another may be tried
 * when that fails.
 *
 * <p>What may be tried again: anything, where no connection came about; a request on a kept connection that closed in our face, at
 * once and on a new connection to the same endpoint, when it is safe to repeat; one that the endpoint says it has not processed,
 * there as well; and one that was lost before any answer,
 * at another endpoint, when it is idempotent. Owned by its exchange.
 */
final class Attempts implements Waiter {
    /** How often an endpoint may say that it has not looked at the request, before another one is asked. */
    private static final int MOST_UNPROCESSED = 4;

    private final Exchange exchange;
    private final LoopContext loop;
    private final AccessRecord record;
    private final Ticket ticket = new Ticket(this);
    private final Tried tried = new Tried();
    private @Nullable Pool pool;
    private @Nullable RouteSettings settings;
    private @Nullable Endpoint endpoint;
    private @Nullable ConnectionPool connections;
    private boolean waiting;
    private boolean kept;
    private boolean lastResort;
    private boolean counted;
    private boolean answered;
    private long sentNanos;
    private int sent;
    private int unprocessed;

    Attempts(Exchange exchange, LoopContext loop, AccessRecord record) {
        this.exchange = exchange;
        this.loop = loop;
        this.record = record;
    }

    /** Asks an endpoint of {@code from}. The exchange hears through {@code onUpstream} or {@code fail}, maybe before this returns. */
    void start(Pool from, RouteSettings routeSettings) {
        pool = from;
        settings = routeSettings;
        record.pool = from.nameBytes();
        record.queuedNanos = loop.clock().nowNanos();
        if (!from.tryBegin()) {
            exchange.fail(Refusals.pool(from));
            return;
        }
        counted = true;
        next(null);
    }

    private void next(@Nullable Failure last) {
        Pool from = Objects.requireNonNull(pool);
        Endpoint chosen;
        do {
            chosen = from.pick(loop.index(), tried, loop.clock().nowNanos());
            if (chosen == null) {
                chosen = from.lastResort(loop.index(), tried);
                lastResort |= chosen != null;
            }
            if (chosen == null || !tried.add(chosen)) {
                // That those who rest refuse is no news.
                exchange.fail(last == null || lastResort ? Refusals.none(from, tried) : last);
                return;
            }
            // Another loop may have taken its last place in this moment.
        } while (!chosen.tryBegin());
        endpoint = chosen;
        answered = false;
        sentNanos = 0;
        record.endpoint = chosen.nameBytes();
        acquire(chosen, false);
    }

    private void acquire(Endpoint from, boolean fresh) {
        record.attempts++;
        waiting = true;
        ConnectionPool source = ConnectionPool.of(from, loop);
        connections = source;
        exchange.enter(Phase.QUEUE, from.settings().queueNanos());
        ticket.wants(exchange.upgrades(), exchange.clientFor(from));
        source.acquire(ticket, Objects.requireNonNull(settings).timeouts().connectNanos(), fresh);
    }

    // ---- Waiter ----

    @Override
    public void onConnecting() {
        record.connectStartNanos = loop.clock().nowNanos();
        // The connection attempt has a timer of its own.
        exchange.enter(Phase.CONNECT, Long.MAX_VALUE);
    }

    @Override
    public StreamHandler streamHandler() {
        return exchange.events();
    }

    @Override
    public void onStream(ClientStream stream) {
        try {
            begin(stream);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    private void begin(ClientStream stream) {
        waiting = false;
        lastResort = false;
        sent++;
        kept = stream.reused();
        record.reusedConnection = kept;
        record.connectedNanos = loop.clock().nowNanos();
        sentNanos = record.connectedNanos;
        if (kept) {
            record.connectStartNanos = record.connectedNanos;
        }
        exchange.onUpstream(stream);
    }

    @Override
    public void onNoStream(Failure failure) {
        waiting = false;
        leaveEndpoint();
        record.failure = failure;
        try {
            if (failure.retrySafe()) {
                next(failure);
            } else {
                exchange.fail(failure);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    /** The answer's head has come. */
    void answered(int status, long nowNanos) {
        Endpoint current = endpoint;
        if (current != null && !answered) {
            answered = true;
            current.answered(status, nowNanos - record.connectedNanos);
        }
    }

    /**
     * The attempt that was under way is lost, and nothing of an answer has gone downstream.
     *
     * @param answerBegan whether the origin had begun to answer
     * @param repeatable whether the body, if any, can be sent again from its beginning
     * @param untouched whether nothing of a body had been sent
     */
    void lost(Failure failure, boolean answerBegan, boolean repeatable, boolean untouched) {
        boolean idempotent = exchange.idempotent();
        boolean mayRepeat = !answerBegan && repeatable && (idempotent || untouched || failure.retrySafe());
        Endpoint current = endpoint;
        if (mayRepeat && failure.retrySafe() && current != null && unprocessed < MOST_UNPROCESSED) {
            // A full or closing connection; another one is there, or can be opened.
            unprocessed++;
            record.attempts--;
            sent--;
            acquire(current, false);
            return;
        }
        boolean gone = failure.kind() == Failure.Kind.CLOSED_EARLY || failure.kind() == Failure.Kind.RESET;
        if (mayRepeat && kept && gone && current != null) {
            // The connection's death says nothing about the endpoint: it was closed while it lay idle.
            kept = false;
            record.attempts--;
            sent--;
            acquire(current, true);
            return;
        }
        leaveEndpoint();
        record.failure = failure;
        if (mayRepeat
                && (idempotent || failure.retrySafe())
                && sent < Objects.requireNonNull(settings).attempts()) {
            next(failure);
        } else {
            exchange.fail(failure);
        }
    }

    /** The exchange doesn't wait for an endpoint any more, or has done with the one it had. */
    void end() {
        ConnectionPool source = connections;
        if (waiting && source != null) {
            source.cancel(ticket);
        }
        leaveEndpoint();
        if (pool != null) {
            tried.clear();
        }
        if (counted && pool != null) {
            counted = false;
            pool.ends();
        }
        ticket.wants(false, null);
        pool = null;
        settings = null;
        connections = null;
        waiting = false;
        kept = false;
        lastResort = false;
        sent = 0;
        unprocessed = 0;
    }

    private void leaveEndpoint() {
        Endpoint current = endpoint;
        if (current != null) {
            endpoint = null;
            current.exchangeEnds(answered, sentNanos == 0 ? 0 : loop.clock().nowNanos() - sentNanos);
        }
    }

    /** Gives the request the endpoint's name as its Host, where the pool wants that or the client sent none. */
    void nameHost(Headers headers) {
        if (Objects.requireNonNull(pool).namesEndpoint() || !headers.contains(HeaderName.HOST)) {
            headers.set(HeaderName.HOST, Objects.requireNonNull(endpoint).hostBytes());
        }
    }
}
