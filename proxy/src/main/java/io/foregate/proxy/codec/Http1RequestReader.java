package io.foregate.proxy.codec;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of a client's connection: what comes in becomes heads and bodies, of one request at a time. While one is under
 * way, what the client pipelines behind it waits unparsed in one buffer and reading stops. Between requests no head and no buffer
 * are held.
 *
 * <p>What is done with bytes follows from the connection's state. Owned by its connection.
 */
final class Http1RequestReader {
    private final Http1ServerConnection connection;
    private final LoopContext loop;
    private final Http1Ending ending;
    private final Http1RequestParser parser;
    private final Http1BodyReader body;
    private @Nullable RequestHead head;
    private @Nullable ByteBuf pipelined;
    private boolean processing;
    private boolean headTimed;
    private boolean ended;
    private boolean persistent;
    private boolean awaitsContinue;
    private boolean inputClosed;

    Http1RequestReader(Http1ServerConnection connection, LoopContext loop, HeadLimits limits, Http1Ending ending) {
        this.connection = connection;
        this.loop = loop;
        this.ending = ending;
        this.parser = new Http1RequestParser(limits);
        this.body = new Http1BodyReader(limits, true);
    }

    /** Whether a head has begun and isn't whole. */
    boolean withinHead() {
        return head != null && parser.started();
    }

    /** Whether the request has come to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether only the end of input ends the request. */
    boolean endsWithInput() {
        return !ended && body.endsWithInput();
    }

    /** Whether another request may follow on the connection, as far as this one goes (RFC 9112 §9.3). */
    boolean persistent() {
        return persistent;
    }

    /** Whether the client may hold its body back until it is told to go on, or gets an answer. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    /** The client was told to go on. */
    void continued() {
        awaitsContinue = false;
    }

    /** Whether bytes wait for the request under way to be answered. */
    boolean waits() {
        return pipelined != null;
    }

    /** Whether nothing comes any more, and nothing waits. */
    boolean exhausted() {
        return inputClosed && pipelined == null;
    }

    /** Whether it is at work, and goes on by itself with what it has. */
    boolean processing() {
        return processing;
    }

    /** Takes what has come in, whose ownership passes. */
    void read(ByteBuf in) {
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
        if (connection.state() == Http1ServerConnection.State.HEAD && pipelined == null) {
            connection.resumeRead();
        }
    }

    /** Makes one step with {@code in}; returns what is to be worked on next, or null when there is nothing. */
    private @Nullable ByteBuf step(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return null;
        }
        return switch (connection.state()) {
            case HEAD -> {
                if (connection.writable()) {
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
                    connection.closeNow();
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

    // ---- heads ----

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
                    connection.headBegins();
                }
                return false;
            }
            case FAILED -> connection.refuse(parser.failure());
            case DONE -> begin(into);
        }
        return true;
    }

    private void begin(RequestHead request) {
        headTimed = false;
        head = null;
        awaitsContinue = request.expectContinue();
        persistent = parser.keepAlive();
        body.begin(parser.chunked(), request.bodyLength());
        ended = body.finished();
        connection.begin(request, ended);
    }

    /** Gives up the head that it is at, which passes to the caller: it is answered as a request that has ended, the last one. */
    RequestHead giveUp() {
        RequestHead refused = Objects.requireNonNull(head);
        head = null;
        awaitsContinue = false;
        persistent = false;
        body.none();
        ended = true;
        return refused;
    }

    // ---- bodies ----

    private @Nullable ByteBuf readBody(ByteBuf in) {
        if (ended) {
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
            malformed();
            return null;
        }
        ended = body.finished();
        if (ended && body.trailers() != null) {
            if (data != null) {
                deliver(data, false);
            }
            StreamHandler current = connection.handler();
            Headers trailers = body.trailers();
            if (current != null && trailers != null) {
                current.onTrailers(connection, trailers);
            }
        } else if (data != null || ended) {
            deliver(data != null ? data : Unpooled.EMPTY_BUFFER, ended);
        }
        return data == in ? null : in;
    }

    private void deliver(ByteBuf data, boolean end) {
        StreamHandler current = connection.handler();
        if (current != null) {
            current.onData(connection, data, end);
        } else {
            data.release();
        }
    }

    // The exchange hears of it and answers if it still can; the connection can't be used after that.
    private void malformed() {
        persistent = false;
        ended = true;
        Failure failure = connection.guard().body(body.defence());
        body.none();
        StreamHandler current = connection.handler();
        if (current != null) {
            current.onReset(connection, failure);
        }
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
            connection.linger();
            return null;
        }
        if (body.finished()) {
            connection.next();
        }
        return all ? null : in;
    }

    /** The connection belongs to another protocol: bytes go on until the end of input. */
    void becomesTunnel() {
        persistent = false;
        ended = false;
        body.untilEnd();
    }

    // ---- what waits, and the end ----

    // What comes behind the request under way waits, and nothing more is read until it is this request's turn.
    private void keep(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return;
        }
        pipelined = pipelined == null ? in : connection.wire().join(pipelined, in);
        connection.pauseRead();
    }

    /** Goes on with what waits. */
    void resume() {
        // First, so that whoever stops reading from now on is heeded.
        connection.resumeRead();
        ByteBuf waiting = pipelined;
        if (waiting != null) {
            pipelined = null;
            read(waiting);
            connection.readComplete();
        }
        if (exhausted()) {
            switch (connection.state()) {
                case HEAD -> connection.closeWhenSent();
                case EXCHANGE -> inputEnded();
                case DRAIN, LINGER, CLOSED -> {}
            }
        }
    }

    /** The client's FIN: between requests that is goodbye, behind a whole one it only says that no more will come. */
    void inputEnded() {
        inputClosed = true;
        loop.clock().refresh();
        switch (connection.state()) {
            // Part of the last answer may still wait for a client that reads slowly, and requests behind it.
            case HEAD -> {
                if (pipelined == null) {
                    connection.closeWhenSent();
                }
            }
            case LINGER, DRAIN -> connection.closeWhenSent();
            case EXCHANGE -> {
                if (ended || pipelined != null) {
                    return;
                }
                if (body.endsWithInput()) {
                    ended = true;
                    deliver(Unpooled.EMPTY_BUFFER, true);
                    connection.readComplete();
                } else {
                    connection.gone("the client ended its request before the end of the body");
                }
            }
            case CLOSED -> {}
        }
    }

    /** Lets go of what it holds. */
    void release() {
        if (pipelined != null) {
            pipelined.release();
            pipelined = null;
        }
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
    }
}
