package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.CLOSED_EARLY;
import static io.foregate.api.message.Failure.Kind.RESET;
import static io.foregate.api.message.Failure.Kind.RESPONSE_TRUNCATED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A kept HTTP/1 connection to an endpoint, and the stream of the one exchange that it carries at a time (RFC 9112): its life from
 * one exchange to the next, and to its end. Requests are written by {@link Http1RequestWriter}, answers read by {@link
 * Http1ResponseReader}.
 *
 * <p>Its owner hears when it is free again and when it is gone. Anything that comes while no answer is due closes it: an origin
 * that speaks unasked can't be matched to a request.
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter
        implements ClientConnection, ClientStream {
    private static final Logger LOG = LoggerFactory.getLogger(Http1ClientConnection.class);

    /** How long an origin may take for what a tunnel's client sent before its end. */
    private static final int TUNNEL_REST_SECONDS = 60;

    /** And for its own end, when the client is no longer there to hear it. */
    private static final int TUNNEL_LINGER_SECONDS = 5;

    private static final String RESET_EARLY = "the origin reset the connection before it answered";
    private static final int BLAME_MILLIS = 50;

    private final LoopContext loop;
    private final ConnectionOwner owner;
    private final @Nullable Object client;
    private final Http1BodyReader body;
    private final Http1ResponseReader answer;
    private final BodyMove move = new BodyMove(this);
    private @Nullable Http1Wire wire;
    private @Nullable Http1RequestWriter request;
    private @Nullable StreamHandler handler;
    private boolean active;
    private boolean closed;
    private boolean lingering;
    private boolean broken;
    private boolean closeNotified;
    private String brokenBecause = RESET_EARLY;
    private boolean inputEnded;
    private int exchanges;
    private boolean waited;
    private long idledNanos;

    /** @param client whom it speaks for alone, or null when it may serve anybody */
    public Http1ClientConnection(LoopContext loop, HeadLimits limits, ConnectionOwner owner, @Nullable Object client) {
        this.loop = loop;
        this.owner = owner;
        this.client = client;
        this.body = new Http1BodyReader(limits, false);
        this.answer = new Http1ResponseReader(this, loop, limits, body);
    }

    // ---- ClientConnection ----

    @Override
    public int room() {
        return active || closed ? 0 : 1;
    }

    @Override
    public boolean leaving() {
        return closed;
    }

    @Override
    public ClientStream begin(StreamHandler next) {
        handler = next;
        active = true;
        broken = false;
        request().begin();
        answer.begin();
        move.next();
        exchanges++;
        return this;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public int active() {
        return active ? 1 : 0;
    }

    @Override
    public boolean upgrades() {
        return true;
    }

    @Override
    public @Nullable Object client() {
        return client;
    }

    @Override
    public boolean reused() {
        return exchanges > 1 || waited;
    }

    @Override
    public boolean mayBeStale() {
        return reused();
    }

    @Override
    public void waits() {
        waited = true;
    }

    @Override
    public boolean responseStarted() {
        return answer.started();
    }

    @Override
    public int keepAliveSeconds() {
        return answer.keepAliveSeconds();
    }

    @Override
    public void idled(long nanos) {
        idledNanos = nanos;
    }

    @Override
    public long idledNanos() {
        return idledNanos;
    }

    @Override
    public void closeIdle() {
        if (!active && !lingering) {
            closeUnused();
        }
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        wire = new Http1Wire(added);
        request = new Http1RequestWriter(wire);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        if (wire().splicing()) {
            takeBack();
        } else if (move.underWay()) {
            told(move.untold());
        }
        answer.read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    private void readComplete() {
        if (move.underWay() && inputEnded && !move.advances(wire())) {
            move.end(wire());
            truncated();
        }
        StreamHandler current = handler;
        if (current != null) {
            current.onReadComplete(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        StreamHandler current = handler;
        if (current != null && ctx.channel().isWritable()) {
            loop.clock().refresh();
            current.onWritable(this);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        // The second comes when all has been read. With a move so does not the first, not even when the move ends just
        // then.
        if (event == ChannelInputShutdownReadComplete.INSTANCE
                || event == ChannelInputShutdownEvent.INSTANCE && (move.underWay() || !wire().hasMoved())) {
            endOfInput();
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            closeNotified = true;
            inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endOfInput();
        gone();
    }

    // A body that ends with the connection is whole only if TLS says that this is the end (RFC 9112 §9.8). Tunnels have
    // ends of their own, and many servers leave a close_notify out there.
    private void endOfInput() {
        if (wire().splicing()) {
            takeBack();
        }
        if (wire().secure() && !closeNotified && !request().tunnel()) {
            broken = true;
        }
        inputEnded();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A failed write may still be followed by an answer: "413, and stop sending". The end of input decides.
        // It may also come from within a write of the exchange's, which must not find itself ended when it returns.
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (!active) {
            closeUnused();
        } else if (reason instanceof SSLException) {
            broken = true;
            brokenBecause = "TLS: " + reason.getMessage();
            wire().close();
        } else if (reason instanceof IOException) {
            broken = true;
        } else {
            LOG.error("an upstream connection failed unexpectedly", cause);
            wire().close();
        }
    }

    private void inputEnded() {
        inputEnded = true;
        if (lingering) {
            wire().closeWhenSent(TUNNEL_REST_SECONDS);
            return;
        }
        if (!active) {
            closeUnused();
            return;
        }
        loop.clock().refresh();
        if (answer.ended() || move.underWay()) {
            // What a move has not taken out of the socket yet is still there; it ends by itself.
            return;
        }
        // An end that came with an error isn't the end that such a body has.
        if (answer.endsWithInput() && !broken) {
            answer.end();
            readComplete();
        } else if (answer.started()) {
            truncated();
        } else {
            fail(
                    broken ? RESET : CLOSED_EARLY,
                    broken ? brokenBecause : "the origin closed the connection before it answered");
        }
    }

    /** Ends the exchange, which hears why, and the connection. */
    void fail(Failure.Kind kind, String detail) {
        StreamHandler current = handler;
        handler = null;
        answer.release();
        active = false;
        if (!answer.started() && idledNanos > 0) {
            owner.onStale(this);
        }
        wire().discard();
        wire().close();
        if (current != null) {
            current.onReset(this, Failure.origin(kind, detail));
        }
    }

    // The owner hears of it at once, lest it hands out what is closed in this very turn of the loop.
    private void closeUnused() {
        wire().close();
        gone();
    }

    private void gone() {
        if (!closed) {
            closed = true;
            wire().discard();
            owner.onClosed(this);
        }
    }

    // ---- HttpStream ----

    @Override
    public void handler(StreamHandler next) {
        handler = next;
    }

    @Override
    public void writeHead(Head message, boolean end) {
        request().head((RequestHead) message, end);
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (active) {
            request().data(data, end);
        } else {
            data.release();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (active) {
            request().trailers(trailers);
        }
    }

    @Override
    public void flush() {
        if (!closed) {
            wire().flush();
        }
    }

    @Override
    public boolean writable() {
        return wire().writable();
    }

    @Override
    public void pauseRead() {
        wire().pauseRead();
    }

    @Override
    public void resumeRead() {
        wire().resumeRead();
    }

    @Override
    public boolean moveTo(HttpStream sink) {
        Http1Wire target = sink instanceof Http1ServerConnection server ? server.moveTarget() : null;
        return !inputEnded && target != null && move.begin(wire(), target, body, loop.splices());
    }

    @Override
    public boolean waitsForSink() {
        return move.underWay() && wire().moveWaits();
    }

    void moving() {
        loop.clock().refresh();
        readComplete();
    }

    void moved(long bytes) {
        move.end(wire());
        told(bytes);
    }

    private void told(long bytes) {
        StreamHandler current = handler;
        if (active && current != null) {
            loop.clock().refresh();
            current.onMoved(this, bytes);
        }
    }

    void handedBack(boolean isBroken) {
        takeBack();
        readComplete();
        if (isBroken) {
            broken = true;
            inputEnded();
        }
    }

    private void takeBack() {
        ByteBuf rest = move.takeBack(wire(), body);
        told(wire().moved());
        if (rest != null) {
            answer.read(rest);
        }
    }

    void moveBroken() {
        move.end(wire());
        // If it is the client that has gone, its own connection will say so in a moment: let it speak first.
        wire().pauseRead();
        loop.eventLoop().schedule(this::truncated, BLAME_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void truncated() {
        if (active) {
            fail(RESPONSE_TRUNCATED, "the origin closed the connection within its answer");
        }
    }

    @Override
    public boolean complete() {
        return request().ended() && answer.ended();
    }

    @Override
    public void reset(Failure failure) {
        handler = null;
        if (active) {
            active = false;
            answer.release();
            if (request().tunnel() && request().ended()) {
                // The client has ended its side in order: the origin gets all that came before.
                resumeRead();
                lingering = true;
                wire().flushThen(() -> wire().closeAfter(TUNNEL_LINGER_SECONDS));
                wire().closeAfter(TUNNEL_REST_SECONDS);
                return;
            }
            if (request().tunnel() || !request().ended()) {
                // What the origin got is not all of the message, and must not look like it.
                wire().breakOff();
            }
            wire().discard();
            wire().close();
        }
    }

    @Override
    public void close() {
        handler = null;
        if (!active) {
            return;
        }
        active = false;
        answer.release();
        if (complete() && answer.persistent() && !broken && !inputEnded && wire().active()) {
            resumeRead();
            owner.onRoom(this);
        } else if (request().tunnel() && complete()) {
            wire().closeWhenSent(TUNNEL_REST_SECONDS);
        } else {
            wire().discard();
            wire().close();
        }
    }

    private Http1Wire wire() {
        return Objects.requireNonNull(wire);
    }

    // ---- for the reader ----

    Http1RequestWriter request() {
        return Objects.requireNonNull(request);
    }

    @Nullable
    StreamHandler handler() {
        return handler;
    }
}
