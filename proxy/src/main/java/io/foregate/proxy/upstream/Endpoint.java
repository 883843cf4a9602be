package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Octets;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of a pool: where it is, how it fares, and what is under way to it.
 *
 * <p>Thread-safe and long-lived: it outlives the snapshots that name it, so that health and connections survive a change of
 * configuration.
 */
public final class Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final long FIRST_REST_NANOS = 1_000_000_000L;
    private static final long LONGEST_REST_NANOS = 8_000_000_000L;

    /** The version of HTTP that an endpoint chose when it last had a choice. */
    enum Spoken {
        UNKNOWN,
        HTTP_1,
        HTTP_2
    }

    private final String name;
    private final byte[] nameBytes;
    private final byte[] hostBytes;
    private final int weight;
    private final PoolSettings settings;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger connectFailures = new AtomicInteger();
    // 0 while usable; else the nanoTime from which one request may try again.
    private final AtomicLong restUntilNanos = new AtomicLong();
    // When a failed connect last made the rest longer.
    private final AtomicLong countedNanos = new AtomicLong();
    private final AtomicReferenceArray<@Nullable ConnectionPool> perLoop;
    private volatile boolean slowToFail;
    private volatile Spoken spoken = Spoken.UNKNOWN;
    private volatile List<InetSocketAddress> addresses = List.of();
    private volatile String unresolvedReason = "not resolved yet";
    private volatile int preferredAddress;

    /**
     * @param name {@code host:port} as in the configuration
     * @param weight share among the pool's endpoints, at least 1
     * @param loops how many event loops there are
     */
    public Endpoint(String name, int weight, PoolSettings settings, int loops) {
        this.name = name;
        this.nameBytes = Octets.ascii(name);
        this.hostBytes = Octets.ascii(host(name, settings.link().tls() == null ? ":80" : ":443"));
        this.weight = weight;
        this.settings = settings;
        this.perLoop = new AtomicReferenceArray<>(loops);
    }

    public String name() {
        return name;
    }

    /** The name for log lines; not to be changed. */
    public byte[] nameBytes() {
        return nameBytes;
    }

    /** The name as a Host field has it: without the port where that is the scheme's own. Not to be changed. */
    public byte[] hostBytes() {
        return hostBytes;
    }

    private static String host(String name, String ownPort) {
        return name.endsWith(ownPort) ? name.substring(0, name.length() - ownPort.length()) : name;
    }

    public int weight() {
        return weight;
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
        addresses = List.copyOf(found);
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

    /** Exchanges under way to this endpoint, in the whole process. */
    public int inFlight() {
        return inFlight.get();
    }

    public void exchangeBegins() {
        inFlight.getAndIncrement();
    }

    public void exchangeEnds() {
        inFlight.getAndDecrement();
    }

    /** Open or opening connections, in the whole process. */
    public int connections() {
        return connections.get();
    }

    /** Exchanges that wait for a connection, in the whole process. */
    public int waiting() {
        return waiting.get();
    }

    // ---- health as connecting shows it ----

    /** Whether a request may be sent here. After a rest, one request at a time finds out whether the endpoint is back. */
    public boolean available(long nowNanos) {
        if (addresses.isEmpty()) {
            return false;
        }
        long until = restUntilNanos.get();
        return until == 0
                || (nowNanos - until >= 0 && restUntilNanos.compareAndSet(until, nowNanos + FIRST_REST_NANOS));
    }

    /** Whether {@link #available} may say yes; claims nothing. */
    boolean usable(long nowNanos) {
        long until = restUntilNanos.get();
        return (until == 0 || nowNanos - until >= 0) && !addresses.isEmpty();
    }

    /** Whether requests are kept from here, unlike {@link #available} without claiming the next try. */
    public boolean resting() {
        return restUntilNanos.get() != 0 || addresses.isEmpty();
    }

    void connectSucceeded() {
        if (restUntilNanos.get() != 0) {
            connectFailures.set(0);
            if (restUntilNanos.getAndSet(0) != 0) {
                LOG.info("endpoint {} can be reached again", name);
            }
        }
    }

    /** Whether a request for which there is nobody else may be sent here even so: it may be back, and asking costs little. */
    boolean worthAsking() {
        return !addresses.isEmpty() && !slowToFail;
    }

    void connectFailed(long nowNanos, Failure failure) {
        slowToFail = failure.kind() == Failure.Kind.CONNECT_TIMEOUT || failure.kind() == Failure.Kind.TLS_TIMEOUT;
        long counted = countedNanos.get();
        boolean resting = restUntilNanos.get() != 0;
        // Requests that fail together have found out one thing, not many.
        if (resting && nowNanos - counted < FIRST_REST_NANOS / 2 || !countedNanos.compareAndSet(counted, nowNanos)) {
            return;
        }
        int failures = Math.min(connectFailures.getAndIncrement(), 8);
        long rest = Math.min(FIRST_REST_NANOS << failures, LONGEST_REST_NANOS);
        // 0 means usable.
        if (restUntilNanos.getAndSet((nowNanos + rest) | 1) == 0) {
            LOG.warn("endpoint {} can't be reached: {}; requests go elsewhere until it can", name, failure.detail());
        }
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
        return tryIncrement(connections, settings.maxConnections());
    }

    void connectionClosed() {
        connections.getAndDecrement();
    }

    boolean tryWait() {
        return tryIncrement(waiting, settings.maxQueued());
    }

    /** One more waits, whatever the limit. */
    void waits() {
        waiting.getAndIncrement();
    }

    // Never above the limit, not even for a moment in which another loop would take the limit for reached.
    private static boolean tryIncrement(AtomicInteger count, int limit) {
        for (int current = count.get(); current < limit; current = count.get()) {
            if (count.compareAndSet(current, current + 1)) {
                return true;
            }
        }
        return false;
    }

    void waitEnded() {
        waiting.getAndDecrement();
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

    @Override
    public String toString() {
        return name;
    }
}
