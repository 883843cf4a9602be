package io.foregate.proxy.route;

import io.foregate.proxy.upstream.Pool;
import org.jspecify.annotations.Nullable;

/**
 * A pool that gets copies of a route's requests, and whose answers nobody reads.
 *
 * @param meter counts, and outlives the snapshot
 */
public record TrafficMirror(Pool pool, Settings settings, MirrorMeter meter) {
    /**
     * What a copy may cost.
     *
     * @param share of the requests that are copied, in parts per million
     * @param timeoutNanos from the beginning of a copy to the end of its answer
     * @param bufferBytes that a copy's body may be behind the original; one that is further behind is cut off
     * @param host the Host that endpoints get, or null where the pool leaves that to the client or the endpoint
     */
    public record Settings(int share, long timeoutNanos, long bufferBytes, byte @Nullable [] host) {}

    /** Whether the next request is to be copied. On loop {@code loop}. */
    public boolean takes(int loop) {
        return meter.sampling().takes(loop, settings.share);
    }
}
