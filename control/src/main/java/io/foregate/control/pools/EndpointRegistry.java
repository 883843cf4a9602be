package io.foregate.control.pools;

import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.control.health.HealthChecks;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolLoad;
import io.foregate.proxy.upstream.PoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of the process, and for each pool's name the {@link Membership} that says which of them are in it. Both outlive
 * snapshots: a build asks for the endpoint of a pool, address and settings, and gets the one of the build before, with its
 * health, addresses and open connections.
 *
 * <p>An endpoint that no pool has any more finishes what it has, closes its connections, and is remembered for a while, so that one
 * that comes back is the one that went. Then it is forgotten.
 *
 * <p>Thread-safe; lives as long as the process.
 */
public final class EndpointRegistry implements AutoCloseable {
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 256;

    /**
     * What makes an endpoint the same one in two configurations.
     *
     * @param authority by which it is spoken to, mostly its address
     */
    public record Key(Name pool, HostPort address, HostPort authority, PoolSettings settings) {
        public Key(Name pool, HostPort address, PoolSettings settings) {
            this(pool, address, address, settings);
        }

        private Place place() {
            return new Place(pool, address, authority);
        }
    }

    /** What makes it the same server, whatever the settings. */
    private record Place(Name pool, HostPort address, HostPort authority) {}

    private static final class Held {
        final Endpoint endpoint;
        boolean used;
        // Used once, and not any more, nor asked for since.
        boolean left;
        long touchedNanos = System.nanoTime();

        Held(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        boolean busy() {
            return endpoint.inFlight() > 0 || endpoint.connections() > 0;
        }
    }

    private final int loops;
    private final long rememberedNanos;
    private final ColdThread thread = new ColdThread("foregate-pools");
    private final HealthChecks health = new HealthChecks();
    private final Map<Key, Held> endpoints = new LinkedHashMap<>();
    // Of each server the one that came into use last, whose orders and weight the next one takes over.
    private final Map<Place, Endpoint> newest = new HashMap<>();
    // Also of those that are forgotten, as long as a build that nobody has put in force yet knows them.
    private final Map<Endpoint, Key> keys = new WeakHashMap<>();
    private final Map<Name, PoolLoad> loads = new LinkedHashMap<>();
    private final Map<Name, Membership> memberships = new LinkedHashMap<>();
    // Attaching and detaching come one after the other; held before the lock of a membership, and that before this
    // object's.
    private final Object turn = new Object();
    private final List<EndpointWatcher> watchers = new CopyOnWriteArrayList<>();
    private volatile Set<Pool> tried = Set.of();
    private boolean sweeping;
    private int left;

    /** Throws nothing, opens nothing, starts nothing; {@code loops} is how many event loops there are. */
    public EndpointRegistry(int loops) {
        this(loops, REMEMBERED);
    }

    /** One that remembers endpoints for so long after nobody has named them any more. */
    public EndpointRegistry(int loops, Duration remembered) {
        this.loops = loops;
        this.rememberedNanos = remembered.toNanos();
    }

    /** How many event loops there are. */
    public int loops() {
        return loops;
    }

    /** The endpoint of that key: the one that is known, or a new one whose name has yet to be resolved. */
    public synchronized Endpoint endpoint(Key key) {
        Held held = endpoints.get(key);
        if (held == null) {
            Endpoint made =
                    new Endpoint(key.address.toString(), key.authority.toString(), key.settings, loops, load(key.pool));
            held = new Held(made);
            Endpoint before = newest.putIfAbsent(key.place(), made);
            if (before != null) {
                made.succeed(before);
            }
            endpoints.put(key, held);
            keys.put(made, key);
            if (!memberships.isEmpty()) {
                // It may be of a build that never comes into force.
                sweepLater();
            }
        }
        stays(held);
        return held.endpoint;
    }

    private void stays(Held held) {
        held.touchedNanos = System.nanoTime();
        left -= held.left ? 1 : 0;
        held.left = false;
    }

    /** What the pool of that name has to do, whichever configuration's it is. */
    public synchronized PoolLoad load(Name pool) {
        return loads.computeIfAbsent(pool, name -> new PoolLoad(loops));
    }

    /** All endpoints that are known, in the order in which they came. */
    public synchronized Map<Key, Endpoint> all() {
        Map<Key, Endpoint> all = new LinkedHashMap<>();
        endpoints.forEach((key, held) -> all.put(key, held.endpoint));
        return all;
    }

    /** The endpoints of a pool at that address: mostly one, more while snapshots with other settings still serve. */
    public synchronized List<Endpoint> at(Name pool, HostPort address) {
        List<Endpoint> found = new ArrayList<>(1);
        endpoints.forEach((key, held) -> {
            if (key.pool.equals(pool) && key.address.equals(address)) {
                found.add(held.endpoint);
            }
        });
        return found;
    }

    /** What that endpoint is in configurations; null if it isn't of this registry. */
    public synchronized @Nullable Key key(Endpoint endpoint) {
        return keys.get(endpoint);
    }

    /** Whether a pool that serves has that endpoint. */
    public synchronized boolean uses(Endpoint endpoint) {
        Key key = keys.get(endpoint);
        Held held = key == null ? null : endpoints.get(key);
        return held != null && held.endpoint == endpoint && held.used;
    }

