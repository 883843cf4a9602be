package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.CLIENT_GONE;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.loop.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1 connection, and the stream of the one request that is under way on it (RFC 9112).
 *
 * <p>Requests are answered one after the other: while one is under way, what the client pipelines behind it waits unparsed
 * in one buffer and reading stops. Between requests the connection holds no head and no buffer.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
        implements HttpStream, DownstreamConnection, Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Http1ServerConnection.class);
    private static final byte[] NO_PROTOCOL = {};

    private enum State {
        /** Waiting for, or reading, a request head. */
        HEAD,
        /** A request is under way. */
        EXCHANGE,
        /** The answer is out; the rest of the request's body is dropped so that the connection can be used again. */
        DRAIN,
        /** No more answers: what the client still sends is dropped until it has read our last bytes. */
        LINGER,
        CLOSED
    }

    private final LoopContext loop;
    private final ServerSettings settings;
    private final StreamAcceptor acceptor;
    private final Http1RequestParser parser;
    private final Http1BodyReader body;
    private final Timer timer = new Timer(this);
    private final Http1Guard guard;
    private final Http1Ending ending;
    private @Nullable Http1Wire wire;
    private @Nullable Http1ResponseWriter answer;
    private @Nullable RequestHead head;
    private @Nullable StreamHandler handler;
    private @Nullable ByteBuf pipelined;
    private State state = State.HEAD;
    private String goneBecause = "the client closed the connection";
    private boolean processing;
    private boolean requestEnded;
    private boolean keepAlive;
    private boolean inputClosed;
    private boolean closeNotified;
    private boolean draining;
    private boolean windingDown;
    private boolean awaitsContinue;
    private boolean headTimed;
    private byte[] upgradeProtocol = NO_PROTOCOL;
    private byte @Nullable [] webSocketKey;

    public Http1ServerConnection(LoopContext loop, ServerSettings settings, StreamAcceptor acceptor) {
        this.loop = loop;
        this.settings = settings;
        this.acceptor = acceptor;
        this.parser = new Http1RequestParser(settings.limits());
        this.guard = new Http1Guard(loop, acceptor);
        this.ending = new Http1Ending(loop, settings, timer, guard);
        this.body = new Http1BodyReader(settings.limits(), true);
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        wire = new Http1Wire(added);
        answer = new Http1ResponseWriter(wire, loop.clock());
        loop.timers().arm(timer, settings.headTimeoutNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        process((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    private void readComplete() {
        StreamHandler current = handler;
        if (current != null) {
            current.onReadComplete(this);
        }
        wire().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        StreamHandler current = handler;
        if (!ctx.channel().isWritable()) {
            return;
        }
        if (current != null) {
            loop.clock().refresh();
            current.onWritable(this);
        } else if (state == State.HEAD && pipelined != null) {
            wire().later(this::resumePipelined);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            // A FIN that no close_notify announced may be an attacker's (RFC 8446 §6.1): it ends nothing properly.
            if (wire().secure() && !closeNotified) {
                gone("the client's connection ended without close_notify");
            } else {
                inputEnded();
            }
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            closeNotified = true;
            closeNotified();
        }
    }

    // The TLS layer writes no more once the client has said goodbye: an answer under way has lost its reader.
    private void closeNotified() {
        if (state == State.EXCHANGE && !requestEnded && body.endsWithInput()) {
            inputEnded();
        }
        gone("the client closed the connection");
    }

    private void gone(String because) {
        loop.clock().refresh();
        if (state == State.EXCHANGE) {
            ended(Failure.client(CLIENT_GONE, because));
        }
        closeNow();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(Failure.client(CLIENT_GONE, goneBecause));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An exchange whose write this is must not find itself ended; the channel's end, which follows, tells it.
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (reason instanceof IOException) {
            goneBecause = String.valueOf(reason.getMessage());
        } else {
            LOG.error("a client's connection failed unexpectedly", cause);
        }
        ctx.close();
    }

    private void ended(Failure failure) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        loop.timers().remove(timer);
        StreamHandler current = handler;
        handler = null;
        release();
        if (current != null) {
            current.onReset(this, failure);
        }
    }

    private void release() {
        wire().discard();
        if (pipelined != null) {
            pipelined.release();
            pipelined = null;
        }
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
    }

    // The client's FIN: between requests that is goodbye, behind a whole one it only says that no more will come.
    private void inputEnded() {
        inputClosed = true;
        loop.clock().refresh();
        switch (state) {
            // Part of the last answer may still wait for a client that reads slowly, and requests behind it.
            case HEAD, LINGER, DRAIN -> {
                if (state != State.HEAD || pipelined == null) {
                    closeWhenSent();
                }
            }
            case EXCHANGE -> {
                if (requestEnded || pipelined != null) {
                    return;
                }
                if (body.endsWithInput()) {
                    requestEnded = true;
                    deliver(Unpooled.EMPTY_BUFFER, true);
                    readComplete();
                } else {
                    ended(Failure.client(CLIENT_GONE, "the client ended its request before the end of the body"));
                    closeNow();
                }
            }
            case CLOSED -> {}
        }
    }

    @Override
    public void onTimeout(Timer expired) {
        if (state == State.HEAD && head != null && parser.started()) {
            refuse(guard.slowHead());
            wire().flush();
        } else if (state != State.EXCHANGE && state != State.CLOSED && ending.due(wire())) {
            closeNow();
        }
    }

    // ---- reading ----

    private void process(ByteBuf in) {
        if (processing || pipelined != null) {
            keep(in);
            return;
        }
        processing = true;
        try {
            ByteBuf current = in;
            while (current != null) {
                current = step(current);
            }
        } finally {
            processing = false;
        }
        if (state == State.HEAD && pipelined == null) {
            wire().resumeRead();
        }
    }

    /** Makes one step with {@code in}; returns what is to be worked on next, or null when there is nothing. */
    private @Nullable ByteBuf step(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return null;
        }
        return switch (state) {
            case HEAD -> {
                if (wire().writable()) {
                    yield readHead(in) ? in : release(in);
                }
                // The client doesn't read its answers, so no more are made until it does.
                keep(in);
                ending.begin();
                yield null;
            }
            case EXCHANGE -> readBody(in);
            case DRAIN -> drain(in);
            case LINGER -> {
                if (!ending.drop(in.readableBytes())) {
                    closeNow();
                }
                yield release(in);
            }
            case CLOSED -> release(in);
        };
    }

    private static @Nullable ByteBuf release(ByteBuf in) {
        in.release();
        return null;
    }

    private boolean readHead(ByteBuf in) {
        RequestHead into = head;
        if (into == null) {
            into = loop.heads().takeRequest();
            head = into;
            parser.begin(into);
        }
        switch (parser.read(in, into)) {
            case MORE -> {
                if (!headTimed) {
                    headTimed = true;
                    loop.timers().arm(timer, settings.headTimeoutNanos());
                }
                return false;
            }
            case FAILED -> {
                refuse(guard.head(parser.failure()));
                return true;
            }
            case DONE -> begin(into);
        }
        return true;
    }

    private void begin(RequestHead request) {
        loop.timers().disarm(timer);
        headTimed = false;
        head = null;
        state = State.EXCHANGE;
        awaitsContinue = request.expectContinue();
        keepAlive = parser.keepAlive();
        if (request.upgradeLength() > 0) {
            int from = request.upgradeStart();
            upgradeProtocol = Arrays.copyOfRange(request.headers().array(), from, from + request.upgradeLength());
            webSocketKey = WebSocketKeys.of(request);
        }
        answer().begin(request.httpVersion() == 10, request.method() == Method.HEAD);
        body.begin(parser.chunked(), request.bodyLength());
        requestEnded = body.finished();
        StreamHandler accepted = acceptor.accept(this);
        handler = accepted;
        accepted.onHead(this, request, requestEnded);
    }

    private void refuse(Failure failure) {
        loop.timers().disarm(timer);
        RequestHead refused = Objects.requireNonNull(head);
        head = null;
        state = State.EXCHANGE;
        keepAlive = false;
        awaitsContinue = false;
        answer().begin(false, refused.method() == Method.HEAD);
        body.none();
        requestEnded = true;
        acceptor.refuse(this, refused, failure);
    }

    private @Nullable ByteBuf readBody(ByteBuf in) {
        if (requestEnded) {
            keep(in);
            return null;
        }
        awaitsContinue = false;
        ByteBuf data = body.take(in);
        if (body.failed()) {
            if (data != null && data != in) {
                data.release();
            }
            in.release();
            bodyMalformed();
            return null;
        }
        requestEnded = body.finished();
        if (requestEnded && body.trailers() != null) {
            if (data != null) {
                deliver(data, false);
            }
            StreamHandler current = handler;
            Headers trailers = body.trailers();
            if (current != null && trailers != null) {
                current.onTrailers(this, trailers);
            }
        } else if (data != null || requestEnded) {
            deliver(data != null ? data : Unpooled.EMPTY_BUFFER, requestEnded);
        }
        return data == in ? null : in;
    }

    private void deliver(ByteBuf data, boolean end) {
        StreamHandler current = handler;
        if (current != null) {
            current.onData(this, data, end);
        } else {
            data.release();
        }
    }

    // The exchange hears of it and answers if it still can; the connection can't be used after that.
    private void bodyMalformed() {
        Failure failure = guard.body(body.defence());
        keepAlive = false;
        requestEnded = true;
        body.none();
        StreamHandler current = handler;
        if (current != null) {
            current.onReset(this, failure);
        }
    }

    // What comes behind the request under way waits, and nothing more is read until it is this request's turn.
    private void keep(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return;
        }
        pipelined = pipelined == null ? in : wire().join(pipelined, in);
        pauseRead();
    }

    private @Nullable ByteBuf drain(ByteBuf in) {
        boolean bearable = ending.drop(in.readableBytes());
        ByteBuf data = body.take(in);
        boolean all = data == in;
        if (data != null) {
            data.release();
        }
        if (body.failed() || !bearable) {
            if (!all) {
                in.release();
            }
            linger();
            return null;
        }
        if (body.finished()) {
            next();
        }
        return all ? null : in;
    }

    @Override
    public void handler(StreamHandler next) {
        handler = next;
    }

    @Override
    public void writeHead(Head message, boolean end) {
        if (state != State.EXCHANGE) {
            return;
        }
        ResponseHead response = (ResponseHead) message;
        if (response.interim()) {
            awaitsContinue &= response.status() != 100;
            answer().interim(response);
        } else if (response.status() == 101) {
            WebSocketKeys.prove(response, webSocketKey);
            answer().switchTo(upgradeProtocol, response);
            openTunnel();
        } else {
            boolean last =
                    windingDown || awaitsContinue || (inputClosed && pipelined == null) || response.status() == 408;
            keepAlive = answer().head(response, end, keepAlive && !last);
        }
    }

    private void openTunnel() {
        keepAlive = false;
        requestEnded = false;
        body.untilEnd();
        // What came behind the request belongs to the new protocol. Not from within this call: its answer isn't out.
        wire().later(this::resumePipelined);
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (state != State.EXCHANGE) {
            data.release();
            return;
        }
        answer().data(data, end);
        if (end && answer().tunnel()) {
            wire().flushThenShutdown();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (state == State.EXCHANGE) {
            answer().trailers(trailers);
        }
    }

    @Override
    public void flush() {
        if (state != State.CLOSED) {
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
    public Taken taken() {
        return wire().taken();
    }

    /** Where bytes of the body may be moved to as they are, or null when they have to be framed. */
    @Nullable
    Http1Wire moveTarget() {
        return state == State.EXCHANGE && answer().takesPlainBytes() ? wire : null;
    }

    @Override
    public void show(ConnectionLook look) {
        look.connection(11, acceptor);
        look.request(handler);
    }

    @Override
    public boolean complete() {
        return requestEnded && answer().ended();
    }

    @Override
    public void reset(Failure failure) {
        handler = null;
        if (state != State.EXCHANGE) {
            return;
        }
        if (answer().endsWithConnection()) {
            wire().breakOff();
        } else if (answer().started()) {
            wire().flush();
        }
        closeNow();
    }

    @Override
    public void close() {
        handler = null;
        if (state != State.EXCHANGE) {
            return;
        }
        if (!answer().ended()) {
            closeNow();
        } else if (answer().tunnel() || (inputClosed && pipelined == null)) {
            closeWhenSent();
        } else if (!keepAlive || draining) {
            linger();
        } else if (requestEnded) {
            next();
        } else {
            state = State.DRAIN;
            ending.begin();
            resumeRead();
        }
    }

    @Override
    public void drain() {
        draining = true;
        windingDown = true;
        if (state == State.HEAD && (head == null || !parser.started())) {
            closeWhenSent();
        }
    }

    @Override
    public void windDown() {
        windingDown = true;
    }

    // ---- between requests, and the end ----

    private void next() {
        if (draining) {
            closeWhenSent();
            return;
        }
        state = State.HEAD;
        headTimed = false;
        loop.timers().arm(timer, settings.keepAliveNanos());
        // While bytes are being processed, the loop there reads on with what it has.
        if (!processing) {
            resumePipelined();
        }
    }

    private void resumePipelined() {
        // First, so that whoever stops reading from now on is heeded.
        resumeRead();
        ByteBuf waiting = pipelined;
        if (waiting != null) {
            pipelined = null;
            process(waiting);
            readComplete();
        }
        if (inputClosed && pipelined == null) {
            if (state == State.HEAD) {
                closeWhenSent();
            } else if (state == State.EXCHANGE && !requestEnded) {
                inputEnded();
            }
        }
    }

    // A close with unread bytes in the socket becomes a RST, which can take our last answer with it (RFC 9112 §9.6).
    private void linger() {
        state = State.LINGER;
        if (pipelined != null) {
            pipelined.release();
            pipelined = null;
        }
        ending.begin();
        wire().flushThen(this::lingerOn);
        resumeRead();
    }

    // All is sent: what remains is to wait for the client's end, for as long as we like to.
    private void lingerOn() {
        if (state == State.LINGER) {
            ending.begin();
            wire().shutdownOutput();
        }
    }

    private void closeWhenSent() {
        state = State.LINGER;
        ending.begin();
        wire().flushThen(this::closeNow);
    }

    private void closeNow() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            loop.timers().remove(timer);
            release();
        }
        wire().close();
    }

    private Http1ResponseWriter answer() {
        return Objects.requireNonNull(answer);
    }

    private Http1Wire wire() {
        return Objects.requireNonNull(wire);
    }
}
