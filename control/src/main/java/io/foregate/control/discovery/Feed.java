package io.foregate.control.discovery;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.api.spi.Discovery;
import io.foregate.api.spi.DiscoveryListener;
import io.foregate.control.pools.DiscoverySource;
import io.foregate.control.pools.PoolPlan;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One source of servers, for the pools of all snapshots that name it in the same words: what it gave last, and whether it still
 * answers. Guarded by the lock of its {@link ServerDiscovery}, which the source's threads take when they have news.
 */
final class Feed implements DiscoveryListener {
    private static final Logger LOG = LoggerFactory.getLogger(ServerDiscovery.class);
    private static final int MOST_NAMED = 8;

    private final ServerDiscovery owner;
    private final String pool;
    private final String source;
    final Set<PoolPlan> plans = Collections.newSetFromMap(new IdentityHashMap<>());
    private final CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
    private @Nullable List<DiscoveredServer> servers;
    private @Nullable String failure;
    private final Reasons reasons = new Reasons();
    private Instant since = Instant.now();
    private @Nullable Discovery running;
    private boolean closed;

    Feed(ServerDiscovery owner, String pool, DiscoverySource source) {
        this.owner = owner;
        this.pool = pool;
        this.source = source.text();
    }

    void running(Discovery begun) {
        running = begun;
    }

    CompletableFuture<@Nullable Void> first() {
        return first;
    }

    /** What it gave last. */
    List<DiscoveredServer> servers() {
        List<DiscoveredServer> known = servers;
        return known == null ? List.of() : known;
    }

    /** Why there may be no servers. */
    String emptyReason() {
        String why = failure;
        if (why != null) {
            return why;
        }
        return servers == null ? source + " hasn't been asked yet" : source + " lists no servers";
    }

    DiscoveryState state() {
        return new DiscoveryState(pool, source, servers().size(), failure, since);
    }

    @Override
    public void found(List<DiscoveredServer> found) {
        // One with the same place is the same server: whoever lists it twice means it once.
        Map<String, DiscoveredServer> once = new LinkedHashMap<>();
        found.forEach(server -> once.putIfAbsent(place(server), server));
        List<DiscoveredServer> now = List.copyOf(once.values());
        synchronized (owner) {
            if (closed) {
                return;
            }
            boolean recovered = failure != null;
            boolean changed = !now.equals(servers);
            if (changed) {
                say(now);
            } else if (recovered) {
                LOG.info("pool {}: {} answers again, with the same {}", pool, source, count(now.size()));
            }
            failure = null;
            reasons.forget();
            servers = now;
            if (changed || recovered) {
                since = Instant.now();
                owner.serve(this);
            }
        }
        first.complete(null);
    }

    private void say(List<DiscoveredServer> now) {
        Set<String> before = places(servers());
        Set<String> come = places(now);
        Set<String> gone = new LinkedHashSet<>(before);
        gone.removeAll(come);
        come.removeAll(before);
        String same = come.isEmpty() && gone.isEmpty() && servers != null ? ", with other weights or such" : "";
        LOG.info(
                "pool {}: {} by {}{}{}{}", pool, count(now.size()), source, same, names(" +", come), names(" −", gone));
    }

    private static Set<String> places(List<DiscoveredServer> servers) {
        Set<String> places = new LinkedHashSet<>();
        servers.forEach(server -> places.add(place(server)));
        return places;
    }

    private static String place(DiscoveredServer server) {
        return server.host() + ":" + server.port();
    }

    private static String count(int servers) {
        return servers == 1 ? "1 server" : servers + " servers";
    }

    private static String names(String sign, Set<String> places) {
        StringBuilder text = new StringBuilder();
        places.stream().limit(MOST_NAMED).forEach(place -> text.append(sign).append(place));
        if (places.size() > MOST_NAMED) {
            text.append(sign).append(places.size() - MOST_NAMED).append(" more");
        }
        return text.toString();
    }

    @Override
    public void failed(String reason) {
        synchronized (owner) {
            if (closed) {
                return;
            }
            if (!reason.equals(failure)) {
                boolean news = reasons.news(reason);
                failure = reason;
                since = Instant.now();
                if (news && servers().isEmpty()) {
                    LOG.warn("pool {} has no servers by {}: {}", pool, source, reason);
                } else if (news) {
                    LOG.warn(
                            "pool {}: {}; the {} of before stay in use",
                            pool,
                            reason,
                            count(servers().size()));
                }
                owner.serve(this);
            }
        }
        first.complete(null);
    }

    void close() {
        closed = true;
        first.complete(null);
        Discovery begun = running;
        if (begun != null) {
            try {
                begun.close();
            } catch (RuntimeException e) {
                LOG.error("ending {} of pool {} failed", source, pool, e);
            }
        }
    }
}
