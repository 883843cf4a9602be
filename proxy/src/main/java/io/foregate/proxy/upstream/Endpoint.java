package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Octets;
import io.foregate.proxy.balance.Member;
import io.foregate.proxy.balance.PeakLatency;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One server of a pool: where it is, how it fares, and what is under way to it.
 *
 * <p>Thread-safe and long-lived: it outlives the snapshots that name it, so that health and connections survive a change of
 * configuration.
 */
public final class Endpoint implements Member {
    /** The version of HTTP that an endpoint chose when it last had a choice. */
    enum Spoken {
        UNKNOWN,
        HTTP_1,
        HTTP_2
    }

    private static final int MAX_WEIGHT = 1000;

    private final String name;
    private final byte[] nameBytes;
    private final String authority;
    private final byte[] hostBytes;
    private final PoolSettings settings;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final EndpointHealth health;
    private final PoolLoad load;
    private final @Nullable AdaptiveLimit adaptive;
    private final LearntIdle idleLimit;
    private final AtomicReferenceArray<@Nullable ConnectionPool> perLoop;
    private final PeakLatency peakLatency = new PeakLatency();
    private volatile long latencyNanos;
    private volatile Spoken spoken = Spoken.UNKNOWN;
    private volatile List<InetSocketAddress> addresses = List.of();
    private volatile String unresolvedReason = "not resolved yet";
    private volatile long unresolvedNanos = System.nanoTime();
    private volatile int preferredAddress;
    private volatile boolean retired;
    private final EndpointService service = new EndpointService();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    /**
     * @param name {@code host:port} as in the configuration
     * @param loops how many event loops there are
     */
    public Endpoint(String name, PoolSettings settings, int loops) {
        this(name, name, settings, loops, new PoolLoad(loops));
    }

    /**
     * @param name {@code host:port} by which it is told from others
     * @param authority {@code host:port} by which it is spoken to, which may be that of a service that has many endpoints
     * @param loops how many event loops there are
     * @param load of the pool that it is in
     */
    public Endpoint(String name, String authority, PoolSettings settings, int loops, PoolLoad load) {
        this.name = name;
        this.authority = authority;
        this.nameBytes = Octets.ascii(name);
        this.hostBytes = Octets.ascii(host(authority, settings.link().tls() == null ? ":80" : ":443"));
        this.health = new EndpointHealth(name, loops, this::changed);
        this.settings = settings;
        this.load = load;
        Limits.Adaptive adapts = settings.limits().adaptive();
        this.adaptive = adapts == null ? null : new AdaptiveLimit(adapts, System.nanoTime());
        this.idleLimit = new LearntIdle(name);
        this.perLoop = new AtomicReferenceArray<>(loops);
    }

    @Override
    public String name() {
        return name;
    }

    /** The name for log lines; not to be changed. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** {@code host:port} by which it is spoken to: what its certificate is for. */
    public String authority() {
        return authority;
    }

    /** The authority as a Host field has it: without the port where that is the scheme's own. Not to be changed. */
    public byte[] hostBytes() {
        return hostBytes;
    }

    private static String host(String name, String ownPort) {
        return name.endsWith(ownPort) ? name.substring(0, name.length() - ownPort.length()) : name;
    }

    public PoolSettings settings() {
        return settings;
    }

    /** Resolved addresses, to be tried from {@link #preferredAddress()} on; empty when the name doesn't resolve. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Sets what the name resolves to; called by discovery whenever it changes. */
    public void resolved(List<InetSocketAddress> found) {
        List<InetSocketAddress> before = addresses;
        preferredAddress = 0;
        addresses = List.copyOf(found);
        if (before.isEmpty()) {
            changed();
        } else if (!found.containsAll(before)) {
            // Whoever moves a name away from an address wants nobody to talk to that any more.
            closeIdle();
        }
    }

    /** Notes that the name can't be resolved. Known addresses are kept: a stale answer beats none. */
    public void unresolved(String reason) {
        unresolvedReason = reason;
    }

    public String unresolvedReason() {
        return unresolvedReason;
    }

    int preferredAddress() {
        return preferredAddress;
    }

