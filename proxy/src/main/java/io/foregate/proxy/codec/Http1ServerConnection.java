package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.CLIENT_GONE;
import static io.foregate.api.message.Failure.Kind.HEAD_TIMEOUT;
import static io.foregate.api.message.Failure.Kind.REQUEST_BODY_MALFORMED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.loop.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection, and the stream of the one request that is under way on it (RFC 9112).
 *
 * <p>Requests are answered one after the other: while one is under way, what the client pipelines behind it waits unparsed
 * in one buffer and reading stops. Between requests the connection holds no head and no buffer.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter implements HttpStream, Timer.Target {
    private static final int DRAIN_BYTES = 256 * 1024;
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
    private @Nullable ChannelHandlerContext context;
    private @Nullable Http1Output output;
    private @Nullable RequestHead head;
    private @Nullable StreamHandler handler;
    private @Nullable ByteBuf pipelined;
    private State state = State.HEAD;
    private boolean processing;
    private boolean requestEnded;
    private boolean responseStarted;
    private boolean responseEnded;
    private boolean keepAlive;
    private boolean closeDelimited;
    private boolean tunnel;
    private boolean inputClosed;
    private boolean draining;
    private boolean http10;
    private boolean headMethod;
    private boolean bodiless;
    private boolean awaitsContinue;
    private boolean headTimed;
    private byte[] upgradeProtocol = NO_PROTOCOL;
    private int dropped;

    public Http1ServerConnection(LoopContext loop, ServerSettings settings, StreamAcceptor acceptor) {
        this.loop = loop;
        this.settings = settings;
        this.acceptor = acceptor;
        this.parser = new Http1RequestParser(settings.limits());
        this.body = new Http1BodyReader(settings.limits());
    }

    // ---- from the channel ----

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        output = new Http1Output(added);
        loop.timers().arm(timer, settings.headTimeoutNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        process((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        StreamHandler current = handler;
        if (current != null) {
            current.onReadComplete(this);
        }
        out().flush();
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
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended(Failure.client(CLIENT_GONE, "the client closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended(Failure.client(CLIENT_GONE, cause.getMessage()));
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
        out().discard();
        if (pipelined != null) {
            pipelined.release();
            pipelined = null;
        }
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
    }

    // The client sent its FIN. Between requests that is goodbye; behind a whole request it only says that no more will come.
    private void inputEnded() {
        inputClosed = true;
        loop.clock().refresh();
        switch (state) {
            case HEAD, LINGER, DRAIN -> closeNow();
            case EXCHANGE -> {
                if (requestEnded) {
                    return;
                }
                if (body.endsWithInput()) {
                    requestEnded = true;
                    deliver(Unpooled.EMPTY_BUFFER, true);
                    channelReadComplete(ctx());
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
        switch (state) {
            case HEAD -> {
                if (head != null && parser.started()) {
                    refuse(Failure.client(HEAD_TIMEOUT, "the request head did not come in time"));
                    out().flush();
                } else {
                    closeNow();
                }
            }
            case DRAIN, LINGER -> closeNow();
            case EXCHANGE, CLOSED -> {}
        }
    }

    // ---- reading ----

    private void process(ByteBuf in) {
        if (processing || pipelined != null) {
            keep(in);
            return;
        }
        processing = true;
        ByteBuf current = in;
        while (current != null) {
            current = step(current);
        }
        processing = false;
    }

    /** Makes one step with {@code in}; returns what is to be worked on next, or null when there is nothing. */
    private @Nullable ByteBuf step(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return null;
        }
        switch (state) {
            case HEAD -> {
                return readHead(in) ? in : release(in);
            }
            case EXCHANGE -> {
                return readBody(in);
            }
            case DRAIN -> {
                return drain(in);
            }
            case LINGER -> {
                dropped += in.readableBytes();
                if (dropped > DRAIN_BYTES) {
                    closeNow();
                }
                return release(in);
            }
            case CLOSED -> {
                return release(in);
            }
        }
        throw new IllegalStateException("unreachable");
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
                refuse(Failure.client(parser.failure(), null));
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
        http10 = request.httpVersion() == 10;
        headMethod = request.method() == Method.HEAD;
        awaitsContinue = request.expectContinue();
        keepAlive = parser.keepAlive();
        if (request.upgradeLength() > 0) {
            int from = request.upgradeStart();
            upgradeProtocol = Arrays.copyOfRange(request.headers().array(), from, from + request.upgradeLength());
        }
        startMessages();
        if (parser.chunked()) {
            body.chunked();
        } else if (request.bodyLength() > 0) {
            body.fixed(request.bodyLength());
        } else {
            body.none();
        }
        requestEnded = body.finished();
        StreamHandler accepted = acceptor.accept(this);
        handler = accepted;
        accepted.onHead(this, request, requestEnded);
    }

    private void startMessages() {
        responseStarted = false;
        responseEnded = false;
        closeDelimited = false;
        tunnel = false;
        bodiless = false;
        dropped = 0;
    }

    private void refuse(Failure failure) {
        loop.timers().disarm(timer);
        RequestHead refused = Objects.requireNonNull(head);
        head = null;
        state = State.EXCHANGE;
        http10 = false;
        headMethod = refused.method() == Method.HEAD;
        keepAlive = false;
        awaitsContinue = false;
        startMessages();
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
        keepAlive = false;
        requestEnded = true;
        body.none();
        StreamHandler current = handler;
        if (current != null) {
            current.onReset(this, Failure.client(REQUEST_BODY_MALFORMED, "the body's framing is broken"));
        }
    }

    // What comes behind the request under way waits, and nothing more is read until it is this request's turn.
    private void keep(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return;
        }
        ByteBuf waiting = pipelined;
        if (waiting == null) {
            pipelined = in;
        } else {
            ByteBuf joined = ctx().alloc().ioBuffer(waiting.readableBytes() + in.readableBytes());
            joined.writeBytes(waiting).writeBytes(in);
            waiting.release();
            in.release();
            pipelined = joined;
        }
        pauseRead();
    }

    private @Nullable ByteBuf drain(ByteBuf in) {
        dropped += in.readableBytes();
        ByteBuf data = body.take(in);
        boolean all = data == in;
        if (data != null) {
            data.release();
        }
        if (body.failed() || dropped > DRAIN_BYTES) {
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

    // ---- HttpStream ----

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
            interim(response);
            return;
        }
        responseStarted = true;
        responseEnded = end;
        tunnel = response.status() == 101;
        Headers fields = response.headers();
        ByteBuf out = out().room(Http1HeadWriter.maxLength(fields) + 160);
        Http1HeadWriter.statusLine(out, response);
        Http1HeadWriter.fields(out, fields);
        if (!fields.contains(HeaderName.DATE)) {
            Http1HeadWriter.date(out, loop.clock().httpDate());
        }
        if (tunnel) {
            Http1HeadWriter.upgrade(out, upgradeProtocol);
            openTunnel();
        } else {
            framing(response, out, end);
            if (draining || awaitsContinue || (inputClosed && pipelined == null)) {
                keepAlive = false;
            }
            if (!keepAlive) {
                out.writeBytes(Http1HeadWriter.CLOSE);
            } else if (http10) {
                out.writeBytes(Http1HeadWriter.KEEP_ALIVE);
            }
        }
        out.writeBytes(Http1HeadWriter.CRLF);
    }

    private void interim(ResponseHead response) {
        if (http10) {
            return;
        }
        if (response.status() == 100) {
            awaitsContinue = false;
        }
        Headers fields = response.headers();
        ByteBuf out = out().room(Http1HeadWriter.maxLength(fields) + 64);
        Http1HeadWriter.statusLine(out, response);
        Http1HeadWriter.fields(out, fields);
        out.writeBytes(Http1HeadWriter.CRLF);
    }

    /** RFC 9112 §6.3, from the sender's side. */
    private void framing(ResponseHead response, ByteBuf out, boolean end) {
        int status = response.status();
        bodiless = headMethod || status == 204 || status == 304;
        boolean chunked = false;
        if (!bodiless && !response.headers().contains(HeaderName.CONTENT_LENGTH)) {
            if (end) {
                Http1HeadWriter.contentLength(out, 0);
            } else if (response.bodyLength() != Head.UNKNOWN_LENGTH) {
                Http1HeadWriter.contentLength(out, response.bodyLength());
            } else if (http10) {
                closeDelimited = true;
                keepAlive = false;
            } else {
                chunked = true;
                out.writeBytes(Http1HeadWriter.CHUNKED);
            }
        }
        out().chunked(chunked);
    }

    private void openTunnel() {
        keepAlive = false;
        out().chunked(false);
        requestEnded = false;
        body.untilEnd();
        // Bytes that came behind the request belong to the new protocol. Not from within this call, whose answer isn't out.
        ctx().executor().execute(() -> {
            resumePipelined();
            if (inputClosed) {
                inputEnded();
            }
        });
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (state != State.EXCHANGE || responseEnded || bodiless) {
            data.release();
            responseEnded |= end;
            return;
        }
        responseEnded = end;
        out().data(data, end);
        if (end && tunnel) {
            out().flushThen(this::shutdownOutput);
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (state == State.EXCHANGE && !responseEnded) {
            responseEnded = true;
            if (!bodiless) {
                out().trailers(trailers);
            }
        }
    }

    @Override
    public void flush() {
        if (state != State.CLOSED) {
            out().flush();
        }
    }

    @Override
    public boolean writable() {
        return ctx().channel().isWritable();
    }

    @Override
    public void pauseRead() {
        ctx().channel().config().setAutoRead(false);
    }

    @Override
    public void resumeRead() {
        ctx().channel().config().setAutoRead(true);
    }

    @Override
    public boolean complete() {
        return requestEnded && responseEnded;
    }

    @Override
    public void reset(Failure failure) {
        handler = null;
        if (state != State.EXCHANGE) {
            return;
        }
        if (closeDelimited || tunnel) {
            // A FIN would say that this was all of it.
            ctx().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        } else if (responseStarted) {
            out().flush();
        }
        closeNow();
    }

    @Override
    public void close() {
        handler = null;
        if (state != State.EXCHANGE) {
            return;
        }
        if (!responseEnded) {
            closeNow();
        } else if (tunnel || (inputClosed && pipelined == null)) {
            closeWhenSent();
        } else if (!keepAlive || draining) {
            linger();
        } else if (requestEnded) {
            next();
        } else {
            state = State.DRAIN;
            loop.timers().arm(timer, settings.lingerNanos());
            resumeRead();
        }
    }

    /** No further requests: an idle connection closes now, a busy one says so in its answer and closes after it. */
    public void drain() {
        draining = true;
        if (state == State.HEAD && (head == null || !parser.started())) {
            closeWhenSent();
        }
    }

    // ---- between requests, and the end ----

    private void next() {
        state = State.HEAD;
        headTimed = false;
        loop.timers().arm(timer, settings.keepAliveNanos());
        // While bytes are being processed, the loop there reads on with what it has.
        if (!processing) {
            resumePipelined();
        }
    }

    private void resumePipelined() {
        ByteBuf waiting = pipelined;
        if (waiting != null) {
            pipelined = null;
            process(waiting);
            channelReadComplete(ctx());
        }
        if (inputClosed && state == State.HEAD) {
            closeWhenSent();
        } else if (pipelined == null) {
            resumeRead();
        }
    }

    // A close with unread bytes in the socket becomes a RST, which can take our last answer with it (RFC 9112 §9.6).
    private void linger() {
        state = State.LINGER;
        dropped = 0;
        if (pipelined != null) {
            pipelined.release();
            pipelined = null;
        }
        loop.timers().arm(timer, settings.lingerNanos());
        out().flushThen(this::shutdownOutput);
        resumeRead();
    }

    private void closeWhenSent() {
        state = State.LINGER;
        loop.timers().arm(timer, settings.lingerNanos());
        out().flushThen(this::closeNow);
    }

    private void shutdownOutput() {
        if (ctx().channel().isActive()) {
            ((DuplexChannel) ctx().channel()).shutdownOutput();
        }
    }

    private void closeNow() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            loop.timers().remove(timer);
            release();
        }
        ctx().close();
    }

    private ChannelHandlerContext ctx() {
        return Objects.requireNonNull(context);
    }

    private Http1Output out() {
        return Objects.requireNonNull(output);
    }
}
