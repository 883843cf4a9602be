package io.foregate.control.build;

import io.foregate.control.build.LastGood.GoodPool;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Concurrency;
import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool.Server;
import io.foregate.control.config.model.ServerAddress;
import io.foregate.control.pools.DiscoverySource;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.Membership;
import io.foregate.control.pools.PoolPlan;
import io.foregate.control.pools.PoolServer;
import io.foregate.control.tls.BadFile;
import io.foregate.control.tls.OriginTlsFiles;
import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Affinity;
import io.foregate.proxy.upstream.Limits;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.OriginTls;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles pools, and takes their endpoints from the registry. One build, one thread. */
final class PoolBuilder {
    /** Origins' heads are larger than clients' (cookies, policies), and nobody sets a limit for them. */
    static final HeadLimits RESPONSE_LIMITS = new HeadLimits(64 * 1024, 64 * 1024, 256);

    private final EndpointRegistry registry;
    private final byte[] stickyKey;
    private final Map<Name, GoodPool> before;
    private final Map<Name, GoodPool> good = new HashMap<>();
    private final Map<Name, EffectivePool> effective = new HashMap<>();
    private final Map<Name, PoolPlan> plans = new LinkedHashMap<>();

    PoolBuilder(Standing standing, Map<Name, EffectivePool> configured, Quarantines quarantines)
            throws UnbuildableException {
        this.registry = standing.endpoints();
        this.stickyKey = standing.stickyKey();
        this.before = standing.lastGood().pools();
        for (Map.Entry<Name, EffectivePool> pool : configured.entrySet()) {
            try {
                add(read(pool.getValue()));
            } catch (UnbuildableException e) {
                GoodPool kept = before.get(pool.getKey());
                quarantines.add("pool", pool.getKey().text(), e, kept != null);
                if (kept != null) {
                    add(kept);
                } else {
                    addUnusable(pool.getValue(), String.valueOf(e.getMessage()));
                }
            }
        }
    }

    // With the files that it names.
    private GoodPool read(EffectivePool pool) throws UnbuildableException {
        return new GoodPool(pool, tls(pool), BalanceBuilder.balancing(pool, stickyKey));
    }

    private void add(GoodPool pool) throws UnbuildableException {
        Name name = pool.pool().name();
        plans.put(name, build(pool));
        good.put(name, pool);
        effective.put(name, pool.pool());
    }

    // Requests for it are answered, if only with 503, and find out why.
    private void addUnusable(EffectivePool pool, String why) {
        effective.put(pool.name(), pool);
        Function<List<Share>, EndpointSet> sets = shares -> new EndpointSet(shares, Balancing.by(Balancer.ROUND_ROBIN));
        Pool empty = new Pool(pool.name().text(), sets.apply(List.of()), Affinity.NONE, false, registry.loops());
        empty.unusable(why);
        plans.put(pool.name(), new PoolPlan(pool.name(), empty, List.of(), sets));
    }

    /** Throws nothing for a pool of the configuration, or one that a site names which goes on as it was before. */
    Pool pool(Name name) {
        GoodPool gone = before.get(name);
        if (!plans.containsKey(name) && gone != null) {
            try {
                add(gone);
            } catch (UnbuildableException e) {
                addUnusable(gone.pool(), String.valueOf(e.getMessage()));
            }
        }
        PoolPlan plan = plans.get(name);
        if (plan == null) {
            throw new IllegalStateException("pool " + name + " passed the checks without being there");
        }
        return plan.pool();
    }

    /** What applies to a pool that {@link #pool} knows. */
    EffectivePool effective(Name name) {
        pool(name);
        return Objects.requireNonNull(effective.get(name));
    }

    Map<Name, GoodPool> good() {
        return good;
    }

    List<PoolPlan> plans() {
        return List.copyOf(plans.values());
    }

    private PoolPlan build(GoodPool good) throws UnbuildableException {
        EffectivePool pool = good.pool();
        OriginTls tls = good.tls();
        PoolSettings plain = settings(pool, link(pool, null));
        PoolSettings secure = tls == null ? plain : settings(pool, link(pool, tls));
        List<PoolServer> servers = new ArrayList<>();
        List<DiscoverySource> discovered = new ArrayList<>();
        for (Server server : pool.servers().value()) {
            ServerAddress address = server.address();
            if (address == null) {
                discovered.add(new SourceBuilder(registry, pool, plain, secure).source(server));
                continue;
            }
            EndpointRegistry.Key key =
                    new EndpointRegistry.Key(pool.name(), address.at(), address.secure() ? secure : plain);
            servers.add(new PoolServer(
                    registry.endpoint(key),
                    server.weight(),
                    server.backup() ? Share.BACKUP : server.priority(),
                    server.zone() == null ? "" : server.zone().text()));
        }
        boolean namesEndpoint = pool.host().value().kind() == HostHeader.Kind.UPSTREAM;
        Function<List<Share>, EndpointSet> sets = shares -> new EndpointSet(shares, good.balancing());
        EndpointSet first = Membership.set(servers, sets);
        Pool built = new Pool(pool.name().text(), first, BalanceBuilder.affinity(pool), namesEndpoint, registry.loops())
                .limited(registry.load(pool.name()), limits(pool));
        return new PoolPlan(pool.name(), built, servers, discovered, sets, HealthPlans.of(pool));
    }

    private static Link link(EffectivePool pool, @Nullable OriginTls tls) {
        Link.Protocol protocol = switch (pool.protocol().value()) {
            case AUTO -> Link.Protocol.AUTO;
            case H1 -> Link.Protocol.H1;
            case H2 -> Link.Protocol.H2;
        };
        Link.ProxyProtocol proxyProtocol = switch (pool.proxyProtocol().value()) {
            case OFF -> Link.ProxyProtocol.OFF;
            case V1 -> Link.ProxyProtocol.V1;
            case V2 -> Link.ProxyProtocol.V2;
        };
        return new Link(protocol, proxyProtocol, tls);
    }

    private @Nullable OriginTls tls(EffectivePool pool) throws UnbuildableException {
        if (!pool.secure()) {
            return null;
        }
        try {
            GoodPool known = before.get(pool.name());
            return OriginTlsFiles.load(pool, known == null ? null : known.tls());
        } catch (BadFile e) {
            throw new UnbuildableException(e.origin(), new IllegalArgumentException(e.getMessage(), e));
        }
    }

    private PoolSettings settings(EffectivePool pool, Link link) {
        return new PoolSettings(
                link,
                pool.connections().max().value().value(),
                share(pool.connections().idle().value()),
                Units.nanos(pool.connections().idleTimeout().value()),
                pool.queue().max().value().value(),
                Units.nanos(pool.queue().timeout().value()),
                RESPONSE_LIMITS,
                limits(pool));
    }

    private static Limits limits(EffectivePool pool) {
        Concurrency concurrency = pool.concurrency().value();
        return new Limits(
                pool.limits().requests().value().value(),
                pool.limits().poolRequests().value().value(),
                pool.limits().poolQueue().value().value(),
                pool.limits().retries().value().value(),
                concurrency.mode() == Concurrency.Mode.OFF
                        ? null
                        : new Limits.Adaptive(concurrency.min(), concurrency.max(), concurrency.tolerance()));
    }

    // Each loop keeps its own idle connections, while the setting is for the process.
    private int share(Count idle) {
        return idle.isNone() ? idle.value() : Math.ceilDiv(idle.value(), registry.loops());
    }
}