    /** From now on {@code watcher} hears which endpoints come into use, and which go. */
    public void watch(EndpointWatcher watcher) {
        watchers.add(watcher);
    }

    /** Who is in the pool of that name, or null when no snapshot that serves has one. */
    public synchronized @Nullable Membership membership(Name pool) {
        return memberships.get(pool);
    }

    /** The memberships of all pools of snapshots that serve. */
    public synchronized List<Membership> memberships() {
        return List.copyOf(memberships.values());
    }

    /** From now on that pool of a snapshot, which is about to serve, is told who is in it. */
    public void attach(PoolPlan plan, List<PoolServer> servers) {
        synchronized (turn) {
            Membership membership;
            synchronized (this) {
                membership =
                        memberships.computeIfAbsent(plan.name(), name -> new Membership(name, this, thread, health));
            }
            membership.attach(plan, servers);
        }
    }

    /**
     * These are pools of a snapshot that is tried beside the one in force, until they are in force or detached. How the servers are
     * checked that both have is up to the one in force, lest a mistake of the other takes them from both.
     */
    public void tries(List<PoolPlan> plans) {
        Set<Pool> more = new HashSet<>(tried);
        plans.forEach(plan -> more.add(plan.pool()));
        tries(more);
    }

    /** What was tried is in force now. */
    public void inForce(List<PoolPlan> plans) {
        Set<Pool> rest = new HashSet<>(tried);
        plans.forEach(plan -> rest.remove(plan.pool()));
        tries(rest);
    }

    private void tries(Set<Pool> now) {
        synchronized (turn) {
            if (!now.equals(tried)) {
                tried = Set.copyOf(now);
                memberships().forEach(Membership::lookAfter);
            }
        }
    }

    boolean isTried(Pool pool) {
        return tried.contains(pool);
    }

    /** The snapshot of that pool has closed. */
    public void detach(PoolPlan plan) {
        synchronized (turn) {
            Membership membership = membership(plan.name());
            if (membership != null && membership.detach(plan.pool()) && membership.isEmpty()) {
                synchronized (this) {
                    memberships.remove(plan.name());
                }
            }
            Set<Pool> rest = new HashSet<>(tried);
            if (rest.remove(plan.pool())) {
                tried = Set.copyOf(rest);
            }
        }
    }

    // ---- for memberships ----

    void use(Endpoint endpoint) {
        Key key;
        synchronized (this) {
            key = keys.get(endpoint);
            if (key == null) {
                throw new IllegalStateException(endpoint + " is not of this registry");
            }
            Held held = endpoints.computeIfAbsent(key, forgotten -> new Held(endpoint));
            if (held.endpoint == endpoint) {
                held.used = true;
                newest.put(key.place(), endpoint);
            }
            stays(held);
        }
        endpoint.revive();
        for (EndpointWatcher watcher : watchers) {
            watcher.arrived(key, endpoint);
        }
    }

    void release(Endpoint endpoint) {
        Key key;
        synchronized (this) {
            key = keys.get(endpoint);
            Held held = key == null ? null : endpoints.get(key);
            if (key == null || held == null) {
                return;
            }
            if (held.endpoint == endpoint) {
                stays(held);
                held.used = false;
                held.left = true;
                left++;
            }
            if (left > MOST_REMEMBERED + MOST_REMEMBERED / 4) {
                forgetOldest();
            }
            sweepLater();
        }
        endpoint.retire();
        for (EndpointWatcher watcher : watchers) {
            watcher.departed(key, endpoint);
        }
    }

    // Somebody may exchange all servers many times within the time for which they are remembered.
    private void forgetOldest() {
        List<Map.Entry<Key, Held>> candidates = new ArrayList<>();
        for (Map.Entry<Key, Held> entry : endpoints.entrySet()) {
            if (entry.getValue().left && !entry.getValue().busy()) {
                candidates.add(entry);
            }
        }
        candidates.sort(Comparator.comparingLong(entry -> entry.getValue().touchedNanos));
        for (Map.Entry<Key, Held> entry : candidates.subList(0, Math.max(0, candidates.size() - MOST_REMEMBERED))) {
            endpoints.remove(entry.getKey());
            forgotten(entry.getKey(), entry.getValue());
        }
        forgetLoads();
    }

    private void forgetLoads() {
        Set<Name> pools = new HashSet<>(memberships.keySet());
        endpoints.keySet().forEach(key -> pools.add(key.pool));
        loads.keySet().retainAll(pools);
    }

    private void forgotten(Key key, Held held) {
        newest.remove(key.place(), held.endpoint);
        left -= held.left ? 1 : 0;
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            thread.run(this::sweep, rememberedNanos);
        }
    }

    // Those of builds that were never put in force go the same way.
    private synchronized void sweep() {
        sweeping = false;
        long now = System.nanoTime();
        boolean more = false;
        for (Iterator<Map.Entry<Key, Held>> all = endpoints.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, Held> entry = all.next();
            Held held = entry.getValue();
            if (held.used) {
                continue;
            }
            if (!held.busy() && now - held.touchedNanos >= rememberedNanos) {
                all.remove();
                forgotten(entry.getKey(), held);
            } else {
                more = true;
            }
        }
        forgetLoads();
        if (more) {
            sweepLater();
        }
    }

    /** Sets don't follow changes any more, and nobody is checked. */
    @Override
    public void close() {
        thread.close();
        health.close();
    }
}
