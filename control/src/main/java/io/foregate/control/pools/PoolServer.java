package io.foregate.control.pools;

import io.foregate.proxy.upstream.Endpoint;

/**
 * A server of a pool, as the configuration or discovery has it.
 *
 * @param weight its share of the requests, at least 1, unless somebody has set another one at run time
 */
public record PoolServer(Endpoint endpoint, int weight) {}
