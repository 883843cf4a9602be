package io.foregate.control.build;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.PoolPlan;
import io.foregate.proxy.filters.HttpsPort;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.route.Condition;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.server.ListenerSettings;
import io.foregate.proxy.worker.ListenerPlan;
import io.foregate.proxy.worker.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a configuration into a snapshot. It opens nothing and asks no name service, so checking a file is the same build
 * without what comes after. One build, one thread; endpoints come from the registry and may serve already.
 */
public final class SnapshotBuilder {
    /**
     * What came of a build.
     *
     * @param listeners in the order of the configuration
     * @param sources which part of the configuration a compiled route is, by identity
     * @param pools to be attached before the snapshot serves, and detached once it has closed
     * @param traffic the splits and mirrors that it names
     * @param tallies where the requests of each route are counted
     * @param good what the next build falls back upon, and what is quarantined in this one
     */
    public record Built(
            Snapshot snapshot,
            List<PlannedListener> listeners,
            Map<Route, EffectiveRoute> sources,
            List<PoolPlan> pools,
            NamedTraffic traffic,
            Map<TrafficRegistry.RouteKey, Tally> tallies,
            LastGood good) {}

    /** What a snapshot names of the {@link TrafficRegistry}. */
    public record NamedTraffic(Set<TrafficRegistry.SplitKey> splits, Set<TrafficRegistry.MirrorKey> mirrors) {}

    /** A listener, the slot of its plan in the snapshot, and what its connections allow. */
    public record PlannedListener(
            EffectiveListener listener,
            ListenerPlan plan,
            ListenerSettings settings,
            @Nullable HttpsPort port) {}

    private record CompiledRoute(String path, List<Condition> conditions, Route route) {}

    private final EffectiveConfig config;
    private final Standing standing;
    private final PoolBuilder pools;
    private final TlsBuilder tls;
    private final TrafficBuilder traffic;
    private final Quarantines quarantines;
    private final Map<TrafficRegistry.RouteKey, Tally> tallies = new HashMap<>();
    private final Map<HostPattern, EffectiveSite> goodSites = new HashMap<>();
    private final Map<EffectiveSite, List<CompiledRoute>> sites = new IdentityHashMap<>();
    private final Map<Route, EffectiveRoute> sources = new IdentityHashMap<>();

    private SnapshotBuilder(EffectiveConfig config, Standing standing) throws UnbuildableException {
        this.config = config;
        this.standing = standing;
        this.traffic = new TrafficBuilder(standing.traffic());
        this.tls = new TlsBuilder(config, standing);
        this.quarantines = new Quarantines(standing);
        this.pools = new PoolBuilder(standing, config.pools(), quarantines);
    }

    /**
     * Builds a snapshot.
     *
     * @param registry of the process, for as many loops as the data plane has
     * @throws UnbuildableException when a value passes the checks of the configuration and not those of the data plane
     */
    public static Built build(long revision, EffectiveConfig config, EndpointRegistry registry)
            throws UnbuildableException {
        return build(revision, config, Standing.none(config, registry));
    }

    /**
     * Builds a snapshot for a process in which there is {@code standing}. Its sites appear with identities in which there may be no
     * certificates yet.
     *
     * @throws UnbuildableException when a value passes the checks of the configuration and not those of the data plane
     */
    public static Built build(long revision, EffectiveConfig config, Standing standing) throws UnbuildableException {
        return new SnapshotBuilder(config, standing)
                .build(revision, standing.endpoints().loops());
    }

    /**
     * What would be built after a configuration of which {@code good} could be used.
     *
     * @param broken what of it couldn't be used, and what would go on in its place
     */
    public record Rehearsed(Built built, List<Problem> broken) {}

    /**
     * Builds a snapshot as for a process in which {@code inForce} serves, to be looked at and nothing else.
     *
     * @throws UnbuildableException as {@link #build}
     */
    public static Rehearsed rehearse(EffectiveConfig config, EndpointRegistry registry, LastGood inForce)
            throws UnbuildableException {
        SnapshotBuilder builder = new SnapshotBuilder(config, Standing.rehearsed(config, registry, inForce));
        Built built = builder.build(1, registry.loops());
        return new Rehearsed(built, builder.quarantines.broken());
    }

