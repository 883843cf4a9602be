package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.Layers.Layer;
import io.foregate.control.config.model.BuiltIn;
import io.foregate.control.config.model.Cidr;
import io.foregate.control.config.model.Concurrency;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Count;
import io.foregate.control.config.model.Defaults;
import io.foregate.control.config.model.Http2;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Site;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.config.model.Traffic;
import io.foregate.control.config.model.WholePercent;
import io.foregate.proxy.balance.Balancing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes what applies: built-in defaults &lt; {@code defaults} &lt; pool &lt; policies of the site &lt; site &lt;
 * policies of the route &lt; route. It accepts a configuration with mistakes, in order to find the contradictions in it
 * too; what it returns then must not be used. One thread, one use.
 */
public final class Resolver {
    private static final TreePath DEFAULTS = TreePath.ROOT.key("defaults");
    private static final TreePath PROCESS = TreePath.ROOT.key("process");
    private static final TreePath POOLS = TreePath.ROOT.key("pools");

    private final Config config;
    private final Sources sources;

    private Resolver(Config config, Sources sources) {
        this.config = config;
        this.sources = sources;
    }

    /** Resolves everything; contradictions go into {@code problems}. */
    public static EffectiveConfig resolve(Config config, Sources sources, Problems problems) {
        Resolver resolver = new Resolver(config, sources);
        List<EffectiveListener> listeners = resolver.listeners();
        TlsResolver tls = new TlsResolver(config, sources);
        List<EffectiveSite> sites = new ArrayList<>();
        config.sites().forEach((host, site) -> {
            TreePath path = sources.entry(TreePath.ROOT.key("sites"), host);
            List<Name> own = List.copyOf(new LinkedHashSet<>(site.listeners()));
            List<EffectiveRoute> routes =
                    new SiteResolver(resolver, site, path, new Report(sources, problems)).routes();
            sites.add(new EffectiveSite(
                    host,
                    Layers.origin(sources, path),
                    own.isEmpty() ? resolver.everywhere(listeners, site) : own,
                    routes,
                    tls.of(site.tls(), path)));
        });
        Map<Name, EffectivePool> pools = new LinkedHashMap<>();
        config.pools().keySet().forEach(name -> pools.put(name, resolver.pool(name)));
        return new EffectiveConfig(
                listeners,
                List.copyOf(sites),
                Collections.unmodifiableMap(pools),
                config.tls(),
                config.dns(),
                config.overload(),
                config.logs(),
                config.shutdown().grace(),
                config.process());
    }

    Config config() {
        return config;
    }

    /** The steps below the site: built in, {@code defaults}, and the pool with those that it is like. */
    List<List<Layer>> general(@Nullable Name pool) {
        List<List<Layer>> steps = new ArrayList<>();
        steps.add(List.of(new Layer(rules(BuiltIn.DEFAULTS), null, null)));
        steps.add(List.of(new Layer(rules(config.defaults()), DEFAULTS, null)));
        if (pool != null) {
            for (Name name : lineage(pool).reversed()) {
                Pool one = config.pools().get(name);
                if (one != null) {
                    steps.add(List.of(new Layer(ofPool(one), POOLS.key(name.text()), null)));
                }
            }
        }
        return steps;
    }

    private static Rules rules(Defaults defaults) {
        return new Rules(
                defaults.requestHeaders(),
                defaults.responseHeaders(),
                null,
                null,
                null,
                null,
                defaults.limits().body(),
                defaults.timeouts().exchange(),
                defaults.forwarded(),
                defaults.via(),
                defaults.serverHeader(),
                defaults.httpsRedirect(),
                defaults.hsts(),
                defaults.retry(),
                Traffic.NONE);
    }

    private static Rules ofPool(Pool pool) {
        Rules.HeaderEdits none = new Rules.HeaderEdits(Map.of(), Map.of(), List.of());
        return new Rules(
                none,
                none,
                null,
                null,
                null,
                null,
                new Rules.BodyLimits(null),
                pool.timeouts(),
                null,
                null,
                null,
                null,
                null,
                pool.retry(),
                Traffic.NONE);
    }

    /** The pool, the one that it is like, and so on. A circle ends where it closes. */
    private List<Name> lineage(Name pool) {
        Set<Name> names = new LinkedHashSet<>();
        Name name = pool;
        while (name != null && names.add(name)) {
            Pool one = config.pools().get(name);
            name = one == null ? null : one.like();
        }
        return List.copyOf(names);
    }

