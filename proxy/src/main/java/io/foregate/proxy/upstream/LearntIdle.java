package io.foregate.proxy.upstream;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long an origin lets kept connections lie idle, as seen from its closing them. Most don't announce it, and a request that
 * meets the closing has to be sent again or, where that isn't safe, is lost: so connections are given up a little earlier.
 *
 * <p>Origins close idle connections for other reasons, too, when they restart above all. So what is believed is an age that was
 * seen three times in a row, at different moments and within a quarter of each other; one that a request met counts twice. A
 * connection that was older and still served says otherwise. What was learnt is forgotten slowly: within an hour the time
 * doubles, and the origin has the occasion to show whether it still holds.
 *
 * <p>Thread-safe; what may be asked for each request is one volatile read. Lives as long as its endpoint.
 */
final class LearntIdle {
    /** Ages below this have other reasons: a limit of requests for each connection, a race with an answer's end. */
    static final long LEAST_NANOS = 500_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(LearntIdle.class);
    private static final long SAME_MOMENT_NANOS = 100_000_000L;
    private static final long FORGET_NANOS = 3_600_000_000_000L;
    private static final long MOST_MARGIN_NANOS = 1_000_000_000L;
    private static final int BELIEVED = 3;
    private static final int SEEN = 1;
    private static final int MET = 2;

    /**
     * What is known. Immutable.
     *
     * @param timeoutNanos after which the origin closes; {@link Long#MAX_VALUE} while nothing is believed
     * @param confirmedNanos when that was last seen
     * @param suspectNanos an age that may become it; 0 when there is none
     * @param weight how much speaks for the suspect
     * @param suspectedNanos when it was last seen
     */
    private record Known(long timeoutNanos, long confirmedNanos, long suspectNanos, int weight, long suspectedNanos) {}

    private final String name;
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(Long.MAX_VALUE, 0, 0, 0, 0));
    // A connection that still serves at this age contradicts what is suspected or believed.
    private volatile long contradictedFromNanos = Long.MAX_VALUE;

    LearntIdle(String name) {
        this.name = name;
    }

    /** How long an idle connection may be kept; {@link Long#MAX_VALUE} while nothing is known against it. */
    long holdNanos(long nowNanos) {
        Known current = Objects.requireNonNull(known.get());
        if (current.timeoutNanos == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long hold = hold(current.timeoutNanos);
        long sinceNanos = Math.clamp(nowNanos - current.confirmedNanos, 0, FORGET_NANOS * 24);
        return hold + (long) ((double) hold * sinceNanos / FORGET_NANOS);
    }

    // A quarter for short times, a second for usual ones, an eighth for long ones: a network's delay, and servers that
    // look at their
    // connections only now and then.
    private static long hold(long timeoutNanos) {
        return timeoutNanos - Math.max(timeoutNanos / 8, Math.min(timeoutNanos / 4, MOST_MARGIN_NANOS));
    }

    /** The origin closed a connection that had lain idle for so long. */
    void closed(long idledNanos, long nowNanos) {
        observe(idledNanos, SEEN, nowNanos);
    }

    /** A request met the closing of a connection that had lain idle for so long. */
    void met(long idledNanos, long nowNanos) {
        observe(idledNanos, MET, nowNanos);
    }

    /** A connection that had lain idle for so long still served. */
    void served(long idledNanos, long nowNanos) {
        if (idledNanos < contradictedFromNanos) {
            return;
        }
        Known current = Objects.requireNonNull(known.get());
        boolean longer = current.timeoutNanos != Long.MAX_VALUE && idledNanos > current.timeoutNanos;
        long timeout = longer ? idledNanos : current.timeoutNanos;
        replace(current, new Known(timeout, longer ? nowNanos : current.confirmedNanos, 0, 0, 0));
    }

    private void observe(long idledNanos, int weight, long nowNanos) {
        Known current = Objects.requireNonNull(known.get());
        if (idledNanos < LEAST_NANOS) {
            return;
        }
        if (current.timeoutNanos != Long.MAX_VALUE && idledNanos >= current.timeoutNanos - current.timeoutNanos / 4) {
            // Seen again, or later than was thought. Up it goes in steps, down at once.
            long timeout = idledNanos < current.timeoutNanos
                    ? idledNanos
                    : current.timeoutNanos + (idledNanos - current.timeoutNanos) / 4;
            replace(current, new Known(timeout, nowNanos, 0, 0, 0));
            return;
        }
        long suspect = current.suspectNanos;
        if (suspect != 0 && nowNanos - current.suspectedNanos < SAME_MOMENT_NANOS) {
            // Of connections that end together only the first says something of its age.
            return;
        }
        boolean again = suspect != 0 && Math.abs(idledNanos - suspect) <= suspect / 4;
        int all = again ? current.weight + weight : weight;
        long least = again ? Math.min(suspect, idledNanos) : idledNanos;
        if (all < BELIEVED) {
            replace(current, new Known(current.timeoutNanos, current.confirmedNanos, least, all, nowNanos));
        } else if (replace(current, new Known(least, nowNanos, 0, 0, 0))) {
            LOG.info(
                    "endpoint {} closes connections that lie idle for {} ms; from now on they are given up after {} ms",
                    name,
                    least / 1_000_000,
                    hold(least) / 1_000_000);
        }
    }

    // Whoever comes second has seen nothing that won't be seen again.
    private boolean replace(Known current, Known next) {
        if (!known.compareAndSet(current, next)) {
            return false;
        }
        long least = Math.min(next.timeoutNanos, next.suspectNanos == 0 ? Long.MAX_VALUE : next.suspectNanos);
        contradictedFromNanos = least == Long.MAX_VALUE ? least : least + least / 4;
        return true;
    }
}
