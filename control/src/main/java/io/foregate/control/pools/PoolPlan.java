package io.foregate.control.pools;

import io.foregate.control.config.model.Name;
import io.foregate.control.health.PoolHealth;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.upstream.Pool;
import java.util.List;
import java.util.function.Function;

/**
 * A pool of one snapshot, and what its {@link Membership} needs to keep it current.
 *
 * @param servers that the configuration names
 * @param discovered where others come from
 * @param sets makes the set that the pool chooses from, in the way in which it chooses; called for every change
 * @param health how it is found out how the servers fare
 */
public record PoolPlan(
        Name name,
        Pool pool,
        List<PoolServer> servers,
        List<DiscoverySource> discovered,
        Function<List<Share>, EndpointSet> sets,
        PoolHealth health) {
    public PoolPlan {
        servers = List.copyOf(servers);
        discovered = List.copyOf(discovered);
    }

    /** One whose servers nobody looks after. */
    public PoolPlan(Name name, Pool pool, List<PoolServer> servers, Function<List<Share>, EndpointSet> sets) {
        this(name, pool, servers, List.of(), sets, PoolHealth.NONE);
    }
}