    private EffectivePool pool(Name name) {
        List<Name> lineage = lineage(name);
        return new EffectivePool(
                name,
                ofPool(
                        lineage,
                        "servers",
                        pool -> pool.servers().isEmpty() ? null : pool.servers(),
                        defaults -> List.of()),
                ofPool(lineage, "balance", Pool::balance, Defaults::balance),
                division(lineage),
                ofPool(lineage, "host", Pool::host, Defaults::host),
                new EffectivePool.Connections(
                        ofPool(
                                lineage,
                                "connections.max",
                                p -> p.connections().max(),
                                d -> d.connections().max()),
                        ofPool(
                                lineage,
                                "connections.idle",
                                p -> p.connections().idle(),
                                d -> d.connections().idle()),
                        ofPool(
                                lineage,
                                "connections.idle-timeout",
                                p -> p.connections().idleTimeout(),
                                d -> d.connections().idleTimeout())),
                new EffectivePool.Queue(
                        ofPool(
                                lineage,
                                "queue.max",
                                p -> p.queue().max(),
                                d -> d.queue().max()),
                        ofPool(
                                lineage,
                                "queue.timeout",
                                p -> p.queue().timeout(),
                                d -> d.queue().timeout())),
                new EffectivePool.Limits(
                        ofPoolOr(lineage, "limits.requests", p -> p.limits().requests(), Count.NONE),
                        ofPoolOr(
                                lineage, "limits.pool-requests", p -> p.limits().poolRequests(), Count.NONE),
                        ofPoolOr(lineage, "limits.pool-queue", p -> p.limits().poolQueue(), Count.NONE),
                        ofPoolOr(lineage, "limits.retries", p -> p.limits().retries(), Count.NONE)),
                ofPoolOr(lineage, "concurrency", Pool::concurrency, Concurrency.OFF),
                tls(lineage),
                ofPoolOr(lineage, "protocol", Pool::protocol, Pool.Protocol.AUTO),
                ofPoolOr(lineage, "proxy-protocol", Pool::proxyProtocol, Pool.ProxyProtocol.OFF),
                new HealthResolver(this, lineage).health());
    }

    private EffectivePool.Division division(List<Name> lineage) {
        Name zone = config.process().zone();
        return new EffectivePool.Division(
                ofPoolOnly(lineage, "sticky", Pool::sticky),
                ofPoolOr(lineage, "slow-start", Pool::slowStart, Timeout.NONE),
                ofPoolOr(lineage, "panic", Pool::panic, new WholePercent(Balancing.PANIC_PERCENT)),
                ofPoolOr(lineage, "headroom", Pool::headroom, new WholePercent(Balancing.HEADROOM_PERCENT)),
                zone == null ? null : new Setting<>(zone, Layers.origin(sources, PROCESS.key("zone"))));
    }

    private EffectivePool.Tls tls(List<Name> lineage) {
        return new EffectivePool.Tls(
                ofPoolOnly(lineage, "tls.ca", p -> p.tls().ca()),
                ofPoolOnly(lineage, "tls.name", p -> p.tls().name()),
                ofPoolOnly(lineage, "tls.cert", p -> p.tls().cert()),
                ofPoolOnly(lineage, "tls.key", p -> p.tls().key()),
                ofPoolOr(lineage, "tls.verify", p -> p.tls().verify(), true));
    }

    private <T> Setting<T> ofPool(
            List<Name> lineage,
            String key,
            Function<Pool, @Nullable T> get,
            Function<Defaults, @Nullable T> otherwise) {
        Setting<T> own = ofPoolOnly(lineage, key, get);
        return own != null ? own : ofDefaults(key, otherwise);
    }

    <T> Setting<T> ofPoolOr(List<Name> lineage, String key, Function<Pool, @Nullable T> get, T otherwise) {
        Setting<T> own = ofPoolOnly(lineage, key, get);
        return own != null ? own : Setting.byDefault(otherwise);
    }

    /** What one pool says at that key. */
    <T> Setting<T> at(Name pool, String key, T value) {
        return new Setting<>(value, Layers.origin(sources, Layers.below(POOLS.key(pool.text()), key)));
    }

    <T> @Nullable Setting<T> ofPoolOnly(List<Name> lineage, String key, Function<Pool, @Nullable T> get) {
        for (Name name : lineage) {
            Pool pool = config.pools().get(name);
            T value = pool == null ? null : get.apply(pool);
            if (value != null) {
                return at(name, key, value);
            }
        }
        return null;
    }

    private <T> Setting<T> ofDefaults(String key, Function<Defaults, @Nullable T> get) {
        T value = get.apply(config.defaults());
        if (value != null) {
            return new Setting<>(value, Layers.origin(sources, Layers.below(DEFAULTS, key)));
        }
        T builtIn = get.apply(BuiltIn.DEFAULTS);
        if (builtIn == null) {
            throw new IllegalStateException(key + " has no default");
        }
        return Setting.byDefault(builtIn);
    }

    private List<EffectiveListener> listeners() {
        if (config.listeners().isEmpty()) {
            EffectiveListener plain = listener(BuiltIn.LISTENER, builtIn(BuiltIn.LISTEN, Listener.TlsMode.OFF), null);
            boolean certificates = config.sites().values().stream().anyMatch(site -> site.tls() != null);
            return certificates
                    ? List.of(
                            listener(BuiltIn.TLS_LISTENER, builtIn(BuiltIn.TLS_LISTEN, Listener.TlsMode.ON), null),
                            plain)
                    : List.of(plain);
        }
        List<EffectiveListener> listeners = new ArrayList<>();
        config.listeners()
                .forEach((name, listener) -> listeners.add(
                        listener(name, listener, TreePath.ROOT.key("listeners").key(name.text()))));
        return List.copyOf(listeners);
    }

