package io.foregate.proxy.exchange;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.MinRate;
import io.foregate.proxy.codec.SlowReader;
import io.foregate.proxy.codec.Taken;
import org.jspecify.annotations.Nullable;

/**
 * How long the exchange's timer may wait while it waits for its client, and whether the client is too slow when it is over: the
 * idle timeout, and within it the listener's {@link MinRate}, measured over windows one behind the other. A body that the client
 * couldn't send because we had stopped it, or an answer that isn't there yet, isn't held against it.
 *
 * <p>Owned by its exchange. Costs a comparison for each piece of a body; more only when a window ends.
 */
final class ClientPace {
    /** What a timeout means. */
    enum Verdict {
        /** Nothing yet: {@link #leftNanos} more. */
        WAIT,
        IDLE,
        TOO_SLOW
    }

    private static final byte[] GRPC = Octets.ascii("application/grpc");
    private static final int HTTP_2 = 20;

    private final SlowReader reader = new SlowReader();
    private MinRate rate = MinRate.NONE;
    private boolean watchesUpload;
    private long idleDeadlineNanos;
    private long windowFromNanos;
    private long bytesBefore;
    private long leftNanos;

    /** A request begins to be sent, of which {@code bytes} have come. */
    void begin(MinRate minRate, RequestHead head, long nowNanos, long bytes) {
        rate = minRate;
        watchesUpload = minRate.uploadPerSecond() > 0 && !isGrpc(head);
        excuse(nowNanos, bytes);
    }

    // A gRPC stream is silent for as long as its application is; it has deadlines and pings of its own.
    private static boolean isGrpc(RequestHead head) {
        Headers headers = head.headers();
        int at = head.httpVersion() == HTTP_2 ? headers.find(HeaderName.CONTENT_TYPE) : -1;
        return at >= 0
                && headers.valueLength(at) >= GRPC.length
                && Octets.equalsIgnoreCase(headers.array(), headers.valueStart(at), GRPC.length, GRPC);
    }

    /** The window begins anew: up to now the client had to wait for us. */
    void excuse(long nowNanos, long bytes) {
        windowFromNanos = nowNanos;
        bytesBefore = bytes;
    }

    /** The client has sent something; returns how long to wait for more. */
    long afterUpload(long nowNanos, long idleNanos) {
        idleDeadlineNanos = deadline(nowNanos, idleNanos);
        return watchesUpload ? Math.min(idleNanos, untilWindowEnds(nowNanos)) : idleNanos;
    }

    private long untilWindowEnds(long nowNanos) {
        return Math.max(windowFromNanos + rate.windowNanos() - nowNanos, 1);
    }

    /** The time to wait for a body is over. */
    Verdict uploadDue(long nowNanos, long bytes, boolean stoppedByUs) {
        if (stoppedByUs) {
            excuse(nowNanos, bytes);
        } else if (watchesUpload && nowNanos - windowFromNanos >= rate.windowNanos()) {
            if (bytes - bytesBefore < rate.uploadBytes()) {
                return Verdict.TOO_SLOW;
            }
            excuse(nowNanos, bytes);
        }
        long idle = untilIdle(nowNanos);
        leftNanos = watchesUpload ? Math.min(idle, untilWindowEnds(nowNanos)) : idle;
        return idle <= 0 ? Verdict.IDLE : Verdict.WAIT;
    }

    /** The origin has sent something; returns how long to wait for more, or, when the client keeps it waiting, for the client. */
    long afterDownload(long nowNanos, long idleNanos, boolean clientMayBeSlow) {
        idleDeadlineNanos = deadline(nowNanos, idleNanos);
        reader.reset();
        return clientMayBeSlow ? Math.min(idleNanos, window(idleNanos)) : idleNanos;
    }

    private long window(long idleNanos) {
        return rate.downloadPerSecond() > 0 ? rate.windowNanos() : idleNanos;
    }

    /** The time to wait for the origin, or for the client when it is stalled, is over. */
    Verdict downloadDue(long nowNanos, long idleNanos, boolean clientStalled, @Nullable Taken taken) {
        if (clientStalled && taken != null) {
            long window = Math.min(idleNanos, window(idleNanos));
            long least = rate.downloadPerSecond() > 0 && window == rate.windowNanos() ? rate.downloadBytes() : 1;
            leftNanos = window;
            return reader.endures(taken, nowNanos, window, least) ? Verdict.WAIT : Verdict.TOO_SLOW;
        }
        reader.reset();
        leftNanos = untilIdle(nowNanos);
        return leftNanos <= 0 ? Verdict.IDLE : Verdict.WAIT;
    }

    /** How much longer to wait, after {@link Verdict#WAIT}. */
    long leftNanos() {
        return leftNanos;
    }

    private long untilIdle(long nowNanos) {
        return idleDeadlineNanos == Long.MAX_VALUE ? Long.MAX_VALUE : idleDeadlineNanos - nowNanos;
    }

    private static long deadline(long nowNanos, long limitNanos) {
        return limitNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nowNanos + limitNanos;
    }

    void clear() {
        rate = MinRate.NONE;
        watchesUpload = false;
        reader.reset();
    }
}
