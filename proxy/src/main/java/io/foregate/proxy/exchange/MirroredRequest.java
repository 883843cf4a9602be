package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.balance.Picking;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.route.MirrorMeter.Outcome;
import io.foregate.proxy.route.TrafficMirror;
import io.foregate.proxy.upstream.ConnectionPool;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.Ticket;
import io.foregate.proxy.upstream.Waiter;
import io.foregate.proxy.worker.Snapshot;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of one request on its way to a mirror, whose answer is read and dropped. Whatever happens to it, the original doesn't
 * notice: no call in here fails, waits, or calls the exchange.
 *
 * <p>Owned by its loop. Begins with an exchange, which shows it the request's body, and goes on without it once the request is whole;
 * it pins the exchange's snapshot. What it holds is its head and, bounded, what {@link MirrorBody the mirror hasn't taken}.
 */
final class MirroredRequest implements Waiter, StreamHandler, Timer.Target, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(MirroredRequest.class);
    private static final HeaderName MARK = HeaderName.of("X-Foregate-Mirror");
    private static final byte[] MARKED = {'1'};

    /** An answer that goes on beyond this is broken off: nobody reads it, and connections are cheaper than megabytes. */
    private static final long MOST_ANSWER_BYTES = 1 << 20;

    private final TrafficMirror mirror;
    private final LoopContext loop;
    private final Snapshot snapshot;
    private final Endpoint endpoint;
    private final RequestHead head;
    private final MirrorBody body;
    private final Ticket ticket = new Ticket(this);
    private final Timer timer = new Timer(this);
    private @Nullable ClientStream stream;
    private long sentNanos;
    private long answerBytes;
    private boolean waiting;
    private boolean answered;
    private boolean countedByPool;
    private boolean countedByEndpoint;
    private boolean renewed;
    private boolean flushing;
    private boolean over;

    private MirroredRequest(TrafficMirror mirror, Endpoint endpoint, Exchange exchange, LoopContext loop) {
        this.mirror = mirror;
        this.loop = loop;
        this.endpoint = endpoint;
        this.snapshot = exchange.snapshot();
        this.body = new MirrorBody(loop.buffers(), mirror.settings().bufferBytes());
        this.head = loop.heads().takeRequest();
        head.copyFrom(exchange.request());
        head.headers().set(MARK, MARKED);
        if (head.expectContinue()) {
            // The body comes when the original's origin wants it, whatever the mirror would say.
            head.expectContinue(false);
            head.headers().remove(HeaderName.EXPECT);
        }
    }

    /** Whether the request is a mirror's copy already: those aren't copied again, lest two mirrors send each other copies for ever. */
    static boolean isOne(RequestHead head) {
        return head.headers().contains(MARK);
    }

    /** A copy of the exchange's request, or null where there may be no more, or no endpoint takes it. To be {@link #start started}. */
    static @Nullable MirroredRequest of(
            TrafficMirror mirror, Exchange exchange, ClientAddress client, LoopContext loop) {
        if (!mirror.meter().begins()) {
            return null;
        }
        Picking picking = new Picking();
        mirror.pool().read(exchange.request(), client, picking);
        Endpoint chosen = mirror.pool().pick(loop.index(), picking, loop.clock().nowNanos());
        if (chosen == null) {
            mirror.meter().ended(Outcome.FAILED, "no endpoint of the pool is up, or all have enough to do");
            return null;
        }
        MirroredRequest copy = new MirroredRequest(mirror, chosen, exchange, loop);
        copy.snapshot.pin(loop.index());
        copy.countedByPool = mirror.pool().tryBegin();
        copy.countedByEndpoint = copy.countedByPool && chosen.tryBegin();
        if (!copy.countedByEndpoint) {
            copy.end(Outcome.FAILED, "the pool has as many requests as it may have");
            return null;
        }
        boolean named = chosen.settings().link().proxyProtocol() != Link.ProxyProtocol.OFF;
        copy.ticket.wants(false, named ? exchange.downstream() : null);
        return copy;
    }

    // ---- the original's request ----

    /** Begins; what was shown until now goes first. {@code bodiless} holds where nothing was shown and nothing will be. */
    void start(boolean whole) {
        if (over) {
            // What was shown before was more than may be held.
            return;
        }
        if (whole) {
            body.ended();
        }
        loop.timers().arm(timer, mirror.settings().timeoutNanos());
        acquire(false);
    }

    private void acquire(boolean fresh) {
        waiting = true;
        try {
            ConnectionPool.of(endpoint, loop).acquire(ticket, mirror.settings().timeoutNanos(), fresh);
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    /** Shows a piece of the body, which is borrowed. */
    void data(ByteBuf data, boolean end) {
        if (over) {
            return;
        }
        try {
            if (!body.add(data, end, stream)) {
                end(Outcome.CUT_OFF, "the mirror took the body slower than the original by more than the buffer");
            } else if (stream != null) {
                flushSoon();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    /** Shows the trailers that end the body; they are kept, and not changed any more. */
    void trailers(Headers last) {
        if (over) {
            return;
        }
        try {
            body.trailers(last, stream);
            if (stream != null) {
                flushSoon();
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    /** The original is over; {@code whole} says whether its request has come to its end. */
    void originalEnded(boolean whole) {
        if (!over && !whole) {
            end(Outcome.ABANDONED, null);
        }
    }

    // What came in one turn goes out together, and after the original.
    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            loop.eventLoop().execute(this);
        }
    }

    @Override
    public void run() {
        flushing = false;
        ClientStream to = stream;
        if (to != null) {
            to.flush();
        }
    }

    // ---- Waiter ----

    @Override
    public StreamHandler streamHandler() {
        return this;
    }

    @Override
    public void onConnecting() {}

    @Override
    public void onStream(ClientStream given) {
        waiting = false;
        stream = given;
        try {
            byte[] host = mirror.settings().host();
            if (host != null) {
                head.headers().set(HeaderName.HOST, host);
            } else if (mirror.pool().namesEndpoint() || !head.headers().contains(HeaderName.HOST)) {
                head.headers().set(HeaderName.HOST, endpoint.hostBytes());
            }
            sentNanos = loop.clock().nowNanos();
            given.writeHead(head, body.isNothing());
            body.sendTo(given);
            given.flush();
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    @Override
    public void onNoStream(Failure failure) {
        waiting = false;
        end(Outcome.FAILED, failure.detail());
    }

    // ---- the mirror's answer ----

    @Override
    public void onHead(HttpStream from, Head answer, boolean end) {
        ResponseHead response = (ResponseHead) answer;
        int status = response.status();
        boolean last = !response.interim();
        loop.heads().give(response);
        if (last) {
            answered = true;
            long now = loop.clock().nowNanos();
            endpoint.answered(status, now - sentNanos);
            endpoint.sample(loop.index(), status, now);
            if (status >= 500) {
                mirror.meter().answeredWithError();
            }
            if (end) {
                end(Outcome.ANSWERED, null);
            }
        }
    }

    @Override
    public void onData(HttpStream from, ByteBuf data, boolean end) {
        answerBytes += data.readableBytes();
        data.release();
        if (end || answerBytes > MOST_ANSWER_BYTES) {
            end(Outcome.ANSWERED, null);
        }
    }

    @Override
    public void onMoved(HttpStream from, long bytes) {}

    @Override
    public void onTrailers(HttpStream from, Headers trailers) {
        end(Outcome.ANSWERED, null);
    }

    @Override
    public void onReset(HttpStream from, Failure failure) {
        ClientStream lost = stream;
        stream = null;
        // The connection may have been closed while nobody looked, which says nothing of the mirror.
        boolean idle = lost != null && lost.mayBeStale() && !lost.responseStarted();
        if (idle && body.isNothing() && !renewed && !over) {
            renewed = true;
            acquire(true);
            return;
        }
        if (!idle) {
            lost(failure);
        }
        end(Outcome.FAILED, failure.detail());
    }

    @Override
    public void onWritable(HttpStream to) {
        ClientStream writable = stream;
        if (writable == null) {
            return;
        }
        try {
            body.sendTo(writable);
            writable.flush();
        } catch (RuntimeException | OutOfMemoryError e) {
            crash(e);
        }
    }

    @Override
    public void onReadComplete(HttpStream from) {}

    @Override
    public void onTimeout(Timer expired) {
        if (stream != null) {
            lost(Failure.origin(Failure.Kind.FIRST_BYTE_TIMEOUT, "no answer within the mirror's timeout"));
        }
        end(Outcome.TIMED_OUT, null);
    }

    // The mirror's own pool learns from copies as pools do from requests.
    private void lost(Failure failure) {
        if (!answered && !over) {
            endpoint.failed(loop.index(), failure, loop.clock().nowNanos());
        }
    }

    // ---- the end ----

    private void crash(Throwable cause) {
        LOG.error(
                "the copy of request {} for pool {} failed within the proxy",
                Objects.requireNonNullElse(head.headers().get(HeaderName.X_REQUEST_ID), "-"),
                mirror.pool().name(),
                cause);
        end(Outcome.FAILED, cause.toString());
    }

    private void end(Outcome outcome, @Nullable String why) {
        if (over) {
            return;
        }
        over = true;
        loop.timers().remove(timer);
        body.clear();
        ClientStream last = stream;
        stream = null;
        if (last != null) {
            last.close();
        }
        loop.heads().give(head);
        if (waiting) {
            waiting = false;
            ConnectionPool.of(endpoint, loop).cancel(ticket);
        }
        ticket.wants(false, null);
        if (countedByEndpoint) {
            endpoint.exchangeEnds(answered, sentNanos == 0 ? 0 : loop.clock().nowNanos() - sentNanos);
        }
        if (countedByPool) {
            mirror.pool().ends();
        }
        mirror.meter().ended(outcome, why);
        snapshot.unpin(loop.index());
    }
}
