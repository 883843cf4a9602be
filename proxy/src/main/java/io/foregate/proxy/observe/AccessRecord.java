package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one exchange when it ends; logs, metrics and traces are made from it and from nothing else.
 *
 * <p>Mutable and reused: it belongs to its exchange, on one loop, and is lent to an {@link AccessSink} for the length of a
 * call. Times are of the loop's clock in nanoseconds; 0 means that the phase wasn't reached.
 */
public final class AccessRecord {
    private static final byte[] NONE = {};

    /** The phase in which an exchange ended or failed. */
    public enum Phase {
        READ_HEAD,
        ROUTE,
        FILTER,
        QUEUE,
        CONNECT,
        SEND,
        FIRST_BYTE,
        TRANSFER,
        TUNNEL,
        DONE
    }

    /** Null only when the head was never read whole. */
    public @Nullable RequestHead request;

    /** The target as the client sent it; a policy may have rewritten the request's own. */
    public int targetStart;

    public int targetLength;

    public long startEpochMillis;
    public long startNanos;
    /** When an upstream connection was first asked for. */
    public long queuedNanos;
    /** When the last attempt began to connect, or got a kept connection. */
    public long connectStartNanos;
    /** When the last attempt had its connection. */
    public long connectedNanos;
    /** When the first byte of the final answer came. */
    public long firstByteNanos;

    public long endNanos;

    public byte[] clientAddress = NONE;
    public final byte[] requestId = new byte[128];
    public int requestIdLength;
    public byte[] listener = NONE;
    public byte[] site = NONE;
    public byte[] route = NONE;
    public byte[] pool = NONE;
    public byte[] endpoint = NONE;

    /** Upstream attempts, hedges among them; 0 when no endpoint was asked. */
    public int attempts;
    /** Those that came to nothing. */
    public final LostAttempts lost = new LostAttempts();
    /** Whether a configuration that is tried served it, beside the one in force. */
    public boolean tried;
    /** Whether a second request went out beside the first. */
    public boolean hedged;
    /** Whether the last attempt went over a kept connection. */
    public boolean reusedConnection;
    /** What the client got; 0 when it got nothing. */
    public int status;
    /** What the origin answered; 0 when it didn't. */
    public int upstreamStatus;
    /** How a call of gRPC ended, for the client; -1 when it isn't one, or ended without a status. */
    public int grpcStatus = -1;

    /** For how long the request was held up on purpose, as a fault of its route wants it; 0 when it wasn't. */
    public long injectedDelayNanos;

    /** Where the head lies in the sample of its loop; 0 when it isn't in there. */
    public long sample;

    public long requestBodyBytes;
    public long responseBodyBytes;
    public Phase phase = Phase.READ_HEAD;
    /** Set when the exchange failed, even where a retry or an error answer came of it. */
    public @Nullable Failure failure;
    /** Where the exchange is counted when it has ended; null when no route was found. */
    public @Nullable Tally routeTally;
    /** Where it is counted, too; null when it was sent nowhere. */
    public @Nullable Tally poolTally;
    /** Where it is counted while two configurations are compared; mostly null. */
    public @Nullable SideTally sideTally;
    /** Among the groups of {@link SideTally}; of meaning where there is one. */
    public int clientGroup;
    /** In which step of a trial it began; of no meaning without one. */
    public int trialStep;

    public void clear() {
        request = null;
        targetStart = 0;
        targetLength = 0;
        startEpochMillis = 0;
        startNanos = 0;
        queuedNanos = 0;
        connectStartNanos = 0;
        connectedNanos = 0;
        firstByteNanos = 0;
        endNanos = 0;
        clientAddress = NONE;
        requestIdLength = 0;
        listener = NONE;
        site = NONE;
        route = NONE;
        pool = NONE;
        endpoint = NONE;
        attempts = 0;
        lost.clear();
        tried = false;
        hedged = false;
        reusedConnection = false;
        status = 0;
        upstreamStatus = 0;
        grpcStatus = -1;
        injectedDelayNanos = 0;
        sample = 0;
        requestBodyBytes = 0;
        responseBodyBytes = 0;
        phase = Phase.READ_HEAD;
        failure = null;
        routeTally = null;
        poolTally = null;
        sideTally = null;
        trialStep = 0;
    }
}
