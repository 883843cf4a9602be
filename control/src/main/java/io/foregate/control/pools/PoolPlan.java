package io.foregate.control.pools;

import io.foregate.control.config.model.Name;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.upstream.Pool;
import java.util.List;
import java.util.function.Function;

/**
 * A pool of one snapshot, and what its {@link Membership} needs to keep it current.
 *
 * @param servers who is in it to begin with
 * @param sets makes the set that the pool chooses from, in the way in which it chooses; called for every change
 */
public record PoolPlan(Name name, Pool pool, List<PoolServer> servers, Function<List<Share>, EndpointSet> sets) {
    public PoolPlan {
        servers = List.copyOf(servers);
    }
}
