package io.foregate.proxy.upstream;

/**
 * The state of an endpoint at one time.
 *
 * @param reason why, in words for people; empty where there is nothing to say
 * @param sinceNanos when it came into this state, as {@link System#nanoTime()} has it
 */
public record EndpointStatus(EndpointState state, String reason, long sinceNanos) {}
