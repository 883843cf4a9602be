package io.foregate.control.pools;

import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.control.health.HealthChecks;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.PoolLoad;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the process, and for each pool's name the {@link Membership} that says which of them are in it. Both outlive
 * snapshots: a build asks for the endpoint of a pool, address and settings, and gets the one of the build before, with its
 * health, addresses and open connections.
 *
 * <p>Thread-safe; lives as long as the process.
 */
public final class EndpointRegistry implements AutoCloseable {
    /** What makes an endpoint the same one in two configurations. */
    public record Key(Name pool, HostPort address, PoolSettings settings) {}

    private final int loops;
    private final ColdThread thread = new ColdThread("foregate-pools");
    private final HealthChecks health = new HealthChecks();
    private final Map<Key, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<Name, PoolLoad> loads = new LinkedHashMap<>();
    private final Map<Name, Membership> memberships = new LinkedHashMap<>();

    /** Throws nothing, opens nothing, starts nothing; {@code loops} is how many event loops there are. */
    public EndpointRegistry(int loops) {
        this.loops = loops;
    }

    /** How many event loops there are. */
    public int loops() {
        return loops;
    }

    /** The endpoint of that key: the one that is known, or a new one whose name has yet to be resolved. */
    public synchronized Endpoint endpoint(Key key) {
        return endpoints.computeIfAbsent(key, made -> {
            String name = made.address.toString();
            return new Endpoint(name, made.settings, loops, load(made.pool));
        });
    }

    /** What the pool of that name has to do, whichever configuration's it is. */
    public synchronized PoolLoad load(Name pool) {
        return loads.computeIfAbsent(pool, name -> new PoolLoad());
    }

    /** All endpoints, in the order in which they came. */
    public synchronized Map<Key, Endpoint> all() {
        return new LinkedHashMap<>(endpoints);
    }

    /** Who is in the pool of that name, or null when no snapshot that serves has one. */
    public synchronized @Nullable Membership membership(Name pool) {
        return memberships.get(pool);
    }

    /** From now on the pools of a snapshot, which is about to serve, are told who is in them. */
    public void attach(List<PoolPlan> plans) {
        for (PoolPlan plan : plans) {
            Membership membership;
            synchronized (this) {
                membership = memberships.computeIfAbsent(plan.name(), name -> new Membership(name, thread, health));
            }
            membership.attach(plan);
        }
    }

    /** The snapshot of these pools has closed. */
    public void detach(List<PoolPlan> plans) {
        for (PoolPlan plan : plans) {
            Membership membership = membership(plan.name());
            if (membership != null) {
                membership.detach(plan.pool());
            }
        }
    }

    /** Forgets the endpoints that the configuration in force doesn't name, once no snapshot uses them any more. */
    public synchronized void retain(Set<Key> keys) {
        endpoints.keySet().retainAll(keys);
    }

    /** Sets don't follow changes any more, and nobody is checked. */
    @Override
    public void close() {
        thread.close();
        health.close();
    }
}
