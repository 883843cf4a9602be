package io.foregate.proxy.codec;

import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.loop.LoopClock;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of one client connection: heads with the framing that the client's version and the request's method
 * call for (RFC 9112 §6), and bodies in it. Owned by its connection, reused from answer to answer.
 */
final class Http1ResponseWriter {
    private static final int FRAMING_BYTES = 160;
    private static final byte[] NO_PROTOCOL = {};

    private final Http1Wire wire;
    private final LoopClock clock;
    private boolean http10;
    private boolean headMethod;
    private boolean started;
    private boolean ended;
    private boolean tunnel;
    private boolean bodiless;
    private boolean closeDelimited;
    private boolean last;
    private byte[] upgradeProtocol = NO_PROTOCOL;
    private byte @Nullable [] webSocketKey;

    Http1ResponseWriter(Http1Wire wire, LoopClock clock) {
        this.wire = wire;
        this.clock = clock;
    }

    /** Begins the answer to a request. */
    void begin(RequestHead request) {
        begin(request.httpVersion() == 10, request.method() == Method.HEAD);
        if (request.upgradeLength() > 0) {
            int from = request.upgradeStart();
            upgradeProtocol = Arrays.copyOfRange(request.headers().array(), from, from + request.upgradeLength());
            webSocketKey = WebSocketKeys.of(request);
        }
    }

    /** Begins the answer to a request whose head isn't whole, or can't be read. */
    void beginRefusal(RequestHead refused) {
        begin(false, refused.method() == Method.HEAD);
    }

    private void begin(boolean toHttp10, boolean toHeadMethod) {
        http10 = toHttp10;
        headMethod = toHeadMethod;
        last = false;
        started = false;
        ended = false;
        tunnel = false;
        bodiless = false;
        closeDelimited = false;
    }

    /** Whether the final head has been written. */
    boolean started() {
        return started;
    }

    /** Whether the answer has been written to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether its head says that no other answer follows. */
    boolean last() {
        return last;
    }

    /** Whether the connection belongs to another protocol since a 101. */
    boolean tunnel() {
        return tunnel;
    }

    /** Whether only the end of the connection tells the end of the body. */
    boolean endsWithConnection() {
        return tunnel || closeDelimited;
    }

    /** Whether a body of known length is under way that goes out as it is. */
    boolean takesPlainBytes() {
        return started && !ended && !bodiless && !tunnel && !wire.chunked();
    }

    /** Writes a 1xx, which HTTP/1.0 knows nothing of. */
    void interim(ResponseHead head) {
        if (http10) {
            return;
        }
        Headers fields = head.headers();
        ByteBuf out = wire.room(Http1HeadWriter.maxLength(fields) + FRAMING_BYTES);
        Http1HeadWriter.statusLine(out, head);
        Http1HeadWriter.fields(out, fields);
        out.writeBytes(Http1HeadWriter.CRLF);
    }

    /** Writes a 101 for the protocol that was asked for, after which bytes go out as they are. */
    void switchTo(ResponseHead head) {
        started = true;
        tunnel = true;
        WebSocketKeys.prove(head, webSocketKey);
        ByteBuf out = start(head, upgradeProtocol.length);
        Http1HeadWriter.upgrade(out, upgradeProtocol);
        out.writeBytes(Http1HeadWriter.CRLF);
        wire.chunked(false);
    }

    /** Writes the final head of an answer that is the {@code asLast} one, or becomes it because only a close can tell its end. */
    void head(ResponseHead head, boolean end, boolean asLast) {
        started = true;
        ended = end;
        ByteBuf out = start(head, 0);
        boolean chunked = framing(out, head, end);
        last = asLast || closeDelimited;
        if (last) {
            out.writeBytes(Http1HeadWriter.CLOSE);
        } else if (http10) {
            out.writeBytes(Http1HeadWriter.KEEP_ALIVE);
        }
        out.writeBytes(Http1HeadWriter.CRLF);
        wire.chunked(chunked);
    }

    private ByteBuf start(ResponseHead head, int more) {
        Headers fields = head.headers();
        ByteBuf out = wire.room(Http1HeadWriter.maxLength(fields) + FRAMING_BYTES + more);
        Http1HeadWriter.statusLine(out, head);
        Http1HeadWriter.fields(out, fields);
        if (!fields.contains(HeaderName.DATE)) {
            Http1HeadWriter.date(out, clock.httpDate());
        }
        return out;
    }

    /** RFC 9112 §6.3, from the sender's side; returns whether the body is sent in chunks. */
    private boolean framing(ByteBuf out, ResponseHead head, boolean end) {
        int status = head.status();
        bodiless = headMethod || status == 204 || status == 304;
        if (bodiless || head.headers().contains(HeaderName.CONTENT_LENGTH)) {
            return false;
        }
        if (end) {
            Http1HeadWriter.contentLength(out, 0);
        } else if (head.bodyLength() != Head.UNKNOWN_LENGTH) {
            Http1HeadWriter.contentLength(out, head.bodyLength());
        } else if (http10) {
            closeDelimited = true;
        } else {
            out.writeBytes(Http1HeadWriter.CHUNKED);
            return true;
        }
        return false;
    }

    /** Writes body bytes, whose ownership passes. */
    void data(ByteBuf data, boolean end) {
        if (ended || bodiless) {
            data.release();
        } else {
            wire.data(data, end);
        }
        ended |= end;
    }

    void trailers(Headers trailers) {
        if (!ended && !bodiless) {
            wire.trailers(trailers);
        }
        ended = true;
    }
}
