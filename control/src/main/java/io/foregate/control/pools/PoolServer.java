package io.foregate.control.pools;

import io.foregate.proxy.upstream.Endpoint;

/**
 * A server of a pool, as the configuration or discovery has it.
 *
 * @param weight its share of the requests, at least 1, unless somebody has set another one at run time
 * @param priority lower ones come first; {@link io.foregate.proxy.balance.Share#BACKUP} when all others are down
 * @param zone where it is; empty when nobody said
 */
public record PoolServer(Endpoint endpoint, int weight, int priority, String zone) {
    /** One like most. */
    public PoolServer(Endpoint endpoint, int weight) {
        this(endpoint, weight, 0, "");
    }
}
