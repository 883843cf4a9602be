package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the small pieces of a body that waits: each buffer costs some 150 bytes of heap, whatever is in it, and a peer may send a
 * body in pieces of one byte. Large pieces, and one that waits for nobody, stay as they are, uncopied.
 *
 * <p>Used by whoever holds the pieces, on its loop; owns no buffer.
 */
public final class SmallPieces {
    private static final int SMALL_BYTES = 512;
    private static final int FIRST_BYTES = 1024;
    private static final int MOST_BYTES = 16 * 1024;

    private @Nullable ByteBuf growing;

    /**
     * Takes {@code data}, whose ownership passes.
     *
     * @param last the piece before it, if that has not been passed on
     * @return what waits behind {@code last} now, or null when that has taken it
     */
    public @Nullable ByteBuf behind(@Nullable ByteBuf last, ByteBuf data) {
        int bytes = data.readableBytes();
        if (last == null || bytes == 0 || bytes > SMALL_BYTES) {
            growing = null;
            return data;
        }
        ByteBuf into = growing;
        // A second reference is somebody's view of it, who counts on its staying where it is.
        if (into != null && into == last && into.refCnt() == 1 && into.maxWritableBytes() >= bytes) {
            into.writeBytes(data);
            data.release();
            return null;
        }
        ByteBuf next = data.alloc().ioBuffer(FIRST_BYTES, MOST_BYTES);
        next.writeBytes(data);
        data.release();
        growing = next;
        return next;
    }

    /** The pieces are gone. */
    public void forget() {
        growing = null;
    }
}
