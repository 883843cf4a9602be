package io.foregate.proxy.exchange;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.observe.AccessRecord;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Waiter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A second request at another endpoint beside one that takes long. The first answer wins, and the other request is reset; an error
 * doesn't win as long as the other may still do better. When the first request is lost, this one takes its place.
 *
 * <p>Owned by its exchange's {@link Attempts}; made when one is first needed, and reused.
 */
final class Hedge implements Waiter, StreamHandler, Timer.Target {
    private static final Failure OUTRUN = Failure.proxy(Failure.Kind.CANCELLED, "another server answered first");
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_ERROR = 500;

    private final Attempts attempts;
    private final Exchange exchange;
    private final LoopContext loop;
    private final Timer timer = new Timer(this);
    private final Attempt attempt;
    private @Nullable ClientStream stream;
    private boolean alone;
    private long connectStartNanos;
    private long connectedNanos;

    Hedge(Attempts attempts, Exchange exchange, LoopContext loop, AccessRecord record) {
        this.attempts = attempts;
        this.exchange = exchange;
        this.loop = loop;
        this.attempt = new Attempt(this, loop, record);
    }

    /** Its endpoint, and the wait for a stream there. */
    Attempt attempt() {
        return attempt;
    }

    long connectStartNanos() {
        return connectStartNanos;
    }

    long connectedNanos() {
        return connectedNanos;
    }

    /** The request goes out in so long, unless there is an answer by then. */
    void in(long nanos) {
        loop.pauses().arm(timer, nanos);
    }

    /** It isn't to go out any more, if it hasn't. */
    void disarm() {
        loop.pauses().disarm(timer);
    }

    @Override
    public void onTimeout(Timer due) {
        try {
            loop.clock().refresh();
            attempts.hedge(this);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    /** Whether it is on its way. */
    boolean underWay() {
        return stream != null || attempt.waiting();
    }

    /** The first request is lost. Gives up the stream, if there is one; else the one that comes is the exchange's. */
    @Nullable
    ClientStream goOnAlone() {
        ClientStream mine = stream;
        stream = null;
        alone = mine == null;
        return mine;
    }

    void end() {
        disarm();
        attempt.end();
        ClientStream mine = stream;
        stream = null;
        alone = false;
        if (mine != null) {
            mine.reset(OUTRUN);
        }
    }

    // ---- Waiter ----

    @Override
    public StreamHandler streamHandler() {
        return this;
    }

    @Override
    public void onConnecting() {
        connectStartNanos = loop.clock().nowNanos();
        if (alone) {
            attempts.onConnecting();
        }
    }

    @Override
    public void onStream(ClientStream found) {
        try {
            attempt.answered();
            connectedNanos = loop.clock().nowNanos();
            if (found.reused()) {
                connectStartNanos = connectedNanos;
            }
            if (alone) {
                alone = false;
                attempts.goOnWith(found, true);
            } else {
                stream = found;
                attempt.sent();
                attempts.sendCopy(found, attempt);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onNoStream(Failure failure) {
        try {
            attempt.answered();
            boolean last = alone;
            alone = false;
            if (last) {
                attempts.noStream(failure, attempt);
            } else {
                attempt.lost(failure);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    // ---- StreamHandler ----

    @Override
    public void onHead(HttpStream from, Head head, boolean end) {
        try {
            answered((ResponseHead) head, end);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    private void answered(ResponseHead head, boolean end) {
        ClientStream mine = stream;
        if (mine == null || head.interim()) {
            loop.heads().give(head);
            return;
        }
        stream = null;
        int status = head.status();
        if (status >= FIRST_SERVER_ERROR
                || status == TOO_MANY_REQUESTS
                || attempts.repeats().unwanted(head)) {
            Endpoint endpoint = attempt.endpoint();
            if (endpoint != null) {
                long now = loop.clock().nowNanos();
                attempt.responded();
                endpoint.answered(status, now - connectedNanos);
                endpoint.timed(status, now - connectedNanos, now);
                endpoint.sample(loop.index(), status, now);
            }
            attempt.declined(status);
            DiscardedAnswer.of(mine, head, true, end, loop);
        } else {
            attempts.hedgeWon(mine, head, end);
        }
    }

    @Override
    public void onData(HttpStream from, ByteBuf data, boolean end) {
        data.release();
    }

    @Override
    public void onMoved(HttpStream from, long bytes) {
        throw new IllegalStateException("a hedge moves nothing");
    }

    @Override
    public void onTrailers(HttpStream from, Headers trailers) {
        // Behind an answer that was declined, which is another handler's.
    }

    @Override
    public void onReset(HttpStream from, Failure failure) {
        try {
            ClientStream mine = stream;
            stream = null;
            boolean gone = failure.kind() == Failure.Kind.CLOSED_EARLY || failure.kind() == Failure.Kind.RESET;
            if (!gone || mine == null || !mine.mayBeStale() || mine.responseStarted()) {
                attempt.failed(failure);
            }
            attempt.lost(failure);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    @Override
    public void onWritable(HttpStream from) {
        // The request was written as a whole.
    }

    @Override
    public void onReadComplete(HttpStream from) {
        // Nothing of it goes anywhere yet.
    }
}
