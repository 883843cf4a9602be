package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveRetry;
import io.foregate.control.config.model.HedgeAfter;
import io.foregate.control.config.model.Retry;
import io.foregate.control.config.model.RetryOn;
import io.foregate.control.config.model.Timeout;
import io.foregate.proxy.route.RetryPolicy;
import java.util.BitSet;
import java.util.List;

/** Compiles what is said of retries. Stateless. */
final class Retries {
    private static final long MOST_BACKOFF_NANOS = 60_000_000_000L;

    private Retries() {}

    static RetryPolicy policy(EffectiveRetry retry) {
        return new RetryPolicy(
                retry.attempts().value() + 1,
                on(retry.on().value()),
                retry.methods().value() == Retry.Methods.ANY,
                Units.nanos(retry.tryTimeout().value()),
                Units.bytes(retry.buffer().value()),
                backoff(retry.backoff()),
                new RetryPolicy.Budget(
                        retry.budget().share().value().percent(),
                        retry.budget().minPerSecond().value()),
                hedge(retry.hedge().value()));
    }

    // Who gives a first bound alone doesn't mean a lower one to hold; and none is no wait.
    private static RetryPolicy.Backoff backoff(EffectiveRetry.Backoff backoff) {
        Timeout first = backoff.first().value();
        long firstNanos = first.isNone() ? 0 : Math.min(first.nanos(), MOST_BACKOFF_NANOS);
        long mostNanos = Math.min(backoff.most().value().nanos(), MOST_BACKOFF_NANOS);
        return new RetryPolicy.Backoff(
                firstNanos,
                Math.max(firstNanos, mostNanos),
                Units.nanos(backoff.maxRetryAfter().value()));
    }

    private static RetryPolicy.On on(List<RetryOn> ends) {
        BitSet statuses = new BitSet();
        BitSet grpcStatuses = new BitSet();
        for (RetryOn end : ends) {
            end.statuses().forEach(statuses::set);
            if (end.grpcStatus() >= 0) {
                grpcStatuses.set(end.grpcStatus());
            }
        }
        return new RetryPolicy.On(
                ends.contains(RetryOn.CONNECT),
                ends.contains(RetryOn.RESET),
                ends.contains(RetryOn.TIMEOUT),
                statuses,
                grpcStatuses);
    }

    private static RetryPolicy.Hedge hedge(HedgeAfter hedge) {
        if (hedge.isOff()) {
            return RetryPolicy.Hedge.OFF;
        }
        return new RetryPolicy.Hedge(hedge.after() == null ? 0 : Units.nanos(hedge.after()), hedge.percentile());
    }
}
