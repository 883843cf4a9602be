package io.foregate.control.build;

import io.foregate.api.message.HeaderName;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Traffic;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteTraffic;
import io.foregate.proxy.route.Sampling;
import io.foregate.proxy.route.SplitKey;
import io.foregate.proxy.route.SplitOverride;
import io.foregate.proxy.route.TrafficFault;
import io.foregate.proxy.route.TrafficMirror;
import io.foregate.proxy.route.TrafficSplit;
import io.foregate.proxy.upstream.Pool;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles splits, mirrors and faults, and takes from the registry what outlives snapshots. One build, one thread. */
final class TrafficBuilder {
    /** The cookie by which clients are known again that have no other key. */
    private static final String OWN_COOKIE = "foregate-split";

    private final TrafficRegistry registry;
    private final Set<TrafficRegistry.SplitKey> splits = new LinkedHashSet<>();
    private final Set<TrafficRegistry.MirrorKey> mirrors = new LinkedHashSet<>();

    TrafficBuilder(TrafficRegistry registry) {
        this.registry = registry;
    }

    Set<TrafficRegistry.SplitKey> splits() {
        return splits;
    }

    Set<TrafficRegistry.MirrorKey> mirrors() {
        return mirrors;
    }

    static TrafficRegistry.RouteKey key(EffectiveSite site, EffectiveRoute route) {
        return new TrafficRegistry.RouteKey(
                site.host(), route.match().path(), route.match().when());
    }

    RouteAction.Split split(
            EffectiveSite site, EffectiveRoute route, Traffic.Split split, Function<Name, RouteAction.Target> targets) {
        TrafficRegistry.SplitKey key = new TrafficRegistry.SplitKey(key(site, route), split.pools());
        splits.add(key);
        TrafficSplit shares = registry.split(key);
        // In the order of the shares, which may be older than the file's.
        List<Name> pools = shares.pools().stream().map(Name::new).toList();
        return new RouteAction.Split(
                shares, pools.stream().map(targets).toList(), key(split.by()), override(pools, split.override()));
    }

    /** The cookie that a route's answers give, or null when they give none. */
    static SplitKey.@Nullable OwnCookie cookie(Traffic.Split split) {
        return key(split.by()) instanceof SplitKey.OwnCookie own ? own : null;
    }

    private static SplitKey key(Traffic.SplitBy by) {
        if (by.header() != null) {
            return new SplitKey.Field(HeaderName.of(by.header().text()));
        }
        if (by.cookie() != null) {
            return SplitKey.cookie(by.cookie().text());
        }
        if (by.query() != null) {
            return SplitKey.parameter(by.query());
        }
        return switch (by.basis()) {
            case CLIENT -> new SplitKey.Client();
            case OWN_COOKIE -> SplitKey.ownCookie(OWN_COOKIE);
            case REQUEST -> new SplitKey.Each();
        };
    }

    private static SplitOverride override(List<Name> pools, Traffic.@Nullable Choice choice) {
        return choice == null
                ? SplitOverride.NONE
                : new SplitOverride(
                        pools.stream().map(Name::text).toList(),
                        choice.header() == null
                                ? null
                                : HeaderName.of(choice.header().text()),
                        choice.cookie() == null ? null : choice.cookie().text(),
                        choice.from().isEmpty() ? null : Conditions.cidrs(choice.from()));
    }

    /** Faults and mirror of a route. */
    RouteTraffic besides(
            EffectiveSite site,
            EffectiveRoute route,
            Function<Name, Pool> pools,
            Function<Name, byte @Nullable []> hosts) {
        EffectiveRoute.Besides besides = route.besides();
        Setting<Traffic.Mirror> mirror = besides.mirror();
        if (mirror == null && besides.fault() == null) {
            return RouteTraffic.NONE;
        }
        boolean forwards = !route.action().value().pools().isEmpty();
        return new RouteTraffic(
                besides.fault() == null ? null : fault(besides.fault().value()),
                mirror == null || !forwards ? null : mirror(key(site, route), mirror.value(), pools, hosts));
    }

    private TrafficMirror mirror(
            TrafficRegistry.RouteKey route,
            Traffic.Mirror mirror,
            Function<Name, Pool> pools,
            Function<Name, byte @Nullable []> hosts) {
        TrafficRegistry.MirrorKey key = new TrafficRegistry.MirrorKey(
                route, mirror.to(), mirror.concurrent().value());
        mirrors.add(key);
        long timeoutNanos = Units.nanos(mirror.timeout());
        return new TrafficMirror(
                pools.apply(mirror.to()),
                new TrafficMirror.Settings(
                        mirror.share().partsPerMillion(),
                        timeoutNanos,
                        mirror.buffer().bytes(),
                        hosts.apply(mirror.to())),
                registry.mirror(key));
    }

    private TrafficFault fault(Traffic.Fault fault) {
        Traffic.Delay delay = fault.delay();
        Traffic.Abort abort = fault.abort();
        return new TrafficFault(
                fault.header() == null ? null : HeaderName.of(fault.header().text()),
                delay == null
                        ? null
                        : new TrafficFault.Delay(
                                delay.time().nanos(), delay.share().partsPerMillion(), new Sampling(registry.loops())),
                abort == null
                        ? null
                        : new TrafficFault.Abort(
                                abort.reset() ? 0 : abort.answer(),
                                abort.grpcStatus() == null ? -1 : abort.grpcStatus(),
                                abort.share().partsPerMillion(),
                                new Sampling(registry.loops())));
    }
}
