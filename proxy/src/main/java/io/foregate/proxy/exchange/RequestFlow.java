package io.foregate.proxy.exchange;

import io.foregate.api.message.Headers;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HttpStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The request on its way from the client to an endpoint: held back until there is one, kept as long as it may have to be sent
 * again, and otherwise pumped through. Owned by its exchange.
 */
final class RequestFlow {
    private final RequestBody body = new RequestBody();
    private final Relay relay = new Relay();
    private @Nullable HttpStream from;
    private @Nullable HttpStream to;
    private @Nullable Headers trailers;
    private @Nullable MirroredRequest mirrored;
    private boolean heldBack;
    private boolean ended;

    /** Begins with a head from {@code client}. */
    void begin(HttpStream client, boolean bodiless) {
        from = client;
        ended = bodiless;
        body.begin(bodiless);
    }

    /** Keeps what is sent of a body, up to {@code bytes}: it may have to be sent again. */
    void keep(int bytes) {
        if (!body.ended() || body.pending()) {
            body.keep(bytes);
        }
    }

    /** Begins a copy of the request that is sent elsewhere, too: of what has come, and of what comes. */
    void mirrorTo(MirroredRequest copy) {
        mirrored = copy;
        Headers last = trailers;
        body.copyTo(copy, last == null);
        if (last != null) {
            copy.trailers(last);
        }
        copy.start(ended);
    }

    /** Whether the client has sent all of it. */
    boolean ended() {
        return ended;
    }

    /** Whether the client can't send because it was stopped. */
    boolean stopped() {
        return heldBack || relay.paused();
    }

    /** Stops the client until there is an endpoint. */
    void holdBack() {
        HttpStream client = from;
        if (!heldBack && !ended && client != null) {
            heldBack = true;
            client.pauseRead();
        }
    }

    /** Sends the head, and what there is of the body, to an endpoint; what comes from now on follows. */
    void sendTo(HttpStream endpoint, RequestHead head) {
        HttpStream client = Objects.requireNonNull(from);
        // A dead connection takes no data, so the client may have been stopped on its account.
        heldBack |= relay.paused();
        relay.begin(client, endpoint);
        to = endpoint;
        boolean bodiless = body.ended() && !body.pending() && trailers == null;
        endpoint.writeHead(head, bodiless);
        if (!bodiless) {
            sendHeld(endpoint);
        }
        if (heldBack) {
            heldBack = false;
            client.resumeRead();
        }
    }

    private void sendHeld(HttpStream endpoint) {
        Headers last = trailers;
        body.sendTo(endpoint, last == null);
        if (last != null) {
            endpoint.writeTrailers(last);
        }
    }

    /** Sends all of it, which has come whole and is still here, to a second endpoint as well. */
    void sendCopy(HttpStream endpoint, RequestHead head) {
        Headers last = trailers;
        boolean bodiless = !body.started() && last == null;
        endpoint.writeHead(head, bodiless);
        if (!bodiless) {
            body.sendCopyTo(endpoint, last == null);
            if (last != null) {
                endpoint.writeTrailers(last);
            }
        }
    }

    /** What follows, if anything does, goes to this endpoint, which has got all before it. */
    void goOnTo(HttpStream endpoint) {
        relay.begin(Objects.requireNonNull(from), endpoint);
        to = endpoint;
    }

    /** Takes body bytes, whose ownership passes. */
    void data(ByteBuf data, boolean end) {
        ended = end;
        MirroredRequest copy = mirrored;
        if (copy != null) {
            copy.data(data, end);
        }
        HttpStream endpoint = to;
        if (endpoint != null && !body.pending() && !body.keeps()) {
            body.passed(end);
            relay.data(data, end);
            return;
        }
        body.add(data, end);
        if (endpoint != null) {
            sendHeld(endpoint);
            relay.check();
        } else if (!end) {
            holdBack();
        }
    }

    /** The body has ended with trailers, which are borrowed. */
    void trailers(Headers last) {
        ended = true;
        Headers copy = new Headers();
        copy.copyFrom(last);
        // Some origins read trailers as if they were fields of the head, in which it is us who say who asks.
        Claims.remove(copy, false);
        trailers = copy;
        MirroredRequest mirror = mirrored;
        if (mirror != null) {
            mirror.trailers(copy);
        }
        body.add(Unpooled.EMPTY_BUFFER, true);
        HttpStream endpoint = to;
        if (endpoint != null) {
            sendHeld(endpoint);
        }
    }

    /** The endpoint can take more. */
    void resume() {
        relay.resume();
    }

    /** The endpoint is lost; another may follow. */
    void lost() {
        to = null;
        body.rewind();
    }

    /** Whether it can be sent again from its beginning. */
    boolean repeatable() {
        return body.repeatable();
    }

    /** Whether no origin can have acted on it, because it has a body of which nothing was sent. */
    boolean untouched() {
        return !body.started() && !body.ended();
    }

    /** An answer has begun: it won't be sent again. */
    void answered() {
        body.forgetSent();
    }

    /** The connection has changed its protocol: bytes go on without end. */
    void becomesTunnel() {
        ended = false;
        body.passed(false);
    }

    void clear() {
        MirroredRequest copy = mirrored;
        if (copy != null) {
            mirrored = null;
            copy.originalEnded(ended);
        }
        body.clear();
        relay.clear();
        from = null;
        to = null;
        trailers = null;
        heldBack = false;
        ended = false;
    }
}
