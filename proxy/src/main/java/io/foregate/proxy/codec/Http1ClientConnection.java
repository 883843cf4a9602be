package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.CLOSED_EARLY;
import static io.foregate.api.message.Failure.Kind.RESET;
import static io.foregate.api.message.Failure.Kind.RESPONSE_MALFORMED;
import static io.foregate.api.message.Failure.Kind.RESPONSE_TRUNCATED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
 * A kept HTTP/1 connection to an endpoint, and the stream of the one exchange that it carries at a time (RFC 9112).
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

    /** Below this a body is copied: a move costs two system calls more than it saves. */
    private static final int LEAST_MOVE_BYTES = 64 * 1024;

    private static final String RESET_EARLY = "the origin reset the connection before it answered";
    private static final int OWN_FIELDS_BYTES = 256;
    private static final int BLAME_MILLIS = 50;
    private static final int LAST_BYTES = 1024;
    private static final int MOST_MOVE_BYTES = 1 << 30;

    private final LoopContext loop;
    private final ConnectionOwner owner;
    private final @Nullable Object client;
    private final Http1ResponseParser parser;
    private final Http1BodyReader body;
    private @Nullable Http1Wire wire;
    private @Nullable StreamHandler handler;
    private @Nullable ResponseHead head;
    private boolean active;
    private boolean closed;
    private boolean requestEnded;
    private boolean responseStarted;
    private boolean headDone;
    private boolean responseEnded;
    private boolean keepAlive;
    private boolean headMethod;
    private boolean asksUpgrade;
    private boolean awaitsContinue;
    private boolean tunnel;
    private boolean lingering;
    private boolean broken;
    private boolean closeNotified;
    private String brokenBecause = RESET_EARLY;
    private boolean moving;
    private boolean inputEnded;
    private int moveLength;
    private long movedBefore;
    private byte @Nullable [] webSocketKey;
    private int keepAliveSeconds = -1;
    private int exchanges;
    private boolean waited;
    private long idledNanos;

    /** @param client whom it speaks for alone, or null when it may serve anybody */
    public Http1ClientConnection(LoopContext loop, HeadLimits limits, ConnectionOwner owner, @Nullable Object client) {
        this.loop = loop;
        this.owner = owner;
        this.client = client;
        this.parser = new Http1ResponseParser(limits);
        this.body = new Http1BodyReader(limits, false);
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
        requestEnded = false;
        responseStarted = false;
        headDone = false;
        responseEnded = false;
        tunnel = false;
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
        return responseStarted;
    }

    @Override
    public int keepAliveSeconds() {
        return keepAliveSeconds;
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
        if (!active) {
            closeUnused();
        }
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        wire = new Http1Wire(added);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        ByteBuf current = (ByteBuf) message;
        while (current != null) {
            current = step(current);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    private void readComplete() {
        if (moving && inputEnded) {
            checkMove();
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
        // The second comes when all has been read, which matters where a move went on after the first.
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
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
    // ends of
    // their own, and many servers leave a close_notify out there.
    private void endOfInput() {
        if (wire().secure() && !closeNotified && !tunnel) {
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
        keepAlive = false;
        if (responseEnded || moving) {
            // What a move has not taken out of the socket yet is still there; it ends by itself.
            return;
        }
        // An end that came with an error isn't the end that such a body has.
        if (headDone && body.endsWithInput() && !broken) {
            responseEnded = true;
            deliver(Unpooled.EMPTY_BUFFER, true);
            readComplete();
        } else if (responseStarted) {
            fail(RESPONSE_TRUNCATED, "the origin closed the connection within its answer");
        } else {
            fail(
                    broken ? RESET : CLOSED_EARLY,
                    broken ? brokenBecause : "the origin closed the connection before it answered");
        }
    }

    private void fail(Failure.Kind kind, String detail) {
        StreamHandler current = handler;
        handler = null;
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
        active = false;
        if (!responseStarted && idledNanos > 0) {
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

    // ---- reading ----

    private @Nullable ByteBuf step(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return null;
        }
        if (!active || responseEnded) {
            in.release();
            keepAlive = false;
            if (!active && !lingering) {
                closeUnused();
            }
            return null;
        }
        responseStarted = true;
        if (!headDone) {
            if (readHead(in)) {
                return in;
            }
            in.release();
            return null;
        }
        return readBody(in);
    }

    private boolean readHead(ByteBuf in) {
        ResponseHead into = head;
        if (into == null) {
            into = loop.heads().takeResponse();
            head = into;
            parser.begin(into);
        }
        switch (parser.read(in, into, headMethod)) {
            case MORE -> {
                return false;
            }
            case FAILED -> {
                fail(parser.failure(), "the origin's answer head can't be parsed or is too large");
                return false;
            }
            case DONE -> {
                head = null;
                return headRead(into, in.isReadable());
            }
        }
        return false;
    }

    private boolean headRead(ResponseHead response, boolean moreFollows) {
        StreamHandler current = handler;
        if (response.interim()) {
            awaitsContinue &= response.status() != 100;
            if (current != null) {
                current.onHead(this, response, false);
            } else {
                loop.heads().give(response);
            }
            return true;
        }
        headDone = true;
        keepAliveSeconds = parser.keepAliveSeconds();
        // Whether it takes what follows for the body, or for another request, nobody knows (RFC 9110 §10.1.1).
        keepAlive = parser.keepAlive() && !awaitsContinue;
        if (response.status() == 101) {
            if (!asksUpgrade || !parser.upgrades()) {
                loop.heads().give(response);
                fail(RESPONSE_MALFORMED, "the origin changed the protocol unasked");
                return false;
            }
            if (webSocketKey != null && !WebSocketKeys.takeProof(response, webSocketKey)) {
                loop.heads().give(response);
                fail(RESPONSE_MALFORMED, "the origin's answer doesn't prove that it understood the WebSocket");
                return false;
            }
            tunnel = true;
            keepAlive = false;
            requestEnded = false;
            wire().chunked(false);
            body.untilEnd();
        } else {
            boolean chunked = parser.chunked() && response.bodyLength() != 0;
            body.begin(chunked, response.bodyLength());
            keepAlive &= !body.endsWithInput();
        }
        responseEnded = body.finished();
        surplus(moreFollows);
        if (current != null) {
            current.onHead(this, response, responseEnded);
        } else {
            loop.heads().give(response);
        }
        return true;
    }

    private @Nullable ByteBuf readBody(ByteBuf in) {
        ByteBuf data = body.take(in);
        if (body.failed()) {
            if (data != null && data != in) {
                data.release();
            }
            in.release();
            fail(RESPONSE_MALFORMED, "the framing of the origin's body is broken");
            return null;
        }
        responseEnded = body.finished();
        surplus(data != in && in.isReadable());
        Headers trailers = responseEnded ? body.trailers() : null;
        if (data != null || (responseEnded && trailers == null)) {
            deliver(data != null ? data : Unpooled.EMPTY_BUFFER, responseEnded && trailers == null);
        }
        StreamHandler current = handler;
        if (trailers != null && current != null) {
            current.onTrailers(this, trailers);
        }
        return data == in ? null : in;
    }

    // Bytes behind the answer must never be taken for the answer to the next request.
    private void surplus(boolean moreFollows) {
        if (responseEnded && moreFollows) {
            keepAlive = false;
        }
    }

    private void deliver(ByteBuf data, boolean end) {
        StreamHandler current = handler;
        if (current != null) {
            current.onData(this, data, end);
        } else {
            data.release();
        }
    }

    // ---- HttpStream ----

    @Override
    public void handler(StreamHandler next) {
        handler = next;
    }

    @Override
    public void writeHead(Head message, boolean end) {
        RequestHead request = (RequestHead) message;
        Headers fields = request.headers();
        headMethod = request.method() == Method.HEAD;
        asksUpgrade = request.upgradeLength() > 0;
        awaitsContinue = request.expectContinue();
        requestEnded = end;
        ByteBuf out = wire().room(request.methodLength()
                + request.targetLength()
                + request.upgradeLength()
                + Http1HeadWriter.maxLength(fields)
                + OWN_FIELDS_BYTES);
        Http1HeadWriter.requestLine(out, request);
        Http1HeadWriter.fields(out, fields);
        boolean chunked = !end && !fields.contains(HeaderName.CONTENT_LENGTH);
        if (chunked) {
            out.writeBytes(Http1HeadWriter.CHUNKED);
        }
        if (end && !asksUpgrade && Http1HeadWriter.lacksLength(request)) {
            out.writeBytes(Http1HeadWriter.NO_BODY);
        }
        wire().chunked(chunked);
        if (request.expectContinue()) {
            out.writeBytes(Http1HeadWriter.EXPECT);
        }
        if (request.trailersAccepted()) {
            out.writeBytes(Http1HeadWriter.TRAILERS);
        }
        webSocketKey = null;
        if (asksUpgrade) {
            Http1HeadWriter.upgrade(out, request);
            byte[] key = WebSocketKeys.missing(request);
            if (key != null) {
                webSocketKey = key;
                Http1HeadWriter.webSocketKey(out, key);
            }
        }
        out.writeBytes(Http1HeadWriter.CRLF);
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (!active || requestEnded) {
            data.release();
            return;
        }
        requestEnded = end;
        wire().data(data, end);
        if (end && tunnel) {
            wire().flushThenShutdown();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (active && !requestEnded) {
            requestEnded = true;
            wire().trailers(trailers);
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
        long remaining = body.remaining();
        if (moving || inputEnded || target == null || remaining < LEAST_MOVE_BYTES || !wire().canMoveTo(target)) {
            return false;
        }
        moving = true;
        movedBefore = -1;
        // The last bytes take the ordinary way, which sees whether the origin sends more than it announced.
        moveLength = (int) Math.min(remaining - LAST_BYTES, MOST_MOVE_BYTES);
        if (!wire().moveTo(target, moveLength, done -> moved(done.isSuccess()))) {
            moving = false;
            return false;
        }
        body.skipped(moveLength);
        return true;
    }

    private void moved(boolean success) {
        moving = false;
        wire().moveEnded();
        if (!success) {
            // If it is the client that has gone, its own connection will say so in a moment: let it speak first.
            wire().pauseRead();
            loop.eventLoop().schedule(this::moveFailed, BLAME_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        StreamHandler current = handler;
        if (active && current != null) {
            loop.clock().refresh();
            current.onMoved(this, moveLength);
        }
    }

    private void moveFailed() {
        if (active) {
            fail(RESPONSE_TRUNCATED, "the origin closed the connection within its answer");
        }
    }

    // After the origin's FIN each wake-up must take something out of the socket, or the answer isn't whole.
    private void checkMove() {
        long now = wire().moved();
        if (now < moveLength && now == movedBefore) {
            moving = false;
            wire().moveEnded();
            fail(RESPONSE_TRUNCATED, "the origin closed the connection within its answer");
        }
        movedBefore = now;
    }

    @Override
    public boolean waitsForSink() {
        return moving && wire().moveWaits();
    }

    @Override
    public boolean complete() {
        return requestEnded && responseEnded;
    }

    @Override
    public void reset(Failure failure) {
        handler = null;
        if (active) {
            active = false;
            if (tunnel && requestEnded) {
                // The client has ended its side in order: the origin gets all that came before.
                resumeRead();
                lingering = true;
                wire().flushThen(() -> wire().closeAfter(TUNNEL_LINGER_SECONDS));
                wire().closeAfter(TUNNEL_REST_SECONDS);
                return;
            }
            if (tunnel || !requestEnded) {
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
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
        if (complete() && keepAlive && !broken && !inputEnded && wire().active()) {
            resumeRead();
            owner.onRoom(this);
        } else if (tunnel && complete()) {
            wire().closeWhenSent(TUNNEL_REST_SECONDS);
        } else {
            wire().discard();
            wire().close();
        }
    }

    private Http1Wire wire() {
        return Objects.requireNonNull(wire);
    }
}
