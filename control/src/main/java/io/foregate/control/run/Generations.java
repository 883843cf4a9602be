package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.SnapshotBuilder.NamedTraffic;
import io.foregate.control.build.Standing;
import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.discovery.ServerDiscovery;
import io.foregate.control.pools.PoolPlan;
import io.foregate.proxy.tls.SiteIdentity;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The snapshots that still serve, the newest last, and what has to stay for their sake: who is in their pools, the shares of
 * splits, the certificates of their sites. What none of them uses is let go.
 *
 * <p>Used under the lock of its {@link Foregate}, but for {@link #count}.
 */
final class Generations {
    /** What one snapshot needs. Not the snapshot itself, whose routes may be many and which the loops hold as long as they need. */
    private record Needs(List<PoolPlan> pools, NamedTraffic traffic, Set<SiteIdentity> identities) {}

    private final Standing standing;
    private final ServerDiscovery servers;
    private final Map<Long, Needs> live = new LinkedHashMap<>();
    private volatile int count;

    Generations(Standing standing, ServerDiscovery servers) {
        this.standing = standing;
        this.servers = servers;
    }

    /** A snapshot is about to be in force. Servers that nobody asked for yet are looked for from now on. */
    void begins(Built built) {
        Set<SiteIdentity> identities = new HashSet<>();
        built.listeners()
                .forEach(planned -> identities.addAll(planned.plan().names().all()));
        live.put(built.snapshot().revision(), new Needs(built.pools(), built.traffic(), identities));
        count = live.size();
        servers.attach(built.pools());
    }

    /** The last exchange of a snapshot has ended, or it never came to serve. */
    void ended(long revision) {
        Needs needs = live.remove(revision);
        count = live.size();
        if (needs != null) {
            servers.detach(needs.pools);
        }
        letGo();
    }

    /** How many snapshots serve. On any thread. */
    int count() {
        return count;
    }

    private void letGo() {
        Set<SiteIdentity> identities = new HashSet<>();
        Set<TrafficRegistry.SplitKey> splits = new HashSet<>();
        Set<TrafficRegistry.MirrorKey> mirrors = new HashSet<>();
        for (Needs needs : live.values()) {
            identities.addAll(needs.identities);
            splits.addAll(needs.traffic.splits());
            mirrors.addAll(needs.traffic.mirrors());
        }
        standing.certificates().retain(identities);
        standing.traffic().retain(splits, mirrors);
    }
}
