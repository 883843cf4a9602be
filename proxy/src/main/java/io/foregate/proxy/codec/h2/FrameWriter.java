package io.foregate.proxy.codec.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames, gathered into one buffer between two flushes: what all streams have to say in one turn of the loop becomes one
 * write, and under TLS one record. Data too large to be copied goes to the channel as it is, behind what was gathered.
 *
 * <p>Owned by its connection.
 */
final class FrameWriter {
    private static final int ROOM_BYTES = 8 * 1024;
    private static final int COPIED_BYTES = 4 * 1024;

    private final ChannelHandlerContext context;
    private @Nullable ByteBuf open;
    private int unflushed;
    private int maxFrameSize = Frame.DEFAULT_FRAME_SIZE;

    FrameWriter(ChannelHandlerContext context) {
        this.context = context;
    }

    /** What the peer takes at the most (SETTINGS_MAX_FRAME_SIZE). */
    void maxFrameSize(int bytes) {
        maxFrameSize = bytes;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    /** Bytes that were written since the last flush. */
    int unflushed() {
        return unflushed;
    }

    private ByteBuf room(int bytes) {
        return room(bytes, 0);
    }

    /** A buffer that {@code bytes}, which are written now, and {@code more} fit into. */
    private ByteBuf room(int bytes, int more) {
        unflushed += bytes;
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() >= bytes + more) {
            return buffer;
        }
        push();
        buffer = context.alloc().ioBuffer(Math.max(bytes + more, ROOM_BYTES));
        open = buffer;
        return buffer;
    }

    private void push() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            context.write(buffer, context.voidPromise());
        }
    }

    private static void head(ByteBuf out, int length, int type, int flags, int id) {
        out.writeLong((long) length << 40 | (long) type << 32 | (long) flags << 24 | id >>> 8);
        out.writeByte(id);
    }

    /** Bytes as they are: a client's preface. */
    void raw(byte[] bytes) {
        room(bytes.length).writeBytes(bytes);
    }

    /** SETTINGS with pairs of identifier and value. */
    void settings(int... pairs) {
        int length = pairs.length * 3;
        ByteBuf out = room(Frame.HEAD_BYTES + length);
        head(out, length, Frame.SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            out.writeShort(pairs[i]);
            out.writeInt(pairs[i + 1]);
        }
    }

    void settingsAck() {
        head(room(Frame.HEAD_BYTES), 0, Frame.SETTINGS, Frame.ACK, 0);
    }

    void ping(long data, boolean ack) {
        ByteBuf out = room(Frame.HEAD_BYTES + 8);
        head(out, 8, Frame.PING, ack ? Frame.ACK : 0, 0);
        out.writeLong(data);
    }

    void windowUpdate(int id, int increment) {
        ByteBuf out = room(Frame.HEAD_BYTES + 4);
        head(out, 4, Frame.WINDOW_UPDATE, 0, id);
        out.writeInt(increment);
    }

    void reset(int id, int code) {
        ByteBuf out = room(Frame.HEAD_BYTES + 4);
        head(out, 4, Frame.RST_STREAM, 0, id);
        out.writeInt(code);
    }

    void goAway(int lastId, int code, byte[] debug) {
        int length = 8 + debug.length;
        ByteBuf out = room(Frame.HEAD_BYTES + length);
        head(out, length, Frame.GOAWAY, 0, 0);
        out.writeInt(lastId);
        out.writeInt(code);
        out.writeBytes(debug);
    }

    /** HEADERS with the section {@code [0, length)}, and CONTINUATIONs where one frame doesn't hold it. */
    void headers(int id, byte[] section, int length, boolean endStream) {
        int at = Math.min(length, maxFrameSize);
        boolean whole = at == length;
        ByteBuf out = room(Frame.HEAD_BYTES + at);
        head(out, at, Frame.HEADERS, (endStream ? Frame.END_STREAM : 0) | (whole ? Frame.END_HEADERS : 0), id);
        out.writeBytes(section, 0, at);
        while (at < length) {
            int part = Math.min(length - at, maxFrameSize);
            boolean last = at + part == length;
            out = room(Frame.HEAD_BYTES + part);
            head(out, part, Frame.CONTINUATION, last ? Frame.END_HEADERS : 0, id);
            out.writeBytes(section, at, part);
            at += part;
        }
    }

    /** The head of a DATA frame, which as many bytes of {@link #payload} follow at once as it says. */
    void dataHead(int id, int length, boolean endStream) {
        // Room for a small payload, too, so that it stands in the same buffer.
        int more = length <= COPIED_BYTES ? length : 0;
        head(room(Frame.HEAD_BYTES, more), length, Frame.DATA, endStream ? Frame.END_STREAM : 0, id);
    }

    /**
     * The next {@code length} bytes of {@code data} as payload. The caller keeps its reference, and doesn't look into the buffer
     * again when these were its last.
     */
    void payload(ByteBuf data, int length) {
        if (length <= COPIED_BYTES) {
            room(length, 0).writeBytes(data, length);
            return;
        }
        push();
        unflushed += length;
        boolean all = length == data.readableBytes();
        context.write(all ? data.retain() : data.readRetainedSlice(length), context.voidPromise());
    }

    void endStream(int id) {
        head(room(Frame.HEAD_BYTES), 0, Frame.DATA, Frame.END_STREAM, id);
    }

    /** Hands everything to the channel and flushes it. */
    void flush() {
        push();
        if (unflushed > 0) {
            unflushed = 0;
            context.flush();
        }
    }

    /** Hands everything to the channel; {@code whenSent} runs once it is on the wire, or can't be. */
    void flushThen(Runnable whenSent) {
        push();
        unflushed = 0;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> whenSent.run());
    }

    /** Releases what was never handed over. */
    void discard() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            buffer.release();
        }
    }
}
