package io.foregate.proxy.upstream;

/**
 * Limits of the upstream phases, in nanoseconds; {@link Long#MAX_VALUE} is none.
 *
 * @param connectNanos one connection attempt, name resolution excluded
 * @param firstByteNanos from the request's last byte (or the last progress of its body) to the answer's first
 * @param idleNanos between two reads of a body, either direction
 * @param tunnelNanos without a byte in either direction of an upgraded connection
 * @param totalNanos of the whole exchange from its head on, tunnels excepted
 */
public record Timeouts(long connectNanos, long firstByteNanos, long idleNanos, long tunnelNanos, long totalNanos) {}
