package io.foregate.proxy.exchange;

import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.LostAttempts.End;
import io.foregate.proxy.route.RetryPolicy;
import io.foregate.proxy.upstream.Pool;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Whether one request may be sent again, and when: its route's {@link RetryPolicy}, and what its pool's budget has left. Owned by its exchange. */
final class Repeats {
    private static final int MOST_DOUBLINGS = 16;

    private final LoopContext loop;
    private final AccessRecord record;
    private final RequestFlow flow;
    private @Nullable RetryPolicy policy;
    private @Nullable Pool pool;
    private @Nullable RequestHead request;
    private int pauses;
    private boolean counted;

    Repeats(LoopContext loop, AccessRecord record, RequestFlow flow) {
        this.loop = loop;
        this.record = record;
        this.flow = flow;
    }

    /** Begins with a request, which counts for the budget, and whose body is kept from now on if it may be needed again. */
    void begin(RetryPolicy routePolicy, Pool from, RequestHead head) {
        policy = routePolicy;
        pool = from;
        request = head;
        if (method() || from.mayRefuseUnprocessed()) {
            flow.keep(routePolicy.bodyBytes());
        }
        from.load().retryBudget().requested(loop.index(), loop.clock().nowNanos());
    }

    RetryPolicy policy() {
        return Objects.requireNonNull(policy);
    }

    RequestHead request() {
        return Objects.requireNonNull(request);
    }

    /** Whether the method allows it. */
    boolean method() {
        return request().method().idempotent() || policy().anyMethod();
    }

    /** Whether the request asks for another protocol. */
    boolean upgrades() {
        return request().upgradeLength() > 0;
    }

    /** Whether an answer like this is to be followed by another attempt. */
    boolean unwanted(ResponseHead head) {
        RetryPolicy.On on = policy().on();
        if (on.statuses().get(head.status())) {
            return true;
        }
        int grpcStatus = on.grpcStatuses().isEmpty() ? Grpc.NO_STATUS : Grpc.status(head.headers());
        return grpcStatus >= 0 && on.grpcStatuses().get(grpcStatus);
    }

    /**
     * Whether the request may be sent once more, as far as it is the request that matters.
     *
     * @param tries how often it has been sent
     * @param safe whether no origin has acted on it
     */
    boolean oneMore(int tries, boolean safe) {
        if (tries >= policy().tries()) {
            return false;
        }
        End reason = !safe && !method() ? End.METHOD : flow.repeatable() ? End.NONE : End.BODY;
        record.lost.end(reason);
        return reason == End.NONE;
    }

    /** Whether the pool's budget allows one more, which is taken from it then. */
    boolean affordable() {
        RetryPolicy.Budget budget = policy().budget();
        Pool from = Objects.requireNonNull(pool);
        // However often it is repeated, an exchange counts once among those that repeat at present.
        counted = counted || from.tryRetry();
        boolean taken = counted
                && from.load()
                        .retryBudget()
                        .take(
                                budget.percent(),
                                budget.leastPerSecond(),
                                loop.clock().nowNanos());
        if (!taken) {
            record.lost.end(counted ? End.BUDGET : End.LIMIT);
        }
        return taken;
    }

    /** How long to wait before an endpoint is asked again: random, up to a bound that doubles each time. */
    long pauseNanos() {
        RetryPolicy.Backoff backoff = policy().backoff();
        long bound = Math.min(backoff.firstNanos() << Math.min(pauses++, MOST_DOUBLINGS), backoff.mostNanos());
        return ThreadLocalRandom.current().nextLong(Math.max(bound, 1));
    }

    /** When a second request is due beside the first, from when that was sent; {@link Long#MAX_VALUE} for never. */
    long hedgeNanos() {
        RetryPolicy.Hedge hedge = policy().hedge();
        if (hedge.off() || !request().method().safe() || !flow.ended() || upgrades() || record.hedged) {
            return Long.MAX_VALUE;
        }
        return hedge.percentile() > 0
                ? Objects.requireNonNull(pool).load().answerTimes(loop.index()).nanos(hedge.percentile())
                : hedge.afterNanos();
    }

    /** An answer came so long after its request was sent. */
    void answeredIn(long nanos) {
        if (policy().hedge().percentile() > 0) {
            Objects.requireNonNull(pool).load().answerTimes(loop.index()).add(nanos);
        }
    }

    void end() {
        if (counted) {
            counted = false;
            Objects.requireNonNull(pool).retryEnds();
        }
        policy = null;
        pool = null;
        request = null;
        pauses = 0;
    }
}
