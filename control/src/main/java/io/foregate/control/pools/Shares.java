package io.foregate.control.pools;

import io.foregate.proxy.balance.Share;
import io.foregate.proxy.balance.SlowStart;
import io.foregate.proxy.balance.Standing;
import io.foregate.proxy.upstream.Endpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the servers of a pool count for at present: their weights, how they fare, and how long they have been there. Guarded by its
 * membership.
 */
final class Shares {
    private final Warming warming = new Warming();
    // When somebody who begins slowly will count for more, of all that were asked for since the last look; 0 for never.
    private long moreNanos;

    /** The shares of servers of which nobody begins slowly. */
    static List<Share> of(List<PoolServer> servers) {
        List<Share> shares = new ArrayList<>(servers.size());
        servers.forEach(server -> shares.add(share(server)));
        return shares;
    }

    /** Notes who serves now; before shares are asked for. */
    void look(Iterable<List<PoolServer>> pools) {
        Set<Endpoint> serving = new HashSet<>();
        for (List<PoolServer> servers : pools) {
            for (PoolServer server : servers) {
                if (standing(server.endpoint()) == Standing.UP) {
                    serving.add(server.endpoint());
                }
            }
        }
        long now = System.nanoTime();
        if (moreNanos != 0 && now - moreNanos >= 0) {
            moreNanos = 0;
        }
        warming.look(serving, now);
    }

    /** The shares of servers that begin in that way. */
    List<Share> of(List<PoolServer> servers, SlowStart slowStart) {
        if (slowStart.windowNanos() == 0) {
            return of(servers);
        }
        long now = System.nanoTime();
        List<Share> shares = new ArrayList<>(servers.size());
        for (PoolServer server : servers) {
            long age = warming.ageNanos(server.endpoint(), now);
            shares.add(share(server).withWarmth(slowStart.percent(age)));
            long more = slowStart.untilMoreNanos(age);
            if (more != 0 && (moreNanos == 0 || now + more - moreNanos < 0)) {
                moreNanos = now + more;
            }
        }
        return shares;
    }

    /** When shares will be others without anything else changing, as {@link System#nanoTime()} has it; 0 for never. */
    long moreNanos() {
        return moreNanos;
    }

    private static Share share(PoolServer server) {
        Endpoint endpoint = server.endpoint();
        return new Share(
                endpoint,
                endpoint.weightOr(server.weight()),
                100,
                server.priority(),
                server.zone(),
                standing(endpoint));
    }

    private static Standing standing(Endpoint endpoint) {
        return switch (endpoint.status().state()) {
            case UP -> Standing.UP;
            // Requests find out, unless that is for the first check to do.
            case UNKNOWN -> endpoint.health().awaitsCheck() ? Standing.DOWN : Standing.UP;
            case DOWN -> Standing.DOWN;
            case DRAINING -> endpoint.keepsSticky() ? Standing.STICKY_ONLY : Standing.OUT;
            case MAINTENANCE -> Standing.OUT;
        };
    }
}
