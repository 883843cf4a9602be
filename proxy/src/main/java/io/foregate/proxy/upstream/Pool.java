package io.foregate.proxy.upstream;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.PickState;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.balance.Standing;
import io.foregate.proxy.balance.Tried;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Endpoints that answer for each other, and how one of them is chosen. Which they are may change while the pool serves: the set
 * is replaced as a whole. Thread-safe; part of one snapshot.
 */
public final class Pool {
    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    private final String name;
    private final byte[] nameBytes;
    private final Affinity affinity;
    private final boolean namesEndpoint;
    private final PickState[] states;
    private final PoolLoad load;
    private final Limits limits;
    private volatile EndpointSet endpoints;
    private volatile boolean panicSaid;
    private @Nullable String obstacle;
    private volatile String emptyReason = "it has no servers";

    /**
     * @param affinity what ties requests to endpoints
     * @param namesEndpoint whether the Host that endpoints get is their own name instead of what the client asked for
     * @param loops how many event loops there are
     */
    public Pool(String name, EndpointSet endpoints, Affinity affinity, boolean namesEndpoint, int loops) {
        this.name = name;
        this.nameBytes = Octets.ascii(name);
        this.endpoints = endpoints;
        this.affinity = affinity;
        this.namesEndpoint = namesEndpoint;
        this.states = new PickState[loops];
        for (int loop = 0; loop < loops; loop++) {
            states[loop] = new PickState(loop);
        }
        this.load = new PoolLoad(loops);
        this.limits = Limits.NONE;
    }

    private Pool(Pool same, PoolLoad load, Limits limits) {
        this.name = same.name;
        this.nameBytes = same.nameBytes;
        this.endpoints = same.endpoints;
        this.affinity = same.affinity;
        this.namesEndpoint = same.namesEndpoint;
        this.states = same.states;
        this.load = load;
        this.limits = limits;
    }

    /** This pool, with what is under way counted in {@code shared} and bounded by {@code bounds}; it takes this one's place. */
    public Pool limited(PoolLoad shared, Limits bounds) {
        return new Pool(this, shared, bounds);
    }

    public String name() {
        return name;
    }

    /** The name for log lines; not to be changed. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    public boolean namesEndpoint() {
        return namesEndpoint;
    }

    /** Who is in the pool now. All members are {@link Endpoint}s. */
    public EndpointSet endpoints() {
        return endpoints;
    }

    /** Notes what the choice for that request is to go by. */
    public void read(RequestHead request, ClientAddress client, Picking into) {
        affinity.read(request, client, endpoints, into);
    }

    /** That endpoint has answered: tells the client, where it is to come back to the same one and wasn't tied to it before. */
    public void tell(Endpoint answered, Picking picking, RequestHead request, Headers answer) {
        if (picking.sticky() != answered) {
            affinity.tell(answered, request, endpoints, answer);
        }
    }

    /** From now on these are in the pool. */
    public void publish(EndpointSet set) {
        boolean before = endpoints.panic();
        endpoints = set;
        if (set.panic() && !before) {
            panicSaid = true;
            LOG.warn(
                    "pool {}: only {} of {} servers are up, so few that requests go to the others as well, rather than crush"
                            + " them",
                    name,
                    set.up(),
                    set.size());
        } else if (panicSaid && !set.panic()) {
            panicSaid = false;
            LOG.info("pool {}: {} of {} servers are up, which is enough to ask only them", name, set.up(), set.size());
        }
    }

    /** Why there are no endpoints, should there be none. */
    public String emptyReason() {
        return emptyReason;
    }

    /** From now on this is why there are no endpoints, should there be none. */
    public void emptyBecause(String reason) {
        emptyReason = reason;
    }

    /** One of the endpoints, whose settings are much like those of the others; null when there are none. */
    public @Nullable Endpoint any() {
        EndpointSet set = endpoints;
        return set.size() == 0 ? null : (Endpoint) set.get(0);
    }

    /** Whether an endpoint may say of a request that it hasn't processed it, so that any may be sent again. */
    public boolean mayRefuseUnprocessed() {
        Endpoint any = any();
        return any != null && any.settings().link().mayShare();
    }

    /** Notes, before it serves, why there is nobody in it and won't be. */
    public void unusable(String why) {
        obstacle = why;
    }

    /** Why it can't be used as a whole; null when it can. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    // ---- limits of the whole pool ----

    /** Counts a request in; false when as many are under way as may be. */
    public boolean tryBegin() {
        return load.tryBegin(limits.poolRequests());
    }

    /** A request that was counted in has ended. */
    public void ends() {
        load.ends(limits.poolRequests());
    }

    /** Counts a retry (or a hedge) in; false when as many are under way as may be, and it has to be left out. */
    public boolean tryRetry() {
        return load.tryRetry(limits.poolRetries());
    }

    /** A retry that was counted in has ended. */
    public void retryEnds() {
        load.retryEnds(limits.poolRetries());
    }

    /** What is under way, as far as it is limited. */
    public PoolLoad load() {
        return load;
    }

    /** Why a request can't begin although endpoints may be well: the limit of one that hasn't been tried; null when there is none. */
    public Failure.@Nullable Kind full(Tried tried) {
        EndpointSet set = endpoints;
        for (int i = 0; i < set.size(); i++) {
            Endpoint endpoint = (Endpoint) set.get(i);
            Failure.Kind full = tried.contains(endpoint) ? null : endpoint.full();
            if (full != null) {
                return full;
            }
        }
        return null;
    }

    // ---- choosing ----

    /** The endpoint to ask next, or null when every one has been tried or is resting. On loop {@code loop}. */
    public @Nullable Endpoint pick(int loop, Picking picking, long nowNanos) {
        return (Endpoint) endpoints.pick(states[loop], picking, nowNanos);
    }

    /**
     * An endpoint that rests, for a request that would find none otherwise; null when there is none that it hasn't asked, or
     * only such as take long to fail. On loop {@code loop}.
     */
    public @Nullable Endpoint lastResort(int loop, Picking picking) {
        EndpointSet set = endpoints;
        int size = set.size();
        int first = size == 0 ? 0 : states[loop].random(size);
        for (int i = 0; i < size; i++) {
            int at = (first + i) % size;
            Endpoint endpoint = (Endpoint) set.get(at);
            boolean inService = set.standing(at) == Standing.UP || set.standing(at) == Standing.DOWN;
            if (inService && endpoint.worthAsking() && !picking.tried().contains(endpoint)) {
                return endpoint;
            }
        }
        return null;
    }
}
