package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.RESPONSE_MALFORMED;

import io.foregate.api.message.Headers;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The reading side of an upstream connection: what comes in becomes heads and bodies of the answer that is due. What comes behind
 * that must never be taken for the answer to the next request, so it ends the connection.
 *
 * <p>Owned by its connection, reused from answer to answer.
 */
final class Http1ResponseReader {
    private final Http1ClientConnection connection;
    private final LoopContext loop;
    private final Http1ResponseParser parser;
    private final Http1BodyReader body;
    private @Nullable ResponseHead head;
    private boolean started;
    private boolean headDone;
    private boolean ended;
    private boolean persistent;
    private int keepAliveSeconds = -1;

    /** @param body also told of what goes past it, from socket to socket */
    Http1ResponseReader(Http1ClientConnection connection, LoopContext loop, HeadLimits limits, Http1BodyReader body) {
        this.connection = connection;
        this.loop = loop;
        this.parser = new Http1ResponseParser(limits);
        this.body = body;
    }

    /** Begins to wait for an answer. */
    void begin() {
        started = false;
        headDone = false;
        ended = false;
    }

    /** Whether any byte of the answer has come. */
    boolean started() {
        return started;
    }

    /** Whether the answer has come to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether only the end of input ends the answer, of which the head is here. */
    boolean endsWithInput() {
        return headDone && body.endsWithInput();
    }

    /** Whether another answer may follow on the connection, as far as this one goes (RFC 9112 §9.3). */
    boolean persistent() {
        return persistent;
    }

    /** How long the origin said it keeps idle connections, in seconds, or -1. */
    int keepAliveSeconds() {
        return keepAliveSeconds;
    }

    /** Takes what has come in, whose ownership passes. */
    void read(ByteBuf in) {
        ByteBuf current = in;
        while (current != null) {
            current = step(current);
        }
    }

    private @Nullable ByteBuf step(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            return null;
        }
        if (ended || connection.active() == 0) {
            in.release();
            persistent = false;
            connection.closeIdle();
            return null;
        }
        started = true;
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
        switch (parser.read(in, into, connection.request().headMethod())) {
            case MORE -> {
                return false;
            }
            case FAILED -> {
                connection.fail(parser.failure(), "the origin's answer head can't be parsed or is too large");
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
        StreamHandler current = connection.handler();
        if (response.interim()) {
            connection.request().interim(response.status());
            if (current != null) {
                current.onHead(connection, response, false);
            } else {
                loop.heads().give(response);
            }
            return true;
        }
        headDone = true;
        keepAliveSeconds = parser.keepAliveSeconds();
        // Whether it takes what follows for the body, or for another request, nobody knows (RFC 9110 §10.1.1).
        persistent = parser.keepAlive() && !connection.request().awaitsContinue();
        if (response.status() == 101) {
            String wrong = connection.request().switched(response, parser.upgrades());
            if (wrong != null) {
                loop.heads().give(response);
                connection.fail(RESPONSE_MALFORMED, wrong);
                return false;
            }
            persistent = false;
            body.untilEnd();
        } else {
            boolean chunked = parser.chunked() && response.bodyLength() != 0;
            body.begin(chunked, response.bodyLength());
            persistent &= !body.endsWithInput();
        }
        ended = body.finished();
        surplus(moreFollows);
        if (current != null) {
            current.onHead(connection, response, ended);
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
            connection.fail(RESPONSE_MALFORMED, "the framing of the origin's body is broken");
            return null;
        }
        ended = body.finished();
        surplus(data != in && in.isReadable());
        Headers trailers = ended ? body.trailers() : null;
        if (data != null || (ended && trailers == null)) {
            deliver(data != null ? data : Unpooled.EMPTY_BUFFER, ended && trailers == null);
        }
        StreamHandler current = connection.handler();
        if (trailers != null && current != null) {
            current.onTrailers(connection, trailers);
        }
        return data == in ? null : in;
    }

    // At once: the exchange may give the connection back before these bytes are looked at.
    private void surplus(boolean moreFollows) {
        if (ended && moreFollows) {
            persistent = false;
        }
    }

    private void deliver(ByteBuf data, boolean end) {
        StreamHandler current = connection.handler();
        if (current != null) {
            current.onData(connection, data, end);
        } else {
            data.release();
        }
    }

    /** The end of input ends an answer that {@link #endsWithInput}. */
    void end() {
        ended = true;
        deliver(Unpooled.EMPTY_BUFFER, true);
    }

    /** Lets go of a head that isn't whole. */
    void release() {
        if (head != null) {
            loop.heads().give(head);
            head = null;
        }
    }
}
