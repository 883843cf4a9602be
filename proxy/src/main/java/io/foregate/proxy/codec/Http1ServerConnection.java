package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.CLIENT_GONE;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.loop.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1 connection, and the stream of the one request that is under way on it (RFC 9112): its life, from one request to
 * the next and to its end. Requests are read by {@link Http1RequestReader}, answers written by {@link Http1ResponseWriter}, one
 * after the other.
 */
public final class Http1ServerConnection extends ChannelInboundHandlerAdapter
        implements HttpStream, DownstreamConnection, Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Http1ServerConnection.class);

    /** What the connection is at, and with that what bytes of the client are. */
    enum State {
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
    private final Timer timer = new Timer(this);
    private final Http1Guard guard;
    private final Http1Ending ending;
    private final Http1RequestReader request;
    private @Nullable Http1Wire wire;
    private @Nullable Http1ResponseWriter answer;
    private @Nullable StreamHandler handler;
    private State state = State.HEAD;
    private String goneBecause = "the client closed the connection";
    private boolean closeNotified;
    private boolean draining;
    private boolean windingDown;

    public Http1ServerConnection(LoopContext loop, ServerSettings settings, StreamAcceptor acceptor) {
        this.loop = loop;
        this.settings = settings;
        this.acceptor = acceptor;
        this.guard = new Http1Guard(loop, acceptor);
        this.ending = new Http1Ending(loop, settings, timer, guard);
        this.request = new Http1RequestReader(this, loop, settings.limits(), ending);
    }

    // ---- for the reader ----

    State state() {
        return state;
    }

    @Nullable
    StreamHandler handler() {
        return handler;
    }

    Http1Guard guard() {
        return guard;
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
        request.read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    /** A batch of reads is over. */
    void readComplete() {
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
        } else if (state == State.HEAD && request.waits()) {
            wire().later(request::resume);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            // A FIN that no close_notify announced may be an attacker's (RFC 8446 §6.1): it ends nothing properly.
            if (wire().secure() && !closeNotified) {
                gone("the client's connection ended without close_notify");
            } else {
                request.inputEnded();
            }
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            closeNotified = true;
            closeNotified();
        }
    }

    // The TLS layer writes no more once the client has said goodbye: an answer under way has lost its reader.
    private void closeNotified() {
        if (state == State.EXCHANGE && request.endsWithInput()) {
            request.inputEnded();
        }
        gone("the client closed the connection");
    }

    /** The client is gone, or as good as that: what is under way ends, and so does the connection. */
    void gone(String because) {
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
        request.release();
    }

    @Override
    public void onTimeout(Timer expired) {
        if (state == State.HEAD && request.withinHead()) {
            refuse(guard.slowHead());
            wire().flush();
        } else if (state != State.EXCHANGE && state != State.CLOSED && ending.due(wire())) {
            closeNow();
        }
    }

    // ---- a request comes in ----

    /** A head has begun whose rest isn't there yet. */
    void headBegins() {
        loop.timers().arm(timer, settings.headTimeoutNanos());
    }

    /** A head is there, and passes to the exchange. */
    void begin(RequestHead head, boolean end) {
        loop.timers().disarm(timer);
        state = State.EXCHANGE;
        answer().begin(head);
        StreamHandler accepted = acceptor.accept(this);
        handler = accepted;
        accepted.onHead(this, head, end);
    }

    /** The head that has begun can't be read on. */
    void refuse(Failure.Kind why) {
        refuse(guard.head(why));
    }

    private void refuse(Failure failure) {
        loop.timers().disarm(timer);
        state = State.EXCHANGE;
        RequestHead refused = request.giveUp();
        answer().beginRefusal(refused);
        acceptor.refuse(this, refused, failure);
    }

    // ---- the stream of the request under way ----

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
            if (response.status() == 100) {
                request.continued();
            }
            answer().interim(response);
        } else if (response.status() == 101) {
            answer().switchTo(response);
            request.becomesTunnel();
            // What came behind the request belongs to the new protocol.
            // Not from within this call: its answer isn't out.
            wire().later(request::resume);
        } else {
            boolean last = windingDown
                    || request.awaitsContinue()
                    || request.exhausted()
                    || !request.persistent()
                    || response.status() == 408;
            answer().head(response, end, last);
        }
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
        return request.ended() && answer().ended();
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
        } else if (answer().tunnel() || request.exhausted()) {
            closeWhenSent();
        } else if (answer().last() || !request.persistent() || draining) {
            linger();
        } else if (request.ended()) {
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
        if (state == State.HEAD && !request.withinHead()) {
            closeWhenSent();
        }
    }

    @Override
    public void windDown() {
        windingDown = true;
    }

    // ---- between requests, and the end ----

    /** The request is over on both sides: another may come. */
    void next() {
        if (draining) {
            closeWhenSent();
            return;
        }
        state = State.HEAD;
        loop.timers().arm(timer, settings.keepAliveNanos());
        if (!request.processing()) {
            request.resume();
        }
    }

    /** A close with unread bytes in the socket becomes a RST, which can take our last answer with it (RFC 9112 §9.6). */
    void linger() {
        state = State.LINGER;
        request.release();
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

    /** Sends what was written, and closes. */
    void closeWhenSent() {
        state = State.LINGER;
        ending.begin();
        wire().flushThen(this::closeNow);
    }

    /** Closes at once. */
    void closeNow() {
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

    Http1Wire wire() {
        return Objects.requireNonNull(wire);
    }
}
