package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes the requests of one upstream connection: heads with the framing that they need (RFC 9112 §6) and what they ask of the
 * connection, and bodies in it. Owned by its connection, reused from request to request.
 */
final class Http1RequestWriter {
    private static final int OWN_FIELDS_BYTES = 256;

    private final Http1Wire wire;
    private boolean ended;
    private boolean headMethod;
    private boolean asksUpgrade;
    private boolean awaitsContinue;
    private boolean tunnel;
    private byte @Nullable [] webSocketKey;

    Http1RequestWriter(Http1Wire wire) {
        this.wire = wire;
    }

    /** Begins another request. */
    void begin() {
        ended = false;
        tunnel = false;
    }

    /** Whether the request has been written to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether the answer has no body, whatever its head says. */
    boolean headMethod() {
        return headMethod;
    }

    /** Whether the origin hasn't yet said that it wants the body, as it was asked to. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    /** An answer before the answer has come. */
    void interim(int status) {
        awaitsContinue &= status != 100;
    }

    /** Whether the connection belongs to another protocol since a 101. */
    boolean tunnel() {
        return tunnel;
    }

    /** Writes the head, which is borrowed, and the request's end with it when {@code end} is true. */
    void head(RequestHead request, boolean end) {
        Headers fields = request.headers();
        headMethod = request.method() == Method.HEAD;
        asksUpgrade = request.upgradeLength() > 0;
        awaitsContinue = request.expectContinue();
        ended = end;
        ByteBuf out = wire.room(request.methodLength()
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
        wire.chunked(chunked);
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

    /** Writes body bytes, whose ownership passes. */
    void data(ByteBuf data, boolean end) {
        if (ended) {
            data.release();
            return;
        }
        ended = end;
        wire.data(data, end);
        if (end && tunnel) {
            wire.flushThenShutdown();
        }
    }

    void trailers(Headers trailers) {
        if (!ended) {
            ended = true;
            wire.trailers(trailers);
        }
    }

    /** The origin answers with a 101: bytes go out as they are from now on. Returns what is wrong with that answer, or null. */
    @Nullable
    String switched(ResponseHead answer, boolean namesProtocol) {
        if (!asksUpgrade || !namesProtocol) {
            return "the origin changed the protocol unasked";
        }
        if (webSocketKey != null && !WebSocketKeys.takeProof(answer, webSocketKey)) {
            return "the origin's answer doesn't prove that it understood the WebSocket";
        }
        tunnel = true;
        ended = false;
        wire.chunked(false);
        return null;
    }
}
