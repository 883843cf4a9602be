package io.foregate.proxy.upstream;

import io.foregate.proxy.codec.HeadLimits;

/**
 * How a pool's endpoints are used.
 *
 * @param link what is spoken on connections to one
 * @param maxConnections to one endpoint, by the whole process
 * @param maxIdle kept connections to one endpoint, by each loop
 * @param idleNanos how long a connection is kept unused; shorter where the origin says so
 * @param maxQueued exchanges that may wait for a connection to one endpoint, in the whole process
 * @param queueNanos how long one may wait
 * @param responseLimits of the heads that endpoints answer with
 * @param limits how much there may be to do at a time
 */
public record PoolSettings(
        Link link,
        int maxConnections,
        int maxIdle,
        long idleNanos,
        int maxQueued,
        long queueNanos,
        HeadLimits responseLimits,
        Limits limits) {
    /** Without limits but those of connections. */
    public PoolSettings(
            Link link,
            int maxConnections,
            int maxIdle,
            long idleNanos,
            int maxQueued,
            long queueNanos,
            HeadLimits responseLimits) {
        this(link, maxConnections, maxIdle, idleNanos, maxQueued, queueNanos, responseLimits, Limits.NONE);
    }
}
