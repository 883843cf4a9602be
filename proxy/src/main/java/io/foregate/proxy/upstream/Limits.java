package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/**
 * How much a pool and each of its endpoints may have to do at a time, counted over the whole process; {@link Integer#MAX_VALUE}
 * is no limit, and then nothing is counted.
 *
 * @param requests under way at one endpoint, those included that wait for a connection
 * @param poolRequests under way in the whole pool
 * @param poolQueued waiting for a connection in the whole pool
 * @param poolRetries retries under way in the whole pool
 * @param adaptive how the number of requests that one endpoint may have to answer is found by itself; null when it isn't
 */
public record Limits(
        int requests,
        int poolRequests,
        int poolQueued,
        int poolRetries,
        @Nullable Adaptive adaptive) {
    public static final Limits NONE =
            new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, null);

    /**
     * The bounds within which the number of requests that one endpoint may have to answer is found.
     *
     * @param min the least that it falls to
     * @param max the most that it grows to
     * @param tolerance how many times as long as at rest answers may take, at least 2
     */
    public record Adaptive(int min, int max, int tolerance) {}
}
