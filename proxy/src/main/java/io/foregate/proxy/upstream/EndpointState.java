package io.foregate.proxy.upstream;

/** How it stands with an endpoint, all told: what somebody wants of it, and how it fares. */
public enum EndpointState {
    UP,
    DOWN,
    /** Gets nothing new, but for what sticks to it where that was asked for, and finishes what it has. */
    DRAINING,
    /** Taken out of service by somebody. Gets nothing new at all. */
    MAINTENANCE,
    /** Nobody has found out yet. */
    UNKNOWN
}
