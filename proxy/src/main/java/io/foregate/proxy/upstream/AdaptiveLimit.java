package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests an endpoint may have to answer at a time, found from how long its answers take: as many as it answers in not
 * much more time than when it has little to do. What is beyond would only wait, there or here.
 *
 * <p>Answers are gathered into windows of a fifth of a second at least, and of twenty answers at least. Of each window the median
 * counts, so neither a few slow answers nor one slow route among several moves the limit. It is compared with the base, the
 * median while the endpoint isn't crowded:
 * <ul>
 *   <li>up to {@link Limits.Adaptive#tolerance} times the base, the limit grows by its square root for each window in which at least
 *       half of it was in use, and doubles until it has been too high for the first time;
 *   <li>beyond that it falls in proportion, by half at most.
 * </ul>
 * The base falls with any faster window. It rises only while less than half of the limit is in use, for otherwise the queue that the
 * limit allows would be taken for the endpoint's own slowness; where answers stay slow for ten seconds the limit is
 * therefore lowered to a quarter for two windows, which shows what they take without a queue. The ideas are those of TCP Vegas, of
 * Netflix's concurrency-limits and of Envoy's adaptive concurrency.
 *
 * <p>Counted is what waits for an answer's head: long downloads and tunnels don't crowd anybody. An exchange that ends without
 * an answer counts as an answer if it waited longer than answers should take, for else the slowest were never seen.
 *
 * <p>Thread-safe, without locks; a window is closed by whoever brings the answer that ends it. Costs two atomic increments and a
 * look at the clock for each request. Lives as long as its endpoint.
 */
final class AdaptiveLimit {
    private static final int FIRST = 16;
    private static final int LEAST_ANSWERS = 20;
    private static final long LEAST_SPAN_NANOS = 200_000_000L;
    private static final long MOST_SPAN_NANOS = 5_000_000_000L;
    private static final long PROBE_AFTER_NANOS = 10_000_000_000L;
    private static final double CONFIRMS = 1.25;
    private static final long CLOSING = Long.MAX_VALUE;

    private final Limits.Adaptive settings;
    private final AtomicInteger unanswered = new AtomicInteger();
    private final LatencyHistogram window = new LatencyHistogram();
    // When the window may end; CLOSING while somebody closes it.
    private final AtomicLong windowEndNanos;
    private volatile int limit;
    // The most that was in use in this window. Loops that race may miss one, which doesn't matter.
    private volatile int peak;

    // From here on touched only by who closes a window; the next one sees it through windowEndNanos.
    private double estimate;
    private long baseNanos;
    private long confirmedNanos;
    private boolean growsFast = true;
    private int probeWindows;
    private double beforeProbe;

    AdaptiveLimit(Limits.Adaptive settings, long nowNanos) {
        this.settings = settings;
        this.estimate = clamp(FIRST);
        this.limit = (int) estimate;
        this.confirmedNanos = nowNanos;
        this.windowEndNanos = new AtomicLong(nowNanos + LEAST_SPAN_NANOS);
    }

    int limit() {
        return limit;
    }

    int unanswered() {
        return unanswered.get();
    }

    boolean full() {
        return unanswered.get() >= limit;
    }

    boolean tryBegin() {
        int now = unanswered.incrementAndGet();
        if (now > limit) {
            unanswered.getAndDecrement();
            return false;
        }
        if (now > peak) {
            peak = now;
        }
        return true;
    }

    /** An answer began, {@code tookNanos} after its request was sent. */
    void answered(long tookNanos, long nowNanos) {
        unanswered.getAndDecrement();
        window.add(tookNanos);
        endWindow(nowNanos);
    }

    /** There will be no answer to a request, which was sent {@code waitedNanos} ago; 0 when it never was. */
    void ended(long waitedNanos, long nowNanos) {
        unanswered.getAndDecrement();
        if (waitedNanos > LEAST_SPAN_NANOS) {
            window.addIfSlow(waitedNanos);
            endWindow(nowNanos);
        }
    }

    private void endWindow(long nowNanos) {
        long end = windowEndNanos.get();
        if (end == CLOSING || nowNanos - end < 0 || !windowEndNanos.compareAndSet(end, CLOSING)) {
            return;
        }
        long span = LEAST_SPAN_NANOS;
        if (window.close(LEAST_ANSWERS)) {
            long median = window.medianNanos();
            adapt(median, nowNanos);
            // Long enough for the answers of the next one to be those of its own requests.
            span = Math.clamp(2 * median, LEAST_SPAN_NANOS, MOST_SPAN_NANOS);
            window.slowFrom(baseNanos * settings.tolerance());
        }
        windowEndNanos.set(nowNanos + span);
    }

    private void adapt(long medianNanos, long nowNanos) {
        int used = peak;
        peak = unanswered.get();
        if (probeWindows > 0) {
            probe(medianNanos, nowNanos);
            return;
        }
        boolean crowded = used * 2 >= limit;
        learnBase(medianNanos, nowNanos, crowded);
        double gradient = Math.clamp((double) settings.tolerance() * baseNanos / medianNanos, 0.5, 1.0);
        if (gradient < 1.0) {
            growsFast = false;
            set(estimate * (1 + gradient) / 2);
        } else if (crowded) {
            set(growsFast ? estimate * 2 : estimate + Math.sqrt(estimate));
        }
        if (crowded && nowNanos - confirmedNanos > PROBE_AFTER_NANOS) {
            // One window to empty the endpoint's queue, one to measure.
            probeWindows = 2;
            beforeProbe = estimate;
            set(estimate / 4);
        }
    }

    private void learnBase(long medianNanos, long nowNanos, boolean crowded) {
        if (baseNanos == 0) {
            baseNanos = medianNanos;
        } else if (medianNanos < baseNanos) {
            baseNanos -= (baseNanos - medianNanos) / 2;
        } else if (!crowded) {
            baseNanos += (medianNanos - baseNanos) / 8;
        }
        baseNanos = Math.max(baseNanos, 1);
        if (!crowded || medianNanos <= baseNanos * CONFIRMS) {
            confirmedNanos = nowNanos;
        }
    }

    private void probe(long medianNanos, long nowNanos) {
        if (--probeWindows == 0) {
            baseNanos = Math.max(medianNanos, 1);
            confirmedNanos = nowNanos;
            set(beforeProbe);
        }
    }

    private void set(double wanted) {
        estimate = clamp(wanted);
        limit = (int) estimate;
    }

    private double clamp(double wanted) {
        return Math.clamp(wanted, settings.min(), settings.max());
    }
}
