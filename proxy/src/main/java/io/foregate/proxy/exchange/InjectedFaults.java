package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.TrafficFault;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The faults that an exchange meets on purpose: it waits, or is aborted, and its record says so. Owned by its exchange. Costs a look
 * at the route when there are none.
 */
final class InjectedFaults implements Runnable {
    private final Exchange exchange;
    private final LoopContext loop;
    private final AccessRecord record;
    private final Reply reply;
    private final RequestFlow flow;
    private @Nullable Route waiting;
    private @Nullable Dispatch next;
    private @Nullable ScheduledFuture<?> timer;

    InjectedFaults(Exchange exchange, LoopContext loop, AccessRecord record, Reply reply, RequestFlow flow) {
        this.exchange = exchange;
        this.loop = loop;
        this.record = record;
        this.reply = reply;
        this.flow = flow;
    }

    /** Whether a fault keeps the exchange from going {@code onward} now; if it is a delay, it does so later by itself. */
    boolean strike(Route route, Dispatch onward) {
        TrafficFault fault = route.traffic().fault();
        if (fault == null || !fault.concerns(exchange.request())) {
            return false;
        }
        TrafficFault.Delay delay = fault.delay();
        if (delay != null && delay.strikes(loop.index())) {
            next = onward;
            delay(route, delay.nanos());
            return true;
        }
        return aborts(fault);
    }

    // The wheel of the other timeouts is too coarse for delays of milliseconds.
    private void delay(Route route, long nanos) {
        flow.holdBack();
        exchange.enter(Phase.FILTER, Long.MAX_VALUE);
        record.injectedDelayNanos = nanos;
        waiting = route;
        timer = loop.eventLoop().schedule(this, nanos, TimeUnit.NANOSECONDS);
    }

    /** The delay is over. */
    @Override
    public void run() {
        Route route = waiting;
        if (route == null) {
            return;
        }
        waiting = null;
        timer = null;
        loop.clock().refresh();
        try {
            TrafficFault fault = route.traffic().fault();
            if (fault == null || !aborts(fault)) {
                Objects.requireNonNull(next).act(route);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    private boolean aborts(TrafficFault fault) {
        TrafficFault.Abort abort = fault.abort();
        if (abort == null || !abort.strikes(loop.index())) {
            return false;
        }
        reply.inject(abort);
        exchange.fail(Failure.proxy(
                Failure.Kind.FAULT_INJECTED,
                abort.resets() ? "reset by `fault` of the route" : "answered by `fault` of the route"));
        return true;
    }

    void clear() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
            waiting = null;
        }
    }
}
