package io.foregate.control.build;

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
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Limits;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.OriginTls;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles pools, and takes their endpoints from the registry. One build, one thread. */
final class PoolBuilder {
    /** Origins' heads are larger than clients' (cookies, policies), and nobody sets a limit for them. */
    static final HeadLimits RESPONSE_LIMITS = new HeadLimits(64 * 1024, 64 * 1024, 256);

    private final EndpointRegistry registry;
    private final Map<Name, PoolPlan> plans = new LinkedHashMap<>();

    PoolBuilder(EndpointRegistry registry, Map<Name, EffectivePool> configured) throws UnbuildableException {
        this.registry = registry;
        for (Map.Entry<Name, EffectivePool> pool : configured.entrySet()) {
            plans.put(pool.getKey(), build(pool.getValue()));
        }
    }

    Pool pool(Name name) {
        PoolPlan plan = plans.get(name);
        if (plan == null) {
            throw new IllegalStateException("pool " + name + " passed the checks without being there");
        }
        return plan.pool();
    }

    List<PoolPlan> plans() {
        return List.copyOf(plans.values());
    }

    private PoolPlan build(EffectivePool pool) throws UnbuildableException {
        PoolSettings plain = settings(pool, link(pool, null));
        PoolSettings secure = pool.secure() ? settings(pool, link(pool, tls(pool))) : plain;
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
        Balancing balancing = BalanceBuilder.balancing(pool);
        Function<List<Share>, EndpointSet> sets = shares -> new EndpointSet(shares, balancing);
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

    private static OriginTls tls(EffectivePool pool) throws UnbuildableException {
        try {
            return OriginTlsFiles.load(pool);
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
