package io.foregate.proxy.exchange;

import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.SmallPieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;

/**
 * The part of a request's body that the exchange holds: what came before an endpoint could take it, and, for requests that may
 * be repeated, what has been sent, up to a bound, so that it can be sent again.
 *
 * <p>Owned by its exchange; owns its buffers. Holds nothing once a body that can't be repeated flows.
 */
final class RequestBody {
    /** Each part holds a whole receive buffer, however little is in it: so many bytes make one more part than at least. */
    private static final int BYTES_FOR_PART = 4 * 1024;

    private static final int LEAST_PARTS = 16;

    private final ArrayList<ByteBuf> parts = new ArrayList<>(4);
    private final SmallPieces small = new SmallPieces();
    private int sent;
    private int heldBytes;
    private int keepBytes;
    private boolean keeps;
    private boolean ended;
    private boolean started;

    /** Begins a body; {@code ended} when there is none. */
    void begin(boolean ended) {
        this.keeps = false;
        this.ended = ended;
        this.started = false;
    }

    /** Keeps what is sent, unless sending has begun already or there is more than {@code bytes} of it. */
    void keep(int bytes) {
        keepBytes = bytes;
        keeps = !started && !tooLarge();
    }

    private boolean tooLarge() {
        return heldBytes > keepBytes || parts.size() > LEAST_PARTS + keepBytes / BYTES_FOR_PART;
    }

    /** Whether sending can begin anew: nothing has been sent, or all of it is still here. */
    boolean repeatable() {
        return keeps || !started;
    }

    /** Whether what is sent is kept for sending it again. */
    boolean keeps() {
        return keeps;
    }

    /** Whether anything of the body has been sent. */
    boolean started() {
        return started;
    }

    /** Notes that data went straight to the endpoint. */
    void passed(boolean end) {
        started = true;
        ended = end;
    }

    /** Whether the body has been received whole. */
    boolean ended() {
        return ended;
    }

    /** Whether there is anything that has not been sent. */
    boolean pending() {
        return sent < parts.size();
    }

    /** Takes body bytes that came, for {@link #sendTo}. */
    void add(ByteBuf data, boolean end) {
        ended = end;
        heldBytes += data.readableBytes();
        ByteBuf added = small.behind(pending() ? parts.getLast() : null, data);
        if (added != null) {
            parts.add(added);
        }
        if (keeps && tooLarge()) {
            keeps = false;
            dropSent();
        }
    }

    /** Shows what has come to a copy, before any of it has been sent; {@code end} says whether the message ends with it. */
    void copyTo(MirroredRequest copy, boolean end) {
        int count = parts.size();
        for (int i = 0; i < count; i++) {
            copy.data(parts.get(i), end && ended && i == count - 1);
        }
    }

    /** Sends what has not been sent. Ends the stream's message with it when the body is whole and {@code end} is true. */
    void sendTo(HttpStream stream, boolean end) {
        int count = parts.size();
        if (sent == count) {
            if (ended && end) {
                stream.writeData(Unpooled.EMPTY_BUFFER, true);
            }
            return;
        }
        started = true;
        int from = sent;
        sent = count;
        for (int i = from; i < count; i++) {
            stream.writeData(parts.get(i).retainedDuplicate(), end && ended && i == count - 1);
        }
        if (!keeps) {
            dropSent();
        }
    }

    /** Sends all of it, which is here whole, another time, and ends the stream's message with it when {@code end} is true. */
    void sendCopyTo(HttpStream stream, boolean end) {
        int count = parts.size();
        for (int i = 0; i < count; i++) {
            stream.writeData(parts.get(i).retainedDuplicate(), end && i == count - 1);
        }
        if (count == 0 && end) {
            stream.writeData(Unpooled.EMPTY_BUFFER, true);
        }
    }

    /** Begins anew with another stream. */
    void rewind() {
        sent = 0;
    }

    private void dropSent() {
        for (int i = 0; i < sent; i++) {
            parts.get(i).release();
        }
        parts.subList(0, sent).clear();
        sent = 0;
    }

    /** An answer has begun: nothing will be repeated. */
    void forgetSent() {
        keeps = false;
        if (sent > 0) {
            dropSent();
        }
    }

    void clear() {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).release();
        }
        parts.clear();
        small.forget();
        sent = 0;
        heldBytes = 0;
        keepBytes = 0;
        keeps = false;
        ended = false;
        started = false;
    }
}
