package io.foregate.proxy.balance;

/**
 * A member, and its part in the pool.
 *
 * @param weight share of the requests against the weights of the others, at least 1
 */
public record Share(Member member, int weight) {}
