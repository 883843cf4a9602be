package io.foregate.control.health;

import io.foregate.control.health.EndpointCheck.TlsOfPool;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.PassiveGroup;
import io.foregate.proxy.upstream.PassiveRules;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The health of all endpoints of the process: those that are in pools that serve are looked after, others aren't. An endpoint
 * is checked once, however many loops and snapshots use it. Starts nothing before there is something to look after.
 *
 * <p>Thread-safe; lives as long as the process.
 */
public final class HealthChecks implements AutoCloseable {
    private static final class Watched {
        private PoolHealth plan = PoolHealth.NONE;
        private @Nullable PassiveGroup group;
        private TlsOfPool tls = new TlsOfPool();
        private final Map<Endpoint, EndpointWatch> watches = new LinkedHashMap<>();
    }

    private final HealthThreads threads = new HealthThreads();
    private final Map<String, Watched> pools = new LinkedHashMap<>();
    private boolean closed;

    /**
     * From now on these endpoints of that pool are looked after, in that way, and no others of it. Those that are new are checked
     * at once.
     */
    public synchronized void follow(String pool, PoolHealth plan, Set<Endpoint> endpoints) {
        if (closed) {
            return;
        }
        Watched watched = pools.computeIfAbsent(pool, _ -> new Watched());
        boolean samePlan = Objects.equals(plan.checks(), watched.plan.checks());
        PassiveRules rules = plan.passive();
        if (!Objects.equals(rules, watched.plan.passive())) {
            watched.group = rules == null ? null : new PassiveGroup(rules);
        }
        watched.plan = plan;
        PassiveGroup group = watched.group;
        watched.watches.entrySet().removeIf(entry -> {
            boolean stays = endpoints.contains(entry.getKey());
            if (!stays || !samePlan) {
                // One that was only tried may be looked after by its new pool already.
                entry.getValue().stop(!stays && !isWatchedElsewhere(entry.getKey(), watched));
                return true;
            }
            entry.getValue().judgeBy(group);
            return false;
        });
        for (Endpoint endpoint : endpoints) {
            if (!watched.watches.containsKey(endpoint)) {
                EndpointWatch watch = new EndpointWatch(endpoint, plan.checks(), threads);
                watched.watches.put(endpoint, watch);
                watch.start(group, watched.tls);
            }
        }
        if (endpoints.isEmpty()) {
            pools.remove(pool);
        }
    }

    private boolean isWatchedElsewhere(Endpoint endpoint, Watched here) {
        return pools.values().stream().anyMatch(one -> one != here && one.watches.containsKey(endpoint));
    }

    /** Ends all checks. */
    @Override
    public synchronized void close() {
        closed = true;
        pools.values().forEach(watched -> watched.watches.values().forEach(watch -> watch.stop(false)));
        pools.clear();
        threads.close();
    }
}
