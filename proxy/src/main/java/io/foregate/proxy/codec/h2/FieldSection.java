package io.foregate.proxy.codec.h2;

import java.util.Arrays;

/**
 * The field section that is coming in: the compressed bytes of a HEADERS frame and its CONTINUATIONs. One that comes in a single
 * frame, as nearly all do, is looked at where it is. Owned by its connection.
 */
final class FieldSection {
    private static final byte[] NOTHING = {};

    private int id;
    private boolean endStream;
    private boolean open;
    private byte[] bytes = NOTHING;
    private int start;
    private int end;
    private int frames;

    /** Begins with the fragment of a HEADERS frame, which is borrowed; {@code whole} says that there is no other. */
    void begin(int streamId, boolean endsStream, boolean whole) {
        id = streamId;
        endStream = endsStream;
        open = !whole;
        frames = 1;
    }

    void fragment(byte[] from, int fragmentStart, int fragmentEnd) {
        if (open) {
            bytes = Arrays.copyOfRange(from, fragmentStart, fragmentEnd);
            start = 0;
            end = bytes.length;
        } else {
            bytes = from;
            start = fragmentStart;
            end = fragmentEnd;
        }
    }

    /** Adds a CONTINUATION's fragment. */
    void add(byte[] from, int length, boolean last) {
        if (end + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + length, end * 2));
        }
        System.arraycopy(from, 0, bytes, end, length);
        end += length;
        frames++;
        open = !last;
    }

    /** Forgets the bytes, which have been decoded. */
    void clear() {
        bytes = NOTHING;
        start = 0;
        end = 0;
        open = false;
    }

    /** Whether more has to come before any other frame may. */
    boolean open() {
        return open;
    }

    int id() {
        return id;
    }

    boolean endStream() {
        return endStream;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int frames() {
        return frames;
    }
}
