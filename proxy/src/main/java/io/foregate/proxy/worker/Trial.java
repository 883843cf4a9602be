package io.foregate.proxy.worker;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.SideTally;
import io.foregate.proxy.route.KeyHash;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.VirtualHost;
import java.util.BitSet;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is tried beside the one in force: it gets the requests of a share of the clients, and what becomes of them is
 * counted beside what becomes of the others.
 *
 * <p>Which clients those are is drawn by lot: a hash of who asks and of a number of this trial. A client stays where it is, and when
 * the share grows, more clients come over and nobody goes back. Both sides are counted by the routes of the snapshot in force,
 * whatever route of the other one has a request: so like is compared with like, also where routes come, go, or get more specific.
 *
 * <p>Thread-safe. Lives as long as the trial; costs those who have none a look at a null.
 */
public final class Trial {
    private static final int LOT_BITS = 20;
    private static final int SHARE_BITS = LOT_BITS + 1;
    /** So many routes are compared by themselves; what is counted of one takes some ten kilobytes. */
    private static final int MOST_BY_NAME = 256;

    /** By what requests stay on one side. */
    public enum Sticky {
        /** The client's address, as the listener's trusted proxies have it; of IPv6 the first half. */
        CLIENT,
        /** The connection, for traffic that comes from few addresses. */
        CONNECTION
    }

    /**
     * How the lot is drawn.
     *
     * @param number of this trial, which no other has: another trial gets other clients
     */
    public record Lot(Sticky sticky, long number) {}

    /** A route of the snapshot in force, and what becomes of its requests here and there. */
    public static final class Compared {
        private final @Nullable Route route;
        private final SideTally.Limits limits = new SideTally.Limits();
        private final SideTally before;
        private final SideTally after;

        private Compared(@Nullable Route route, int loops) {
            this.route = route;
            this.before = new SideTally(limits, loops);
            this.after = new SideTally(limits, loops);
        }

        /** Null for requests that have no route in force, and those of routes for which there was no room. */
        public @Nullable Route route() {
            return route;
        }

        /** What counts as slow, on both sides. */
        public SideTally.Limits limits() {
            return limits;
        }

        /** With the snapshot in force. */
        public SideTally before() {
            return before;
        }

        /** With the one that is tried. */
        public SideTally after() {
            return after;
        }
    }

    private final Snapshot inForce;
    private final Snapshot candidate;
    private final BitSet onlyCandidates;
    private final Lot lot;
    private final int loops;
    private final List<Route> routes;
    private final Map<Route, Integer> places = new IdentityHashMap<>();
    private final AtomicReferenceArray<@Nullable Compared> compared;
    private final AtomicInteger named = new AtomicInteger();
    // The step, and the share of the clients in it.
    private volatile int drawing;

    /**
     * Nobody gets the other snapshot yet.
     *
     * @param onlyCandidates slots of listeners that only the candidate has
     * @param routes of the snapshot in force
     */
    public Trial(Snapshot inForce, Snapshot candidate, BitSet onlyCandidates, Collection<Route> routes, Lot lot) {
        this.inForce = inForce;
        this.candidate = candidate;
        this.onlyCandidates = (BitSet) onlyCandidates.clone();
        this.lot = lot;
        this.loops = inForce.loops();
        this.routes = List.copyOf(routes);
        // Behind the routes: the place of requests without one.
        this.compared = new AtomicReferenceArray<>(routes.size() + 1);
        for (int i = 0; i < this.routes.size(); i++) {
            places.put(this.routes.get(i), i);
        }
    }

    public Snapshot inForce() {
        return inForce;
    }

    public Snapshot candidate() {
        return candidate;
    }

    /**
     * From now on that part of the clients gets the candidate.
     *
     * @param part from 0 to 1; it should only grow
     * @param step how often it has changed
     */
    public void share(double part, int step) {
        int counted = Math.min(step, SideTally.STEPS - 1);
        drawing = counted << SHARE_BITS | (int) Math.round(Math.clamp(part, 0, 1) * (1 << LOT_BITS));
    }

    Snapshot at(int slot) {
        return onlyCandidates.get(slot) ? candidate : inForce;
    }

    // ---- on the loops ----

    /** The side of a request. By {@code connection}, or by who asks. */
    public Snapshot side(int slot, ClientAddress client, Object connection, AccessRecord record) {
        if (onlyCandidates.get(slot)) {
            return candidate;
        }
        long key = switch (lot.sticky) {
            case CLIENT -> client.isIpv4() ? client.ipv4() : client.high();
            case CONNECTION -> System.identityHashCode(connection);
        };
        long drawn = KeyHash.mix(key ^ lot.number);
        int now = drawing;
        record.clientGroup = (int) drawn & SideTally.GROUPS - 1;
        record.trialStep = now >>> SHARE_BITS;
        return drawn >>> 64 - LOT_BITS < (now & (1 << SHARE_BITS) - 1) ? candidate : inForce;
    }

    /** Where a request of that side is counted; null when there is nothing to compare it with. Before any filter has changed it. */
    public @Nullable SideTally tally(Snapshot side, int slot, RequestHead head, ClientAddress client) {
        if (onlyCandidates.get(slot)) {
            return null;
        }
        VirtualHost host = inForce.plan(slot).routes().host(head);
        Route route = host == null ? null : host.match(head, client);
        Integer known = route == null ? null : places.get(route);
        int place = known == null ? routes.size() : known;
        Compared here = compared.getAcquire(place);
        if (here == null && place < routes.size() && named.getAndIncrement() >= MOST_BY_NAME) {
            named.getAndDecrement();
            // Each of these has come too late to be counted by itself.
            place = routes.size();
            here = compared.getAcquire(place);
        }
        if (here == null) {
            Compared made = new Compared(place == routes.size() ? null : route, loops);
            here = compared.compareAndSet(place, null, made) ? made : Objects.requireNonNull(compared.get(place));
        }
        return side == candidate ? here.after : here.before;
    }

    // ---- on the cold side ----

    /** How many places there are where something may have been counted. */
    public int places() {
        return compared.length();
    }

    /** What has been counted at a place; null when nothing has. */
    public @Nullable Compared compared(int place) {
        return compared.getAcquire(place);
    }
}
