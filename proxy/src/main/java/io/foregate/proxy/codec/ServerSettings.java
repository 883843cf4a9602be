package io.foregate.proxy.codec;

/**
 * What a downstream connection allows; nanoseconds.
 *
 * @param headTimeoutNanos from a request head's first byte to its last; also for the first byte of a new connection
 * @param keepAliveNanos how long a connection may be idle between requests
 * @param lingerNanos how long what a client still sends is read and dropped after the last answer
 * @param minRate how fast a client has to take what is left of an answer once its exchange is over
 */
public record ServerSettings(
        HeadLimits limits, long headTimeoutNanos, long keepAliveNanos, long lingerNanos, MinRate minRate) {}
