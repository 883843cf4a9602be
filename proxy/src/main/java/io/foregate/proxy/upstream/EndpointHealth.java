package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an endpoint fares, as connecting to it shows. One that can't be reached rests, and then one request at a time finds out
 * whether it is back. Thread-safe.
 */
final class EndpointHealth {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointHealth.class);
    private static final long FIRST_REST_NANOS = 1_000_000_000L;
    private static final long LONGEST_REST_NANOS = 8_000_000_000L;

    private final String name;
    private final AtomicInteger connectFailures = new AtomicInteger();
    // 0 while usable; else the nanoTime from which one request may try again.
    private final AtomicLong restUntilNanos = new AtomicLong();
    // When a failed connect last made the rest longer.
    private final AtomicLong countedNanos = new AtomicLong();
    private volatile boolean slowToFail;
    private volatile long sinceNanos = System.nanoTime();

    EndpointHealth(String name) {
        this.name = name;
    }

    /** Whether a request may be sent. After a rest, this claims the one try. */
    boolean available(long nowNanos) {
        long until = restUntilNanos.get();
        return until == 0
                || (nowNanos - until >= 0 && restUntilNanos.compareAndSet(until, nowNanos + FIRST_REST_NANOS));
    }

    /** Whether {@link #available} may say yes; claims nothing. */
    boolean usable(long nowNanos) {
        long until = restUntilNanos.get();
        return until == 0 || nowNanos - until >= 0;
    }

    EndpointStatus status() {
        return resting()
                ? new EndpointStatus(EndpointState.DOWN, "can't be reached", sinceNanos)
                : new EndpointStatus(EndpointState.UP, "", sinceNanos);
    }

    boolean resting() {
        return restUntilNanos.get() != 0;
    }

    /** Whether it takes long to fail, so that asking even so costs much. */
    boolean slowToFail() {
        return slowToFail;
    }

    void connectSucceeded() {
        if (restUntilNanos.get() != 0) {
            connectFailures.set(0);
            if (restUntilNanos.getAndSet(0) != 0) {
                sinceNanos = System.nanoTime();
                LOG.info("endpoint {} can be reached again", name);
            }
        }
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
            sinceNanos = nowNanos;
            LOG.warn("endpoint {} can't be reached: {}; requests go elsewhere until it can", name, failure.detail());
        }
    }
}
