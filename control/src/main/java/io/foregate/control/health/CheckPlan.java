package io.foregate.control.health;

import io.foregate.control.config.model.StatusRange;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of a pool are checked. Immutable.
 *
 * @param what is asked
 * @param pace how often, and for how long
 * @param rise how many in a row must pass
 * @param fall how many in a row must fail
 * @param place where they are asked
 * @param waits whether an endpoint gets no requests before its first check
 */
public record CheckPlan(Question what, Pace pace, int rise, int fall, Place place, boolean waits) {
    /** How often an endpoint is asked, and how long it may take to answer. */
    public record Pace(long intervalNanos, long timeoutNanos) {}

    /**
     * Where an endpoint is asked.
     *
     * @param port instead of its own; 0 is its own
     * @param plain whether no TLS is spoken whatever requests do
     */
    public record Place(int port, boolean plain) {}

    /** What an endpoint is asked. */
    public sealed interface Question {}

    /** Whether it takes connections. */
    public record Tcp() implements Question {}

    /**
     * What it answers to a request.
     *
     * @param host of the request; null for the endpoint's name
     * @param statuses that are good
     * @param body that has to be in the answer, or null
     */
    public record Http(
            String method,
            String target,
            @Nullable String host,
            List<StatusRange> statuses,
            @Nullable String body) implements Question {
        boolean accepts(int status) {
            return statuses.stream().anyMatch(range -> range.contains(status));
        }

        String accepted() {
            return statuses.stream().map(StatusRange::toString).collect(Collectors.joining(", "));
        }
    }

    /** What the health service of gRPC says of a service; empty for the server as a whole. */
    public record Grpc(String service) implements Question {}
}
