package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.codec.Taken;
import io.foregate.proxy.loop.LoopClock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sends bodies under the peer's windows (RFC 9113 §5.2), and decides whose turn it is.
 *
 * <p>As long as nothing is in the way data goes straight out. What its stream's window, the connection's, or the socket doesn't take
 * waits at its stream, within a bound that {@link #writable} tells the source; so a stream that nobody reads holds up its own
 * source and no other. When there is room again the most urgent streams (RFC 9218) go first; of the same urgency, incremental
 * ones take turns frame by frame, others go one after the other. Owned by its connection.
 */
final class Sender {
    private static final int HIGH_WATER_BYTES = 64 * 1024;
    private static final int LOW_WATER_BYTES = 32 * 1024;
    /** What any stream may have waiting, however much waits at the others. */
    private static final int SMALL_BYTES = 16 * 1024;

    private static final int MOST_QUEUED_BYTES = 1024 * 1024;
    private static final int FLUSH_BYTES = 64 * 1024;
    private static final int URGENCIES = 8;

    private final Http2Connection connection;
    private final FrameWriter writer;
    private final Channel channel;
    private final LoopClock clock;
    private final @Nullable Http2Stream[] first = new @Nullable Http2Stream[URGENCIES];
    private final @Nullable Http2Stream[] last = new @Nullable Http2Stream[URGENCIES];
    private int waiting;
    private int window = Frame.DEFAULT_WINDOW;
    private int queuedBytes;
    private boolean pumping;

    Sender(Http2Connection connection, FrameWriter writer, Channel channel, LoopClock clock) {
        this.connection = connection;
        this.writer = writer;
        this.channel = channel;
        this.clock = clock;
    }

    /** Bytes that wait at all streams. */
    int queuedBytes() {
        return queuedBytes;
    }

    /** Whether the stream may be given more. */
    boolean writable(Http2Stream stream) {
        int queued = stream.queuedBytes;
        boolean may = queued < SMALL_BYTES || (queued < HIGH_WATER_BYTES && queuedBytes < MOST_QUEUED_BYTES);
        stream.blocked |= !may;
        return may;
    }

    /** How far the peer has got: what its windows and its socket have let out. */
    Taken taken(Http2Stream stream) {
        return new Taken(stream.sentBytes, stream.queuedBytes > 0 ? clock.nowNanos() - stream.progressNanos : 0);
    }

    /** Sends data, whose ownership passes. */
    void data(Http2Stream stream, ByteBuf data, boolean end) {
        int length = data.readableBytes();
        if (stream.queuedBytes == 0) {
            if (length == 0) {
                data.release();
                if (end) {
                    writer.endStream(stream.id());
                    connection.streams().localEnded(stream);
                }
                return;
            }
            if (length <= stream.sendWindow && length <= window && waiting == 0 && channel.isWritable()) {
                send(stream, data, length, end);
                return;
            }
        } else if (length == 0) {
            data.release();
            return;
        }
        if (stream.queuedBytes == 0) {
            stream.progressNanos = clock.nowNanos();
            stream.lookedNanos = stream.progressNanos;
            stream.sentBefore = stream.sentBytes;
            connection.armStall();
        }
        stream.enqueue(data);
        queuedBytes += length;
        makeReady(stream);
    }

    private void send(Http2Stream stream, ByteBuf data, int length, boolean end) {
        int left = length;
        stream.sendWindow -= length;
        stream.sentBytes += length;
        window -= length;
        while (left > 0) {
            int part = Math.min(left, writer.maxFrameSize());
            left -= part;
            writer.dataHead(stream.id(), part, end && left == 0);
            writer.payload(data, part);
            connection.sentData(part);
        }
        data.release();
        if (end) {
            connection.streams().localEnded(stream);
        }
        if (writer.unflushed() >= FLUSH_BYTES) {
            writer.flush();
        }
    }

    /** Ends the stream's message with trailers, which are borrowed. */
    void trailers(Http2Stream stream, Headers trailers) {
        if (stream.queuedBytes == 0) {
            connection.fields().writeTrailers(stream, trailers);
            return;
        }
        Headers copy = new Headers();
        copy.copyFrom(trailers);
        stream.trailers = copy;
    }

    // ---- windows ----

    /** The peer takes more on the whole connection; false when that is more than can be (RFC 9113 §6.9.1). */
    boolean widen(int increment) {
        if (window > Frame.LARGEST_WINDOW - increment) {
            return false;
        }
        window += increment;
        return true;
    }

    /** The peer takes more, or less, on one stream; false when that is more than can be. */
    boolean widen(Http2Stream stream, int increment) {
        long wider = (long) stream.sendWindow + increment;
        if (wider > Frame.LARGEST_WINDOW) {
            return false;
        }
        stream.sendWindow = (int) wider;
        if (wider > 0) {
            makeReady(stream);
        } else if (stream.ready) {
            // It waited for something else, and has no window any more now (RFC 9113 §6.9.2).
            unlink(stream);
            stream.ready = false;
            waiting--;
        }
        return true;
    }

    // ---- whose turn it is ----

    boolean hasReady() {
        return waiting > 0 && window > 0;
    }

    private void makeReady(Http2Stream stream) {
        if (stream.ready || stream.queuedBytes == 0 || stream.sendWindow <= 0) {
            return;
        }
        stream.ready = true;
        waiting++;
        append(stream);
    }

    private void append(Http2Stream stream) {
        int urgency = stream.priority & StreamPriority.URGENCY_BITS;
        Http2Stream tail = last[urgency];
        stream.nextReady = null;
        last[urgency] = stream;
        if (tail == null) {
            first[urgency] = stream;
        } else {
            tail.nextReady = stream;
        }
    }

    private void unlink(Http2Stream stream) {
        int urgency = stream.priority & StreamPriority.URGENCY_BITS;
        Http2Stream before = null;
        Http2Stream at = first[urgency];
        while (at != null && at != stream) {
            before = at;
            at = at.nextReady;
        }
        if (at == null) {
            return;
        }
        if (before == null) {
            first[urgency] = stream.nextReady;
        } else {
            before.nextReady = stream.nextReady;
        }
        if (last[urgency] == stream) {
            last[urgency] = before;
        }
        stream.nextReady = null;
    }

    /** Changes a stream's priority, one of {@link StreamPriority}. */
    void prioritize(Http2Stream stream, int priority) {
        if (stream.ready && stream.priority != priority) {
            unlink(stream);
            stream.priority = priority;
            append(stream);
        }
        stream.priority = priority;
    }

    /** Forgets what the stream had to send. */
    void drop(Http2Stream stream) {
        if (stream.ready) {
            unlink(stream);
            stream.ready = false;
            waiting--;
        }
        queuedBytes -= stream.queuedBytes;
        stream.dropQueue();
    }

    /** Sends what waits, as far as windows and the socket take it. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            for (int urgency = 0; urgency < URGENCIES && waiting > 0 && window > 0; urgency++) {
                for (Http2Stream stream = first[urgency];
                        stream != null && window > 0 && channel.isWritable();
                        stream = first[urgency]) {
                    turn(stream);
                }
            }
        } finally {
            pumping = false;
        }
    }

    private void turn(Http2Stream stream) {
        frame(stream, Math.min(Math.min(stream.sendWindow, window), writer.maxFrameSize()));
        boolean more = stream.queuedBytes > 0 && stream.sendWindow > 0;
        // The stream may have ended, and been taken out, with its last frame.
        if (stream.ready && (!more || (stream.priority & StreamPriority.INCREMENTAL) != 0)) {
            unlink(stream);
            if (more) {
                append(stream);
            } else {
                stream.ready = false;
                waiting--;
            }
        }
        if (stream.queuedBytes == 0 && stream.writtenOut && stream.listed && !stream.localEnded) {
            finish(stream);
        } else if (stream.blocked && stream.queuedBytes <= LOW_WATER_BYTES) {
            stream.blocked = false;
            StreamHandler handler = stream.handler();
            if (handler != null) {
                handler.onWritable(stream);
            }
        }
        if (writer.unflushed() >= FLUSH_BYTES) {
            writer.flush();
        }
    }

    // One frame over as many pieces of the queue as it holds: small ones would come back as small window updates, for
    // ever.
    private void frame(Http2Stream stream, int most) {
        int length = Math.min(most, stream.queuedBytes);
        stream.sendWindow -= length;
        stream.sentBytes += length;
        window -= length;
        stream.queuedBytes -= length;
        queuedBytes -= length;
        boolean end = stream.queuedBytes == 0 && stream.writtenOut && stream.trailers == null;
        writer.dataHead(stream.id(), length, end);
        int left = length;
        while (left > 0) {
            ByteBuf data = Objects.requireNonNull(stream.firstQueued());
            int readable = data.readableBytes();
            int part = Math.min(left, readable);
            left -= part;
            writer.payload(data, part);
            if (part == readable) {
                stream.firstSent();
            }
        }
        stream.progressNanos = clock.nowNanos();
        connection.sentData(length);
        if (end) {
            connection.streams().localEnded(stream);
        }
    }

    private void finish(Http2Stream stream) {
        Headers trailers = stream.trailers;
        if (trailers != null) {
            stream.trailers = null;
            connection.fields().writeTrailers(stream, trailers);
        }
    }
}
