package io.foregate.proxy.route;

import java.util.BitSet;

/**
 * What may be sent again, when, and how often.
 *
 * @param tries how many servers may be sent one request, at least 1; what no server can have acted on isn't counted, nor is a hedge
 * @param on what of an attempt's ends are followed by another
 * @param anyMethod whether requests are repeated whose method isn't idempotent
 * @param tryNanos how long the answer of one attempt is waited for when another may follow; {@link Long#MAX_VALUE} for as long as the last
 * @param bodyBytes the most of a body that is kept for sending it again
 * @param backoff how long to wait before a server is asked again
 * @param budget how many repeats there may be
 * @param hedge when a second request goes out beside the first
 */
public record RetryPolicy(
        int tries,
        On on,
        boolean anyMethod,
        long tryNanos,
        int bodyBytes,
        Backoff backoff,
        Budget budget,
        Hedge hedge) {
    /** The plainest: so many tries, of what can be repeated without doing more than once, when a server or connection is lost. */
    public static RetryPolicy of(int tries) {
        return new RetryPolicy(
                tries,
                new On(true, true, true, new BitSet(), new BitSet()),
                false,
                Long.MAX_VALUE,
                64 * 1024,
                new Backoff(25_000_000L, 250_000_000L, 2_000_000_000L),
                new Budget(20, 10),
                Hedge.OFF);
    }

    /**
     * The ends of an attempt that are followed by another.
     *
     * @param connect no server has seen the request
     * @param reset the connection or stream was lost before an answer began
     * @param timeout the answer didn't begin within the try's time
     * @param statuses of answers; not to be changed
     * @param grpcStatuses of calls that were answered with nothing but a status; not to be changed
     */
    public record On(boolean connect, boolean reset, boolean timeout, BitSet statuses, BitSet grpcStatuses) {}

    /**
     * Waits between two requests to one server are random, from nothing to a bound that doubles.
     *
     * @param firstNanos the bound of the first wait
     * @param mostNanos where doubling ends
     * @param mostRetryAfterNanos the longest Retry-After of a server that is waited for
     */
    public record Backoff(long firstNanos, long mostNanos, long mostRetryAfterNanos) {}

    /**
     * How many repeats the pool's requests allow, as {@code RetryBudget} counts them.
     *
     * @param percent of the requests, or {@code RetryBudget.UNLIMITED}
     * @param leastPerSecond how many however few requests there are
     */
    public record Budget(int percent, int leastPerSecond) {}

    /**
     * When a second request goes out beside one that isn't answered: after a fixed time, or the time that so many answers of a hundred
     * don't take.
     *
     * @param afterNanos 0 where {@code percentile} says it, {@link Long#MAX_VALUE} for never
     * @param percentile 1 to 99, or 0
     */
    public record Hedge(long afterNanos, int percentile) {
        public static final Hedge OFF = new Hedge(Long.MAX_VALUE, 0);

        public boolean off() {
            return afterNanos == Long.MAX_VALUE;
        }
    }
}
