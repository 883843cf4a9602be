package io.foregate.proxy.route;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.upstream.Pool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who answers. */
public sealed interface RouteAction {
    /**
     * An endpoint of a pool.
     *
     * @param host the Host that its endpoints get, or null where the pool leaves that to the client or the endpoint
     */
    record Proxy(Pool pool, byte @Nullable [] host) implements RouteAction {
        public Proxy(Pool pool) {
            this(pool, null);
        }
    }

    /**
     * An endpoint of one of several pools.
     *
     * @param targets the pools, in the order of {@code shares}
     * @param key by what requests stay with a pool
     * @param override how a request may choose itself
     */
    record Split(TrafficSplit shares, List<Target> targets, SplitKey key, SplitOverride override)
            implements RouteAction {
        public Split {
            targets = List.copyOf(targets);
        }

        /** Where a request goes. On loop {@code loop}. */
        public Target choose(FilterContext context, ClientAddress client, int loop) {
            int named = override.of(context.request(), client);
            if (named >= 0) {
                return targets.get(named);
            }
            return targets.get(key instanceof SplitKey.Each ? shares.next(loop) : shares.of(key.of(context, client)));
        }
    }

    /**
     * One pool of several.
     *
     * @param settings of the route as this pool's timeouts and retries make them
     * @param host the Host that its endpoints get, or null where the pool leaves that to the client or the endpoint
     */
    record Target(Pool pool, RouteSettings settings, byte @Nullable [] host) {}

    /**
     * A redirect.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location the Location value, maybe with placeholders
     */
    record Redirect(int status, ValueTemplate location) implements RouteAction {}

    /** A fixed answer, kept in memory. */
    record Respond(Verdict.Respond answer) implements RouteAction {}
}