    void preferAddress(int position) {
        if (preferredAddress != position) {
            preferredAddress = position;
        }
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    /** Counts an exchange in; false when there are as many as there may be, and another endpoint is to be asked. */
    public boolean tryBegin() {
        int limit = settings.limits().requests();
        if (limit == Integer.MAX_VALUE) {
            inFlight.getAndIncrement();
        } else if (!PoolLoad.tryIncrement(inFlight, limit)) {
            return false;
        }
        AdaptiveLimit adapts = adaptive;
        if (adapts != null && !adapts.tryBegin()) {
            inFlight.getAndDecrement();
            return false;
        }
        return true;
    }

    /**
     * An exchange that was counted in has ended here.
     *
     * @param answered whether {@link #answered} was told of it
     * @param waitedNanos how long its request has waited for an answer, where there was none; 0 when it was never sent
     */
    public void exchangeEnds(boolean answered, long waitedNanos) {
        inFlight.getAndDecrement();
        AdaptiveLimit adapts = adaptive;
        if (answered) {
            return;
        }
        long now = System.nanoTime();
        if (adapts != null) {
            adapts.ended(waitedNanos, now);
        }
        // Who never answers would look quick for ever; who was given up early says nothing.
        if (waitedNanos > peakLatency.nanos(now)) {
            peakLatency.sample(waitedNanos, now, false);
        }
    }

    /** The limit that keeps further exchanges from here at present, or null when there is room. */
    public Failure.@Nullable Kind full() {
        AdaptiveLimit adapts = adaptive;
        if (inFlight.get() >= settings.limits().requests()) {
            return Failure.Kind.REQUEST_LIMIT;
        }
        return adapts != null && adapts.full() ? Failure.Kind.CONCURRENCY_LIMIT : null;
    }

    /** How many requests may wait for answers at present; {@link Integer#MAX_VALUE} where that isn't limited by their latency. */
    public int concurrencyLimit() {
        AdaptiveLimit adapts = adaptive;
        return adapts == null ? Integer.MAX_VALUE : adapts.limit();
    }

    /** Open or opening connections, in the whole process. */
    public int connections() {
        return connections.get();
    }

    /** Exchanges that wait for a connection, in the whole process. */
    public int waiting() {
        return waiting.get();
    }

    /** From now on {@code hook} runs when the endpoint's state has changed: on any thread, so it has to be quick. */
    public void watch(Runnable hook) {
        watchers.add(hook);
    }

    /** That hook doesn't run any more. */
    public void unwatch(Runnable hook) {
        watchers.remove(hook);
    }

    /** Something by which balancers go has changed, other than load. On any thread. */
    void changed() {
        for (Runnable watcher : watchers) {
            watcher.run();
        }
    }

    // ---- what somebody wants of it at run time ----

    /**
     * Sends it nothing new; it finishes what it has, and its connections close as they come to rest.
     *
     * @param keepSticky whether it still gets the requests of clients that stick to it
     */
    public void drain(boolean keepSticky) {
        order(EndpointState.DRAINING, "", keepSticky);
    }

    /** Takes it out of service: nothing new, and it finishes what it has. {@code reason} is for people. */
    public void maintenance(String reason) {
        order(EndpointState.MAINTENANCE, reason, false);
    }

    /** Ends draining or maintenance. */
    public void backInService() {
        service.order(null);
        changed();
    }

    private void order(EndpointState state, String reason, boolean keepSticky) {
        service.order(new EndpointService.Order(new EndpointStatus(state, reason, System.nanoTime()), keepSticky));
        closeIdle();
        changed();
    }

    /** Sets its weight, from 0 on, whatever the configuration says; null is what the configuration says. */
    public void weight(@Nullable Integer wanted) {
        if (wanted != null && (wanted < 0 || wanted > MAX_WEIGHT)) {
            throw new IllegalArgumentException(
                    "the weight of " + name + " can't be " + wanted + ": it is from 0 to " + MAX_WEIGHT);
        }
        service.weight(wanted);
        changed();
    }

    /** Its weight at present, where the configuration says {@code configured}. */
    public int weightOr(int configured) {
        return service.weightOr(configured);
    }

    /** Whether it neither drains nor is in maintenance. */
    public boolean inService() {
        return service.order() == null;
    }

    /** Whether it gets the requests of clients that stick to it: in service, or draining with that leave. */
    public boolean keepsSticky() {
        EndpointService.Order order = service.order();
        return order == null || order.keepsSticky();
    }

    /** How it stands with it, all told. */
    public EndpointStatus status() {
        EndpointService.Order order = service.order();
        if (order != null) {
            return order.status();
        }
        if (addresses.isEmpty()) {
            return new EndpointStatus(EndpointState.DOWN, unresolvedReason, unresolvedNanos);
        }
        return health.status();
    }

    // ---- health and load ----

    @Override
    public boolean available(long nowNanos) {
        return !addresses.isEmpty() && full() == null && health.available(nowNanos);
    }

    @Override
    public boolean usable(long nowNanos) {
        return !addresses.isEmpty() && full() == null && health.usable(nowNanos);
    }

    @Override
    public boolean availableInPanic(long nowNanos) {
        return !addresses.isEmpty() && full() == null && health.availableInPanic(nowNanos);
    }

    /** Whether requests are kept from here, unlike {@link #available} without claiming the next try. */
    public boolean resting() {
        return health.resting() || addresses.isEmpty();
    }

    /** Whether a request for which there is nobody else may be sent here even so: it may be back, and asking costs little. */
    boolean worthAsking() {
        return !addresses.isEmpty() && full() == null && !health.slowToFail();
    }

    /** How it fares, for those who check it. */
    public EndpointHealth health() {
        return health;
    }

    /** An answer with that status came, by which it is judged. On that loop. */
    public void sample(int loop, int status, long nowNanos) {
        health.answered(loop, status, nowNanos);
    }

    /** A request was lost, or got no answer in time, before an answer began. On that loop. */
    public void failed(int loop, Failure failure, long nowNanos) {
        health.failed(loop, failure, nowNanos);
    }

    void connectSucceeded() {
        health.connectSucceeded();
    }

    void connectFailed(long nowNanos, Failure failure) {
        health.connectFailed(nowNanos, failure);
    }

    /** How long answers take at present, smoothed; 0 while nothing is known. */
    public long latencyNanos() {
        return latencyNanos;
    }

    @Override
    public long peakLatencyNanos(long nowNanos) {
        return peakLatency.nanos(nowNanos);
    }

    /** As {@link #answered}, for balancers that go by it. */
    public void timed(int status, long tookNanos, long nowNanos) {
        peakLatency.sample(tookNanos, nowNanos, status >= 500);
    }

    /** An answer began. On any loop; {@code tookNanos} is from when the request was sent. */
    public void answered(int status, long tookNanos) {
        AdaptiveLimit adapts = adaptive;
        if (adapts != null) {
            adapts.answered(tookNanos, System.nanoTime());
        }
        long known = latencyNanos;
        // Racing loops may lose a sample, which an average can bear.
        latencyNanos = known == 0 ? Math.max(tookNanos, 1) : Math.max(known + (tookNanos - known) / 8, 1);
    }

    // ---- connections ----

    /** What it chose last; it may choose otherwise for the next connection. */
    Spoken spoken() {
        return spoken;
    }

    void spoken(Spoken chosen) {
        if (spoken != chosen) {
            spoken = chosen;
        }
    }

    /** One more connection, whatever the limit. */
    void connectionOpens() {
        connections.getAndIncrement();
    }

    boolean tryOpenConnection() {
        return PoolLoad.tryIncrement(connections, settings.maxConnections());
    }

    void connectionClosed() {
        connections.getAndDecrement();
    }

    /** How long its connections may lie idle, as it has shown so far. */
    LearntIdle idleLimit() {
        return idleLimit;
    }

    /** One more waits for a connection; false when as many do as may, here or in the whole pool. */
    boolean tryWait() {
        if (!PoolLoad.tryIncrement(waiting, settings.maxQueued())) {
            return false;
        }
        if (!load.tryWait(settings.limits().poolQueued())) {
            waiting.getAndDecrement();
            return false;
        }
        return true;
    }

    /** One more waits, whatever the limit. */
    void waits() {
        waiting.getAndIncrement();
        load.waits(settings.limits().poolQueued());
    }

    void waitEnded() {
        waiting.getAndDecrement();
        load.waitEnded(settings.limits().poolQueued());
    }

    @Nullable
    ConnectionPool connectionPool(int loop) {
        return perLoop.get(loop);
    }

    void connectionPool(int loop, ConnectionPool pool) {
        perLoop.set(loop, pool);
    }

    int loops() {
        return perLoop.length();
    }

    /** Takes over what has been wanted of {@code before}, the same server with other settings, and where it is. */
    public void succeed(Endpoint before) {
        service.succeed(before.service);
        addresses = before.addresses;
        unresolvedReason = before.unresolvedReason;
    }

    /**
     * No configuration names it any more: connections that nobody uses close now, the others after their use. On any thread.
     */
    public void retire() {
        retired = true;
        closeIdle();
    }

    /** A configuration names it again. */
    public void revive() {
        retired = false;
    }

    private void closeIdle() {
        for (int loop = 0; loop < perLoop.length(); loop++) {
            ConnectionPool pool = perLoop.get(loop);
            if (pool != null) {
                pool.retire();
            }
        }
    }

    /** Whether connections close when nobody uses them. */
    boolean retired() {
        return retired || service.order() != null;
    }

    @Override
    public String toString() {
        return name;
    }
}
