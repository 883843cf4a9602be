package io.foregate.tests.support;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Octets;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.LostAttempts;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy recorded of one exchange.
 *
 * @param loop the event loop that it ran on
 * @param lost how many attempts came to nothing
 * @param retryStopped why there was no other after them
 * @param grpcStatus of a call of gRPC; -1 when it ended without one
 * @param bytes of the answer's body
 */
public record Seen(
        int loop,
        int status,
        int grpcStatus,
        AccessRecord.Phase phase,
        Failure.@Nullable Kind failure,
        Failure.@Nullable Source source,
        String endpoint,
        int attempts,
        boolean reused,
        boolean hedged,
        int lost,
        LostAttempts.End retryStopped,
        long bytes) {
    static Seen of(int loop, AccessRecord record) {
        Failure failure = record.failure;
        return new Seen(
                loop,
                record.status,
                record.grpcStatus,
                record.phase,
                failure == null ? null : failure.kind(),
                failure == null ? null : failure.source(),
                Octets.string(record.endpoint, 0, record.endpoint.length),
                record.attempts,
                record.reusedConnection,
                record.hedged,
                record.lost.count(),
                record.lost.end(),
                record.responseBodyBytes);
    }
}