    private Built build(long revision, int loops) throws UnbuildableException {
        RouteBuilder routes = new RouteBuilder(pools, tls, traffic);
        for (EffectiveSite site : config.sites()) {
            sites.put(site, compileOrKeep(routes, site));
        }
        List<PlannedListener> listeners = new ArrayList<>();
        // Listeners mostly serve the same sites, and a table may be large.
        Map<List<HostPattern>, RouteTable> tables = new HashMap<>();
        for (EffectiveListener listener : config.listeners()) {
            List<EffectiveSite> served = served(listener.name());
            List<HostPattern> hosts = served.stream().map(EffectiveSite::host).toList();
            RouteTable table = tables.get(hosts);
            if (table == null) {
                table = table(served);
                tables.put(hosts, table);
            }
            ListenerPlan plan = ListenerPlan.of(
                            listener.name().text(),
                            table,
                            Conditions.cidrs(listener.trustedProxies().value()),
                            tls.names(served))
                    .withMinRate(Listeners.minRate(listener.minRate()));
            ListenerSettings settings =
                    Listeners.settings(standing.slots().of(listener), listener, tls.settings(listener));
            listeners.add(new PlannedListener(listener, plan, settings, tls.port(listener)));
        }
        Snapshot snapshot = new Snapshot(
                revision, standing.slots().plans(listeners), OverloadBuilder.build(config.overload()), loops);
        Built built = new Built(
                snapshot,
                List.copyOf(listeners),
                Collections.unmodifiableMap(sources),
                pools.plans(),
                new NamedTraffic(traffic.splits(), traffic.mirrors()),
                Collections.unmodifiableMap(tallies),
                new LastGood(pools.good(), goodSites, quarantines.found()));
        List<TrafficRegistry.Diverted> diverted = standing.traffic().diversions();
        if (!diverted.isEmpty()) {
            Detours.renew(built, config, diverted);
        }
        return built;
    }

    // A site that can't be compiled answers as it did before, if it did; the other sites are none the wiser.
    private List<CompiledRoute> compileOrKeep(RouteBuilder routes, EffectiveSite site) throws UnbuildableException {
        try {
            List<CompiledRoute> compiled = compile(routes, site);
            goodSites.put(site.host(), site);
            return compiled;
        } catch (UnbuildableException e) {
            EffectiveSite before = standing.lastGood().sites().get(site.host());
            quarantines.add("site", site.host().toString(), e, before != null);
            if (before == null) {
                return List.of(new CompiledRoute("/*", List.of(), RouteBuilder.unusable(site.host())));
            }
            goodSites.put(site.host(), before);
            return compile(routes, before);
        }
    }

    private List<CompiledRoute> compile(RouteBuilder routes, EffectiveSite site) throws UnbuildableException {
        List<CompiledRoute> compiled = new ArrayList<>(site.routes().size());
        for (EffectiveRoute route : site.routes()) {
            compiled.add(compile(routes, site, route));
        }
        return compiled;
    }

    private CompiledRoute compile(RouteBuilder routes, EffectiveSite site, EffectiveRoute route)
            throws UnbuildableException {
        Route compiled = routes.build(site, route).countedBy(tally(TrafficBuilder.key(site, route)));
        sources.put(compiled, route);
        try {
            List<Condition> conditions = Conditions.of(route.match().when());
            return new CompiledRoute(route.match().path().toString(), conditions, compiled);
        } catch (IllegalArgumentException e) {
            throw new UnbuildableException(route.match().origin(), e);
        }
    }

    private Tally tally(TrafficRegistry.RouteKey route) {
        Tally known = standing.tallies().get(route);
        Tally counts = known == null ? new Tally(standing.endpoints().loops()) : known;
        tallies.put(route, counts);
        return counts;
    }

    private List<EffectiveSite> served(Name listener) {
        return config.sites().stream()
                .filter(site -> site.listeners().contains(listener))
                .toList();
    }

    private RouteTable table(List<EffectiveSite> served) throws UnbuildableException {
        RouteTable.Builder table = RouteTable.builder();
        for (EffectiveSite site : served) {
            String host = site.host().toString();
            try {
                table.addHost(host);
            } catch (IllegalArgumentException e) {
                throw new UnbuildableException(site.origin(), e);
            }
            for (CompiledRoute compiled : sites.getOrDefault(site, List.of())) {
                try {
                    table.add(host, compiled.path, compiled.conditions, compiled.route);
                } catch (IllegalArgumentException e) {
                    EffectiveRoute source = sources.get(compiled.route);
                    throw new UnbuildableException(
                            source == null ? site.origin() : source.match().origin(), e);
                }
            }
        }
        tls.policies(table, served, tls.names(served));
        return table.build();
    }
}
