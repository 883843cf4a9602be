package io.foregate.proxy.codec.h2;

import io.foregate.proxy.codec.HeadPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * Cuts what is received into frames (RFC 9113 §4.1). DATA is passed on as it comes, in as many parts as it takes; any other frame
 * once it is whole. Owned by its connection.
 */
final class FrameReader {
    /** What is to be done with the frame whose header was read. */
    enum Plan {
        /** Nothing: the connection is broken. */
        STOP,
        /** Its payload is read past. */
        SKIP,
        /** Its payload is wanted: DATA in parts, others whole. */
        TAKE
    }

    /** Takes the frames; the reader says which one it is at. */
    interface Frames {
        Plan begin(FrameReader frame);

        /** Data of a DATA frame, whose ownership passes; once with {@code last}. */
        void data(ByteBuf part, boolean last);

        /** The payload of any other frame, in the first {@code length} bytes, borrowed. False when reading has to stop. */
        boolean payload(FrameReader frame, byte[] bytes, int length);

        /** So many bytes of the DATA frame aren't data. */
        void padding(int bytes);

        /** A DATA frame's padding is longer than the frame. */
        void paddingTooLong();
    }

    private static final byte[] NOTHING = {};

    private final Frames frames;
    private final HeadPool scratch;
    private final ByteBufAllocator buffers;
    private final byte[] head = new byte[Frame.HEAD_BYTES];
    private int headBytes;
    private int type;
    private int flags;
    private int id;
    private int length;
    private int remaining;
    private int padding;
    private boolean padKnown;
    private boolean ended;
    private byte[] partial = NOTHING;
    private Plan plan = Plan.SKIP;

    FrameReader(Frames frames, HeadPool scratch, ByteBufAllocator buffers) {
        this.frames = frames;
        this.scratch = scratch;
        this.buffers = buffers;
    }

    int type() {
        return type;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int id() {
        return id;
    }

    /** Bytes of the payload, padding included. */
    int length() {
        return length;
    }

    /** Whether the beginning of a frame waits for its rest. */
    boolean withinFrame() {
        return headBytes > 0;
    }

    /** Reads all of {@code in}, which stays the caller's, or up to where a frame said stop. */
    void read(ByteBuf in) {
        while (plan != Plan.STOP) {
            if (headBytes < Frame.HEAD_BYTES && !readHead(in)) {
                return;
            }
            if (!readPayload(in)) {
                return;
            }
            headBytes = 0;
        }
    }

    private boolean readHead(ByteBuf in) {
        int readable = in.readableBytes();
        long first;
        int last;
        if (headBytes == 0 && readable >= Frame.HEAD_BYTES) {
            first = in.readLong();
            last = in.readByte() & 0xff;
        } else {
            int more = Math.min(readable, Frame.HEAD_BYTES - headBytes);
            in.readBytes(head, headBytes, more);
            headBytes += more;
            if (headBytes < Frame.HEAD_BYTES) {
                return false;
            }
            first = 0;
            for (int i = 0; i < 8; i++) {
                first = first << 8 | head[i] & 0xff;
            }
            last = head[8] & 0xff;
        }
        headBytes = Frame.HEAD_BYTES;
        length = (int) (first >>> 40);
        type = (int) (first >>> 32) & 0xff;
        flags = (int) (first >>> 24) & 0xff;
        id = ((int) first & 0x7fffff) << 8 | last;
        remaining = length;
        padding = 0;
        padKnown = type != Frame.DATA || !has(Frame.PADDED);
        ended = false;
        plan = frames.begin(this);
        return plan != Plan.STOP;
    }

    private boolean readPayload(ByteBuf in) {
        if (plan == Plan.SKIP) {
            return skip(in);
        }
        return type == Frame.DATA ? readData(in) : readWhole(in);
    }

    private boolean skip(ByteBuf in) {
        int skipped = Math.min(in.readableBytes(), remaining);
        in.skipBytes(skipped);
        remaining -= skipped;
        return remaining == 0;
    }

    private boolean readData(ByteBuf in) {
        if (!padKnown) {
            if (length == 0) {
                stop();
                return false;
            }
            if (!in.isReadable()) {
                return false;
            }
            padding = in.readByte() & 0xff;
            padKnown = true;
            remaining--;
            if (padding > remaining) {
                stop();
                return false;
            }
            frames.padding(padding + 1);
        }
        if (!ended) {
            int data = remaining - padding;
            int part = Math.min(in.readableBytes(), data);
            if (part == 0 && data > 0) {
                return false;
            }
            remaining -= part;
            ended = part == data;
            frames.data(part == 0 ? Unpooled.EMPTY_BUFFER : part(in, part), ended);
        }
        return ended && skip(in);
    }

    private void stop() {
        plan = Plan.STOP;
        frames.paddingTooLong();
    }

    // What waits for a slow sink must not keep much more than itself from being used again. A whole frame of 16 KiB in
    // the largest receive buffer is passed on uncopied.
    private ByteBuf part(ByteBuf in, int bytes) {
        if (in.capacity() / 4 > bytes) {
            return buffers.ioBuffer(bytes).writeBytes(in, bytes);
        }
        return in.readRetainedSlice(bytes);
    }

    private boolean readWhole(ByteBuf in) {
        if (remaining == length && in.readableBytes() >= length) {
            byte[] bytes = scratch.receiveScratch(length);
            in.readBytes(bytes, 0, length);
            return payload(bytes);
        }
        if (partial.length < length) {
            partial = new byte[length];
        }
        int part = Math.min(in.readableBytes(), remaining);
        in.readBytes(partial, length - remaining, part);
        remaining -= part;
        if (remaining > 0) {
            return false;
        }
        byte[] bytes = partial;
        partial = NOTHING;
        return payload(bytes);
    }

    private boolean payload(byte[] bytes) {
        if (!frames.payload(this, bytes, length)) {
            plan = Plan.STOP;
            return false;
        }
        return true;
    }
}
