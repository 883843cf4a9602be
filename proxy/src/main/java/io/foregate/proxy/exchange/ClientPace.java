package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.MinRate;
import io.foregate.proxy.codec.Pace;
import io.foregate.proxy.codec.Taken;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.upstream.Timeouts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange's timer may wait while bodies flow, and whose fault it is when it has waited long enough: the idle timeout
 * holds for both sides, and within it the client has to keep to the listener's {@link MinRate} (see {@link Pace}). A body that the client couldn't send because we had stopped it, or an answer that isn't there yet, isn't held against it.
 *
 * <p>Owned by its exchange. Costs a comparison for each piece of a body; more only when a window ends.
 */
final class ClientPace {
    private static final byte[] GRPC = Octets.ascii("application/grpc");
    private static final int HTTP_2 = 20;

    private final LoopContext loop;
    private final AccessRecord record;
    private final Deadlines deadlines;
    private final Pace sender = new Pace();
    private final Pace reader = new Pace();
    private @Nullable Downstream client;
    private MinRate rate = MinRate.NONE;
    private boolean watchesUpload;
    private @Nullable Timeouts timeouts;
    private long idleDeadlineNanos;
    private long windowFromNanos;

    ClientPace(LoopContext loop, AccessRecord record, Deadlines deadlines) {
        this.loop = loop;
        this.record = record;
        this.deadlines = deadlines;
    }

    /** A request begins to be sent. */
    void begin(MinRate minRate, Timeouts limits, RequestHead head, Downstream from) {
        client = from;
        timeouts = limits;
        rate = minRate;
        watchesUpload = minRate.uploadPerSecond() > 0 && !isGrpc(head);
        windowFromNanos = loop.clock().nowNanos();
        sender.begin(windowFromNanos, record.requestBodyBytes, minRate.windowNanos());
    }

    // A gRPC stream is silent for as long as its application is; it has deadlines and pings of its own.
    private static boolean isGrpc(RequestHead head) {
        Headers headers = head.headers();
        int at = head.httpVersion() == HTTP_2 ? headers.find(HeaderName.CONTENT_TYPE) : -1;
        return at >= 0
                && headers.valueLength(at) >= GRPC.length
                && Octets.equalsIgnoreCase(headers.array(), headers.valueStart(at), GRPC.length, GRPC);
    }

    /** The answer is that of a call of gRPC, whose client takes messages when it likes to: only the idle timeout holds. */
    void unhurried() {
        rate = MinRate.NONE;
    }

    /** The window for the request's body begins anew: up to now the client had to wait for us. */
    void excuse() {
        windowFromNanos = loop.clock().nowNanos();
        sender.excuse(windowFromNanos, record.requestBodyBytes);
    }

    /** Waits for the rest of the request's body; something of it has just come. */
    void awaitUpload() {
        long idle = idleBegins();
        deadlines.enter(Phase.SEND, watchesUpload ? Math.min(idle, untilWindowEnds()) : idle);
    }

    private long untilWindowEnds() {
        return Math.max(windowFromNanos + rate.windowNanos() - loop.clock().nowNanos(), 1);
    }

    /** Waits for the rest of the answer, of which something has just come, or for the client to take it; in a tunnel, for anything. */
    void awaitDownload(boolean clientMayBeSlow) {
        if (deadlines.in(Phase.TUNNEL)) {
            deadlines.arm(Objects.requireNonNull(timeouts).tunnelNanos());
            return;
        }
        long idle = idleBegins();
        reader.reset();
        deadlines.arm(clientMayBeSlow ? downloadWindow() : idle);
    }

    private long downloadWindow() {
        long idle = idleNanos();
        return rate.downloadPerSecond() > 0 ? Math.min(idle, rate.windowNanos()) : idle;
    }

    private long idleBegins() {
        long idle = idleNanos();
        idleDeadlineNanos = idle == Long.MAX_VALUE ? idle : loop.clock().nowNanos() + idle;
        return idle;
    }

    private long untilIdle() {
        long idle = idleNanos();
        return idle == Long.MAX_VALUE ? idle : idleDeadlineNanos - loop.clock().nowNanos();
    }

    private long idleNanos() {
        return Objects.requireNonNull(timeouts).idleNanos();
    }

    /**
     * The timer has run out. Either the exchange has failed, or its timer runs again where it is to.
     *
     * @param clientStalled whether the client takes nothing of what waits for it
     * @param originStalled whether the client is stopped, since the origin takes nothing of what waits for it
     */
    @Nullable
    Failure due(HttpStream below, boolean clientStalled, boolean originStalled) {
        Phase phase = deadlines.phase();
        if (phase == Phase.SEND) {
            return uploadDue(originStalled);
        }
        if (phase == Phase.TRANSFER) {
            Taken taken = clientStalled ? below.taken() : null;
            return taken == null ? idleDue(clientStalled) : takingDue(taken);
        }
        return Stall.in(phase, clientStalled, originStalled);
    }

    private @Nullable Failure uploadDue(boolean originStalled) {
        if (originStalled) {
            excuse();
        } else if (watchesUpload && loop.clock().nowNanos() - windowFromNanos >= rate.windowNanos()) {
            windowFromNanos = loop.clock().nowNanos();
            if (!sender.endures(record.requestBodyBytes, windowFromNanos, rate.windowNanos(), rate.uploadPerSecond())) {
                return tooSlow(Defence.SLOW_BODY, Stall.client(true));
            }
        }
        long idle = untilIdle();
        if (idle <= 0) {
            return Stall.in(Phase.SEND, false, originStalled);
        }
        deadlines.arm(watchesUpload ? Math.min(idle, untilWindowEnds()) : idle);
        return null;
    }

    private @Nullable Failure takingDue(Taken taken) {
        long window = downloadWindow();
        boolean whole = window == rate.windowNanos();
        // Where the idle timeout is all that is asked for, any progress within it will do.
        if (!reader.endures(taken, loop.clock().nowNanos(), window, whole ? rate.downloadPerSecond() : 0)) {
            return tooSlow(Defence.SLOW_READ, Stall.client(false));
        }
        deadlines.arm(window);
        return null;
    }

    private @Nullable Failure idleDue(boolean clientStalled) {
        reader.reset();
        long idle = untilIdle();
        if (idle <= 0) {
            return Stall.in(Phase.TRANSFER, clientStalled, false);
        }
        deadlines.arm(idle);
        return null;
    }

    private Failure tooSlow(Defence defence, Failure failure) {
        loop.defences().tripped(defence, Objects.requireNonNull(client).peer(), failure.detail());
        return failure;
    }

    void clear() {
        client = null;
        timeouts = null;
        rate = MinRate.NONE;
        watchesUpload = false;
        reader.reset();
    }
}
