package io.foregate.control.pools;

import io.foregate.control.config.model.Name;
import io.foregate.control.health.HealthChecks;
import io.foregate.control.health.PoolHealth;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the pool of a name, for the pools of all snapshots that serve: each has its own servers, while an endpoint that is in
 * several is one and the same. Whatever a set is made of (the servers, how they fare, their weights, the time since they came
 * back) is looked at anew when something of it has changed, and each pool gets a new set.
 *
 * <p>Thread-safe. Changes are told from any thread, event loops included; sets are made on one cold thread, one for as many
 * changes as have come since the last. Lives as long as the process.
 */
public final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    // No pool's name has a blank.
    private static final String TRIED = " tried";

    private record Attached(List<PoolServer> servers, Function<List<Share>, EndpointSet> sets, PoolHealth health) {}

    private final Name name;
    private final EndpointRegistry registry;
    private final ColdThread thread;
    private final HealthChecks health;
    private final Map<Pool, Attached> pools = new LinkedHashMap<>();
    private final Set<Endpoint> watched = new HashSet<>();
    private final Map<Pool, List<Share>> published = new HashMap<>();
    private final Shares shares = new Shares();
    // When this looks again by itself; 0 for never.
    private long againNanos;
    private final AtomicBoolean due = new AtomicBoolean();
    private final Runnable onChange = this::changed;

    Membership(Name name, EndpointRegistry registry, ColdThread thread, HealthChecks health) {
        this.name = name;
        this.registry = registry;
        this.thread = thread;
        this.health = health;
    }

    public Name name() {
        return name;
    }

    /** The set of servers as they are now, for a pool that isn't attached yet: nobody begins slowly. */
    public static EndpointSet set(List<PoolServer> servers, Function<List<Share>, EndpointSet> sets) {
        return sets.apply(Shares.of(servers));
    }

    /** The servers of all pools of this name, each endpoint once. */
    public synchronized List<PoolServer> servers() {
        Map<Endpoint, PoolServer> all = new LinkedHashMap<>();
        // Those of the newest snapshot, which came last, are what counts.
        for (Attached attached : pools.values()) {
            attached.servers.forEach(server -> all.put(server.endpoint(), server));
        }
        return List.copyOf(all.values());
    }

    /** Whether no snapshot that serves has a pool of this name any more. */
    synchronized boolean isEmpty() {
        return pools.isEmpty();
    }

    /** From now on that pool is told who is in it; it has a current set when this returns. */
    synchronized void attach(PoolPlan plan, List<PoolServer> servers) {
        put(plan.pool(), new Attached(List.copyOf(servers), plan.sets(), plan.health()));
    }

    /** From now on these are the servers of a pool that is attached; of others nobody wants to hear. */
    public synchronized void serve(Pool pool, List<PoolServer> servers) {
        Attached attached = pools.get(pool);
        if (attached != null) {
            put(pool, new Attached(List.copyOf(servers), attached.sets, attached.health));
        }
    }

    /** That pool serves nobody any more. Returns whether it did. */
    synchronized boolean detach(Pool pool) {
        boolean known = pools.remove(pool) != null;
        published.remove(pool);
        watch().forEach(this::leave);
        return known;
    }

    // An endpoint has its addresses, if they are known, before somebody is sent to it, and nobody is any more when it
    // goes.
    private void put(Pool pool, Attached attached) {
        pools.put(pool, attached);
        Set<Endpoint> gone = watch();
        look();
        publish(pool, attached);
        gone.forEach(this::leave);
        changesAgain();
    }

    /** Which of the pools is only tried may have changed. */
    synchronized void lookAfter() {
        watch().forEach(this::leave);
    }

    // Returns those that are not wanted any more.
    private Set<Endpoint> watch() {
        Set<Endpoint> wanted = new LinkedHashSet<>();
        Set<Endpoint> onlyTried = new LinkedHashSet<>();
        PoolHealth looks = PoolHealth.NONE;
        PoolHealth triedLooks = PoolHealth.NONE;
        for (Map.Entry<Pool, Attached> entry : pools.entrySet()) {
            Attached attached = entry.getValue();
            boolean tried = registry.isTried(entry.getKey());
            attached.servers.forEach(server -> (tried ? onlyTried : wanted).add(server.endpoint()));
            // The newest, which came last, says how.
            looks = tried ? looks : attached.health;
            triedLooks = tried ? attached.health : triedLooks;
        }
        onlyTried.removeAll(wanted);
        Set<Endpoint> inForce = Set.copyOf(wanted);
        wanted.addAll(onlyTried);
        for (Endpoint endpoint : wanted) {
            if (watched.add(endpoint)) {
                // Watched before the set is made: what changes in between is then seen afterwards.
                endpoint.watch(onChange);
                registry.use(endpoint);
            }
        }
        health.follow(name.text(), looks, inForce);
        health.follow(name.text() + TRIED, triedLooks, onlyTried);
        Set<Endpoint> gone = new HashSet<>(watched);
        gone.removeAll(wanted);
        return gone;
    }

    private void leave(Endpoint endpoint) {
        watched.remove(endpoint);
        endpoint.unwatch(onChange);
        registry.release(endpoint);
    }

    /** Something that sets are made of has changed: new ones follow soon. From any thread, and cheap. */
    public void changed() {
        if (due.compareAndSet(false, true)) {
            thread.run(this::rebuild, 0);
        }
    }

    /** Something that sets are made of will have changed by then, as the weight of an endpoint that starts slowly. */
    public void changesIn(long nanos) {
        thread.run(this::changed, nanos);
    }

    private synchronized void rebuild() {
        // What changes from here on may not be in these sets any more, and asks for the next ones.
        due.set(false);
        look();
        for (Map.Entry<Pool, Attached> entry : pools.entrySet()) {
            Attached attached = entry.getValue();
            try {
                publish(entry.getKey(), attached);
            } catch (RuntimeException e) {
                // The set before stays in use, and the other pools get theirs.
                LOG.error("no new set for pool {}", name, e);
            }
        }
        changesAgain();
    }

    private void look() {
        published.keySet().retainAll(pools.keySet());
        List<List<PoolServer>> all = new ArrayList<>(pools.size());
        pools.values().forEach(attached -> all.add(attached.servers));
        shares.look(all);
    }

    // A set only where it would be another one: a large table isn't made for nothing.
    private void publish(Pool pool, Attached attached) {
        List<Share> now = shares.of(attached.servers, pool.endpoints().slowStart());
        if (!now.equals(published.get(pool))) {
            pool.publish(attached.sets.apply(now));
            published.put(pool, now);
        }
    }

    // One timer at a time is enough: each look asks for the next.
    private void changesAgain() {
        long more = shares.moreNanos();
        long now = System.nanoTime();
        boolean waits = againNanos != 0 && againNanos - now > 0 && againNanos - more <= 0;
        if (more != 0 && !waits) {
            againNanos = more;
            changesIn(Math.max(1, more - now));
        }
    }
}
