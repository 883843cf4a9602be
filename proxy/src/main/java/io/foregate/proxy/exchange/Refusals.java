package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.proxy.balance.Tried;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;

/** Why a pool takes no request: nobody is there, or everybody has enough to do. Stateless. */
final class Refusals {
    private Refusals() {}

    /** No endpoint is left that could be asked. */
    static Failure none(Pool from, Tried tried) {
        String obstacle = from.obstacle();
        if (obstacle != null) {
            return Failure.proxy(Failure.Kind.POOL_DOWN, "pool " + from.name() + " is quarantined: " + obstacle);
        }
        Failure.Kind full = from.full(tried);
        if (full == null) {
            Endpoint any = from.any();
            if (any == null) {
                return Failure.origin(Failure.Kind.UNRESOLVED, "pool " + from.name() + ": " + from.emptyReason());
            }
            return any.addresses().isEmpty()
                    ? Failure.origin(Failure.Kind.UNRESOLVED, "pool " + from.name() + ": " + any.unresolvedReason())
                    : Failure.origin(Failure.Kind.POOL_DOWN, "no endpoint of pool " + from.name() + " is up");
        }
        return Failure.proxy(
                full,
                full == Failure.Kind.REQUEST_LIMIT
                        ? "every endpoint of the pool that is up has as many requests as it may have (limits.requests)"
                        : "every endpoint of the pool that is up has as many requests as it answers in good time"
                                + " (concurrency: adaptive)");
    }

    /** The pool as a whole has enough to do. */
    static Failure pool(Pool from) {
        return Failure.proxy(
                Failure.Kind.REQUEST_LIMIT,
                "the pool has as many requests as it may have (limits.pool-requests: "
                        + from.load().requests() + " are under way)");
    }
}