    private static Listener builtIn(ListenAddress address, Listener.TlsMode tls) {
        return new Listener(
                address,
                tls,
                null,
                new Listener.HeadLimits(null, null, null, null, null),
                new Listener.ClientTimeouts(null, null),
                null,
                Http2.DEFAULT,
                new Listener.MinimumRate(null, null, null),
                new Listener.ProxyProtocol(Listener.ProxyProtocol.Mode.OFF, null, Timeout.ofSeconds(5)));
    }

    /** The listeners of a site that names none: all, but of the built-in ones the one with TLS only if it has a certificate. */
    private List<Name> everywhere(List<EffectiveListener> listeners, Site site) {
        boolean builtIn = config.listeners().isEmpty();
        return listeners.stream()
                .filter(listener -> !builtIn || !listener.tls() || site.tls() != null)
                .map(EffectiveListener::name)
                .toList();
    }

    private EffectiveListener listener(Name name, Listener listener, @Nullable TreePath path) {
        return new EffectiveListener(
                name,
                path == null
                        ? Setting.byDefault(listener.address())
                        : new Setting<>(listener.address(), Layers.origin(sources, path.key("address"))),
                path == null ? fallback(listener) : null,
                new TlsResolver(config, sources).listens(name, listener),
                trustedProxies(listener, path),
                new EffectiveListener.HeadLimits(
                        ofListener(
                                path,
                                "limits.target",
                                listener.limits().target(),
                                d -> d.limits().head().target()),
                        ofListener(
                                path,
                                "limits.header-bytes",
                                listener.limits().headerBytes(),
                                d -> d.limits().head().headerBytes()),
                        ofListener(
                                path,
                                "limits.header-count",
                                listener.limits().headerCount(),
                                d -> d.limits().head().headerCount()),
                        ofListener(
                                path,
                                "limits.connections",
                                listener.limits().connections(),
                                d -> d.limits().head().connections()),
                        ofListener(
                                path,
                                "limits.connections-per-client",
                                listener.limits().connectionsPerClient(),
                                d -> d.limits().head().connectionsPerClient())),
                new EffectiveListener.ClientTimeouts(
                        ofListener(
                                path,
                                "timeouts.header-read",
                                listener.timeouts().headerRead(),
                                d -> d.timeouts().client().headerRead()),
                        ofListener(
                                path,
                                "timeouts.keep-alive",
                                listener.timeouts().keepAlive(),
                                d -> d.timeouts().client().keepAlive())),
                listener.protocols() == null || listener.protocols().isEmpty()
                        ? EnumSet.allOf(Listener.Protocol.class)
                        : EnumSet.copyOf(listener.protocols()),
                listener.http2(),
                new EffectiveListener.MinimumRate(
                        ofListener(
                                path,
                                "min-rate.upload",
                                listener.minRate().upload(),
                                d -> d.minRate().upload()),
                        ofListener(
                                path,
                                "min-rate.download",
                                listener.minRate().download(),
                                d -> d.minRate().download()),
                        ofListener(
                                path,
                                "min-rate.over",
                                listener.minRate().over(),
                                d -> d.minRate().over())),
                proxyProtocol(listener, path));
    }

    private EffectiveListener.ProxyProtocol proxyProtocol(Listener listener, @Nullable TreePath path) {
        Listener.ProxyProtocol own = listener.proxyProtocol();
        TreePath at = path == null ? null : path.key("proxy-protocol");
        Origin origin = at != null && sources.has(at) ? Layers.origin(sources, at) : Origin.DEFAULT;
        return new EffectiveListener.ProxyProtocol(
                new Setting<>(own.mode(), origin),
                own.from() != null && at != null
                        ? new Setting<>(own.from(), Layers.origin(sources, at.key("from")))
                        : trustedProxies(listener, path),
                own.timeout());
    }

    private static ListenAddress fallback(Listener builtIn) {
        return builtIn.tls() == Listener.TlsMode.ON ? BuiltIn.TLS_LISTEN_UNPRIVILEGED : BuiltIn.LISTEN_UNPRIVILEGED;
    }

    private Setting<List<Cidr>> trustedProxies(Listener listener, @Nullable TreePath path) {
        if (listener.trustedProxies() != null && path != null) {
            return new Setting<>(listener.trustedProxies(), Layers.origin(sources, path.key("trusted-proxies")));
        }
        TreePath top = TreePath.ROOT.key("trusted-proxies");
        return sources.has(top)
                ? new Setting<>(config.trustedProxies(), Layers.origin(sources, top))
                : Setting.byDefault(config.trustedProxies());
    }

    private <T> Setting<T> ofListener(
            @Nullable TreePath path, String key, @Nullable T own, Function<Defaults, @Nullable T> otherwise) {
        return own != null && path != null
                ? new Setting<>(own, Layers.origin(sources, Layers.below(path, key)))
                : ofDefaults(key, otherwise);
    }
}
