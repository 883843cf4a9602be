package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.DiscoveryFactory;
import io.foregate.api.spi.DiscoveryRequest;
import io.foregate.control.pools.DiscoverySource;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.EndpointWatcher;
import io.foregate.control.pools.Membership;
import io.foregate.control.pools.PoolPlan;
import io.foregate.control.pools.PoolServer;
import io.foregate.proxy.upstream.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pools of snapshots that serve supplied with servers, and those with addresses: pools are attached when their snapshot
 * is about to serve and detached when it has closed.
 *
 * <p>Thread-safe; lives as long as the process. Nobody waits here for a name service or a file, but whoever calls
 * {@link #awaitFirst}.
 */
public final class ServerDiscovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerDiscovery.class);

    private static final Duration NEW_NAMES = Duration.ofSeconds(2);

    /** What makes two sources the same one. */
    private record Key(String pool, String factory, Map<String, String> options) {}

    private final EndpointRegistry registry;
    private final Path folder;
    private final DnsNames dns;
    private final NameResolution names;
    private final Map<String, DiscoveryFactory> builtIn = new HashMap<>();
    private final Map<Key, Feed> feeds = new LinkedHashMap<>();

    /** Starts nothing yet; {@code folder} is where relative paths start. */
    public ServerDiscovery(EndpointRegistry registry, DnsSettings settings, Path folder) {
        this(registry, settings, folder, Pace.DEFAULT);
    }

    ServerDiscovery(EndpointRegistry registry, DnsSettings settings, Path folder, Pace pace) {
        this.registry = registry;
        this.folder = folder;
        this.dns = new DnsNames(settings);
        this.names = new NameResolution(dns, pace);
        for (DiscoveryFactory factory :
                List.of(DnsDiscovery.by(dns, pace), SrvDiscovery.by(dns::services, pace), new FileDiscovery())) {
            builtIn.put(factory.name(), factory);
        }
        registry.watch(new EndpointWatcher() {
            @Override
            public void arrived(EndpointRegistry.Key key, Endpoint endpoint) {
                names.follow(new NameResolution.Target(key.pool().text(), key.address(), endpoint));
            }

            @Override
            public void departed(EndpointRegistry.Key key, Endpoint endpoint) {
                names.leave(key.address(), endpoint);
            }
        });
    }

    /** From now on names are looked up as another configuration says. */
    public void configure(DnsSettings settings) {
        dns.configure(settings);
    }

    /** From now on these pools, of a snapshot that is about to serve, have the servers that there are. */
    public synchronized void attach(List<PoolPlan> plans) {
        for (PoolPlan plan : plans) {
            for (DiscoverySource source : plan.discovered()) {
                Key key = key(plan, source);
                Feed feed = feeds.get(key);
                if (feed == null) {
                    feed = new Feed(this, plan.name().text(), source);
                    feeds.put(key, feed);
                    open(feed, plan, source);
                }
                feed.plans.add(plan);
            }
            plan.pool().emptyBecause(emptyReason(plan));
            registry.attach(plan, servers(plan));
        }
    }

    private void open(Feed feed, PoolPlan plan, DiscoverySource source) {
        DiscoveryFactory factory = builtIn.get(source.factory());
        if (factory == null) {
            factory = Extensions.find(source.factory());
        }
        if (factory == null) {
            feed.failed("there is no discovery " + source.factory());
            return;
        }
        DiscoveryRequest request = new DiscoveryRequest(plan.name().text(), source.options(), folder);
        try {
            feed.running(factory.open(request, feed));
        } catch (RuntimeException e) {
            feed.failed(source.text() + " can't begin: " + e.getMessage());
        }
    }

    /** The snapshot of these pools has closed. */
    public synchronized void detach(List<PoolPlan> plans) {
        for (PoolPlan plan : plans) {
            for (DiscoverySource source : plan.discovered()) {
                Key key = key(plan, source);
                Feed feed = feeds.get(key);
                if (feed != null && feed.plans.remove(plan) && feed.plans.isEmpty()) {
                    feeds.remove(key);
                    feed.close();
                }
            }
            registry.detach(plan);
        }
    }

    private static Key key(PoolPlan plan, DiscoverySource source) {
        return new Key(plan.name().text(), source.factory(), source.options());
    }

    /**
     * Gives the pools of a source the servers that there are now. Where others serve at present, new ones that have names first get a
     * little time to find out where they are, lest those who know it are gone before.
     */
    synchronized void serve(Feed feed) {
        List<NameResolution.Target> asked = new ArrayList<>();
        List<CompletableFuture<?>> unknown = new ArrayList<>();
        for (PoolPlan plan : feed.plans) {
            for (PoolServer server : servers(plan)) {
                Endpoint endpoint = server.endpoint();
                EndpointRegistry.Key key = registry.key(endpoint);
                if (key != null && endpoint.addresses().isEmpty() && !registry.uses(endpoint)) {
                    NameResolution.Target target =
                            new NameResolution.Target(plan.name().text(), key.address(), endpoint);
                    CompletableFuture<?> first = names.follow(target);
                    asked.add(target);
                    if (!first.isDone() && plan.pool().endpoints().size() > 0) {
                        unknown.add(first);
                    }
                }
            }
        }
        if (unknown.isEmpty()) {
            serveNow(feed, asked);
        } else {
            CompletableFuture.allOf(unknown.toArray(CompletableFuture[]::new))
                    .orTimeout(NEW_NAMES.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((done, late) -> serveNow(feed, asked));
        }
    }

    private synchronized void serveNow(Feed feed, List<NameResolution.Target> asked) {
        serveNow(feed);
        for (NameResolution.Target target : asked) {
            if (!registry.uses(target.endpoint())) {
                names.leave(target.address(), target.endpoint());
            }
        }
    }

    private void serveNow(Feed feed) {
        for (PoolPlan plan : feed.plans) {
            plan.pool().emptyBecause(emptyReason(plan));
            Membership membership = registry.membership(plan.name());
            if (membership != null) {
                membership.serve(plan.pool(), servers(plan));
            }
        }
    }

    // A server that is named twice, here or there, is in the pool once, as the first says.
    private List<PoolServer> servers(PoolPlan plan) {
        if (plan.discovered().isEmpty()) {
            return plan.servers();
        }
        Map<Endpoint, PoolServer> all = new LinkedHashMap<>();
        plan.servers().forEach(server -> all.putIfAbsent(server.endpoint(), server));
        for (DiscoverySource source : plan.discovered()) {
            Feed feed = feeds.get(key(plan, source));
            if (feed == null) {
                continue;
            }
            for (DiscoveredServer found : feed.servers()) {
                try {
                    PoolServer server = source.maker().apply(found);
                    all.putIfAbsent(server.endpoint(), server);
                } catch (IllegalArgumentException e) {
                    LOG.warn("pool {}: {} is left out: {}", plan.name(), found.host(), e.getMessage());
                }
            }
        }
        return List.copyOf(all.values());
    }

    private String emptyReason(PoolPlan plan) {
        List<String> reasons = new ArrayList<>();
        for (DiscoverySource source : plan.discovered()) {
            Feed feed = feeds.get(key(plan, source));
            if (feed != null) {
                reasons.add(feed.emptyReason());
            }
        }
        return reasons.isEmpty() ? "it has no servers" : String.join("; ", reasons);
    }

    /**
     * Waits until every source has given its first answer and every name has been looked up once, with whatever result, but not
     * longer than that. Returns whether so.
     */
    public boolean awaitFirst(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        CompletableFuture<?>[] first;
        synchronized (this) {
            first = feeds.values().stream().map(Feed::first).toArray(CompletableFuture[]::new);
        }
        boolean all = NameResolution.await(first, atMost);
        return names.awaitFirst(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))) && all;
    }

    /** How it stands with each source of servers. */
    public synchronized List<DiscoveryState> states() {
        return feeds.values().stream().map(Feed::state).toList();
    }

    @Override
    public void close() {
        List<Feed> all;
        synchronized (this) {
            all = List.copyOf(feeds.values());
            feeds.clear();
            all.forEach(Feed::close);
        }
        names.close();
        dns.close();
    }
}
