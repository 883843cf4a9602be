package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much one connection reads at a time: little while it carries small messages, more as reads come back full.
 *
 * <p>Also counts what is moved from socket to socket, which never passes through a handler. One for each connection, used on
 * its loop.
 */
@SuppressWarnings("deprecation") // the handle's second interface is what the transport casts to
public final class ReadSizer implements RecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
    private static final int SMALLEST_BYTES = 2 * 1024;
    private static final int LARGEST_BYTES = 64 * 1024;
    private static final int MOVE_BYTES = 1024 * 1024;
    private static final int READS_PER_WAKE_UP = 4;

    private @Nullable ChannelConfig config;
    private int sizeBytes = SMALLEST_BYTES;
    private int attempted;
    private int last;
    private int reads;
    private int smallReads;
    private boolean reading;
    private boolean moving;
    private long moved;

    @Override
    public Handle newHandle() {
        return this;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
        reading = true;
        return allocator.ioBuffer(sizeBytes);
    }

    @Override
    public int guess() {
        return moving ? MOVE_BYTES : sizeBytes;
    }

    @Override
    public void reset(ChannelConfig of) {
        config = of;
        reads = 0;
        last = 0;
    }

    @Override
    public void incMessagesRead(int count) {
        reads += count;
    }

    @Override
    public void lastBytesRead(int bytes) {
        last = bytes;
        reading = false;
        if (moving) {
            moved += Math.max(bytes, 0);
            return;
        }
        if (bytes == attempted && bytes > 0) {
            sizeBytes = Math.min(sizeBytes * 4, LARGEST_BYTES);
            smallReads = 0;
        } else if (bytes > 0 && bytes < sizeBytes / 4) {
            // Twice in a row, so that a short last read doesn't undo what the body's other reads need.
            if (++smallReads >= 2) {
                sizeBytes = Math.max(sizeBytes / 4, SMALLEST_BYTES);
                smallReads = 0;
            }
        } else {
            smallReads = 0;
        }
    }

    @Override
    public int lastBytesRead() {
        return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
        attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
        return attempted;
    }

    @Override
    public boolean continueReading() {
        return mayContinue() && last == attempted;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
        return mayContinue() && maybeMoreData.get();
    }

    private boolean mayContinue() {
        ChannelConfig of = config;
        return of != null && of.isAutoRead() && reads < READS_PER_WAKE_UP && last > 0;
    }

    @Override
    public void readComplete() {}

    /** Whether the transport has begun to read and not said yet how much it got. After a read that is cancelled it is true, too. */
    boolean reading() {
        return reading;
    }

    /** Whether the transport moves bytes from socket to socket from now on. Begins the count of {@link #moved} anew. */
    void moving(boolean now) {
        moving = now;
        if (now) {
            moved = 0;
        }
    }

    /** Notes how much was moved by others. */
    void moved(long bytes) {
        moved = bytes;
    }

    /** Bytes taken out of the socket since moving began. */
    long moved() {
        return moved;
    }
}
