package io.foregate.proxy.codec;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.Defence;
import org.jspecify.annotations.Nullable;

/** Tells what a client's HTTP/1 connection was kept from doing. Owned by its connection. */
final class Http1Guard {
    private final LoopContext loop;
    private final StreamAcceptor client;

    Http1Guard(LoopContext loop, StreamAcceptor client) {
        this.loop = loop;
        this.client = client;
    }

    /** A head was refused; returns why, for the answer. */
    Failure head(Failure.Kind why) {
        if (why == Failure.Kind.HEAD_TOO_LARGE) {
            tripped(Defence.HEADER_FLOOD, "the request head has more bytes or fields than allowed");
        }
        return Failure.client(why, null);
    }

    /** A head took too long; returns why, for the answer. */
    Failure slowHead() {
        tripped(Defence.SLOW_HEAD, "the request head did not come in time");
        return Failure.client(Failure.Kind.HEAD_TIMEOUT, "the request head did not come in time");
    }

    /** A body's framing is broken, or abused; returns why, for the answer. */
    Failure body(@Nullable Defence abused) {
        if (abused != null) {
            tripped(abused, "the request's body is more framing than data");
        }
        return Failure.client(Failure.Kind.REQUEST_BODY_MALFORMED, "the body's framing is broken");
    }

    /** What was left of an answer when its exchange was over isn't read. */
    void slowReader() {
        tripped(Defence.SLOW_READ, "the rest of an answer was read slower than the minimum rate");
    }

    private void tripped(Defence defence, String why) {
        loop.defences().tripped(defence, client.peer(), why);
    }
}
