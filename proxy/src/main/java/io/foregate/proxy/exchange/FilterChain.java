package io.foregate.proxy.exchange;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.route.Route;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request's way through the filters of its route, and what filters see of the exchange: the fourth step. Owned by its exchange,
 * which goes on where they end.
 */
final class FilterChain implements FilterContext {
    private final Exchange exchange;
    private final LoopContext loop;
    private final AccessRecord record;
    private final ClientAddress client;
    private final RequestFlow flow;
    private @Nullable Route route;
    private int at;
    private boolean paused;
    private boolean lent;

    FilterChain(Exchange exchange, LoopContext loop, AccessRecord record, ClientAddress client, RequestFlow flow) {
        this.exchange = exchange;
        this.loop = loop;
        this.record = record;
        this.client = client;
        this.flow = flow;
    }

    /** Asks the filters of {@code through}, one after the other, as long as they let the request go on. */
    void run(Route through) {
        route = through;
        goOn(through);
    }

    private void goOn(Route through) {
        while (at < through.filterCount()) {
            if (!passes(through.filter(at++).onRequest(request(), this), through)) {
                return;
            }
        }
        exchange.act(through);
    }

    private boolean passes(Verdict verdict, Route through) {
        return switch (verdict) {
            case Verdict.Continue go -> true;
            case Verdict.Pause wait -> {
                paused = true;
                lent = true;
                flow.holdBack();
                exchange.enter(Phase.FILTER, through.settings().timeouts().firstByteNanos());
                yield false;
            }
            case Verdict.Respond respond -> {
                exchange.answer(respond);
                yield false;
            }
        };
    }

    /** Whether a filter may know the exchange on another thread, so that no other request may have it. */
    boolean lent() {
        return lent;
    }

    void clear() {
        route = null;
        at = 0;
        paused = false;
    }

    // ---- FilterContext ----

    @Override
    public void resume(Verdict verdict) {
        try {
            if (!paused) {
                throw new IllegalStateException(
                        "resume() without a pause: a filter may resume once for each Verdict.PAUSE");
            }
            paused = false;
            loop.clock().refresh();
            Route through = Objects.requireNonNull(route);
            if (passes(verdict, through)) {
                goOn(through);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void execute(Runnable task) {
        loop.eventLoop().execute(() -> {
            if (exchange.underWay()) {
                task.run();
            }
        });
    }

    @Override
    public RequestHead request() {
        return Objects.requireNonNull(record.request);
    }

    @Override
    public byte[] clientAddress() {
        return client.text();
    }

    @Override
    public byte[] requestId() {
        return record.requestId;
    }

    @Override
    public int requestIdLength() {
        return record.requestIdLength;
    }
}
