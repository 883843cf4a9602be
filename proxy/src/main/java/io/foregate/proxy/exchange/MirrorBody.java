package io.foregate.proxy.exchange;

import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.HttpStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a mirror's copy: passed on as it comes where the mirror takes it, held where it doesn't, up to a bound. What is held is
 * copied, since a piece of a body may keep a receive buffer of half a megabyte from being used again. Owned by its request.
 */
final class MirrorBody {
    private final ByteBufAllocator buffers;
    private final long mostBytes;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>(4);
    private long heldBytes;
    private @Nullable Headers trailers;
    private boolean any;
    private boolean whole;
    private boolean finished;

    MirrorBody(ByteBufAllocator buffers, long mostBytes) {
        this.buffers = buffers;
        this.mostBytes = mostBytes;
    }

    /** Nothing more comes. */
    void ended() {
        whole = true;
    }

    /** Whether the request is its head alone. */
    boolean isNothing() {
        return whole && !any && trailers == null;
    }

    /** Takes a borrowed piece; false when more would be held than may be. {@code to} is null as long as there is no stream. */
    boolean add(ByteBuf data, boolean end, @Nullable HttpStream to) {
        whole = end;
        any = true;
        if (to != null && held.isEmpty() && to.writable()) {
            finished = end;
            to.writeData(data.retainedDuplicate(), end);
            return true;
        }
        int bytes = data.readableBytes();
        if (heldBytes + bytes > mostBytes) {
            return false;
        }
        if (bytes > 0) {
            heldBytes += bytes;
            held.addLast(buffers.buffer(bytes).writeBytes(data, data.readerIndex(), bytes));
        }
        if (to != null) {
            sendTo(to);
        }
        return true;
    }

    /** Takes the trailers that end the body. */
    void trailers(Headers last, @Nullable HttpStream to) {
        whole = true;
        trailers = last;
        if (to != null) {
            sendTo(to);
        }
    }

    /** Sends what is held, as far as {@code to} takes it, and the end when it is reached. After the head. */
    void sendTo(HttpStream to) {
        while (!held.isEmpty() && to.writable()) {
            ByteBuf next = held.removeFirst();
            heldBytes -= next.readableBytes();
            finished = whole && held.isEmpty() && trailers == null;
            to.writeData(next, finished);
        }
        if (whole && held.isEmpty() && !finished && !isNothing()) {
            finished = true;
            Headers last = trailers;
            if (last != null) {
                to.writeTrailers(last);
            } else {
                to.writeData(Unpooled.EMPTY_BUFFER, true);
            }
        }
    }

    void clear() {
        for (ByteBuf piece : held) {
            piece.release();
        }
        held.clear();
        heldBytes = 0;
    }
}
