package io.foregate.proxy.route;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * A fault that some requests of a route meet, on purpose. A request may be delayed, and then still be aborted.
 *
 * @param onlyWith the header field that a request needs to meet it, or null when all may
 */
public record TrafficFault(
        @Nullable HeaderName onlyWith,
        @Nullable Delay delay,
        @Nullable Abort abort) {
    /**
     * Requests wait.
     *
     * @param nanos for how long
     * @param share of the requests, in parts per million
     */
    public record Delay(long nanos, int share, Sampling sampling) {
        /** Whether the next one waits. On loop {@code loop}. */
        public boolean strikes(int loop) {
            return sampling.takes(loop, share);
        }
    }

    /**
     * Requests are answered with an error, or not at all.
     *
     * @param status of the answer; 0 when there is none, and the stream or connection is reset
     * @param grpcStatus that calls of gRPC end with; -1 for the one that goes with {@code status}
     * @param share of the requests, in parts per million
     */
    public record Abort(int status, int grpcStatus, int share, Sampling sampling) {
        /** Whether the next one is aborted. On loop {@code loop}. */
        public boolean strikes(int loop) {
            return sampling.takes(loop, share);
        }

        public boolean resets() {
            return status == 0;
        }
    }

    /** Whether a request may meet it at all. */
    public boolean concerns(RequestHead head) {
        return onlyWith == null || head.headers().contains(onlyWith);
    }
}
