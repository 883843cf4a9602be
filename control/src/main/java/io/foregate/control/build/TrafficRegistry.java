package io.foregate.control.build;

import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Site;
import io.foregate.proxy.route.Diversion;
import io.foregate.proxy.route.MirrorMeter;
import io.foregate.proxy.route.TrafficSplit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What outlives snapshots of how requests are dealt out: whose turn it is in splits, the shares of rollouts, and what mirrors have
 * counted. A build asks for those of a route and gets the ones of the build before, if the configuration says the same of them; a
 * build that is thrown away changes nothing.
 *
 * <p>Thread-safe; lives as long as the process.
 */
public final class TrafficRegistry {
    /** A route, for people and for finding it again. */
    public record RouteKey(HostPattern site, PathPattern path, Site.Conditions when) {
        @Override
        public String toString() {
            return site + " " + path;
        }
    }

    /** What makes a split the same one in two configurations. */
    public record SplitKey(RouteKey route, Map<Name, Percent> shares) {}

    /** What makes a mirror the same one in two configurations. */
    public record MirrorKey(RouteKey route, Name pool, int mostUnderWay) {}

    /** A pool of whose requests another gets a share, whatever configuration comes. */
    public record Diverted(Name from, Name to, Diversion diversion) {}

    private final int loops;
    private final Map<SplitKey, TrafficSplit> splits = new LinkedHashMap<>();
    private final Map<MirrorKey, MirrorMeter> mirrors = new LinkedHashMap<>();
    private final Map<Name, Diverted> diversions = new LinkedHashMap<>();

    /** {@code loops} is how many event loops there are. */
    public TrafficRegistry(int loops) {
        this.loops = loops;
    }

    /** Counters of a share that a route's fault strikes. */
    int loops() {
        return loops;
    }

    synchronized TrafficSplit split(SplitKey key) {
        return splits.computeIfAbsent(key, made -> {
            List<String> pools = made.shares.keySet().stream().map(Name::text).toList();
            int[] shares = made.shares.values().stream()
                    .mapToInt(Percent::partsPerMillion)
                    .toArray();
            return new TrafficSplit(pools, shares, loops);
        });
    }

    synchronized MirrorMeter mirror(MirrorKey key) {
        return mirrors.computeIfAbsent(key, made -> new MirrorMeter(made.pool.text(), made.mostUnderWay, loops));
    }

    /** From now on builds lead requests of that pool to another; those that there are already have to be told. */
    public synchronized void divert(Diverted diverted) {
        diversions.put(diverted.from, diverted);
    }

    /** No build diverts requests of that pool any more. */
    public synchronized void undivert(Name from) {
        diversions.remove(from);
    }

    /** Which pools' requests are diverted. */
    public synchronized List<Diverted> diversions() {
        return List.copyOf(diversions.values());
    }

    /** All mirrors, in the order in which they came. */
    public synchronized Map<MirrorKey, MirrorMeter> mirrors() {
        return new LinkedHashMap<>(mirrors);
    }

    /** Forgets what the configuration in force doesn't name. */
    public synchronized void retain(Set<SplitKey> splitKeys, Set<MirrorKey> mirrorKeys) {
        splits.keySet().retainAll(splitKeys);
        mirrors.keySet().retainAll(mirrorKeys);
    }
}
