package io.foregate.proxy.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A bounded queue of lines between one loop, which writes them, and one writer thread, which takes them.
 *
 * <p>Both sides count bytes since the beginning, so that full and empty need no flag; each side publishes its own count and
 * reads the other's. The loop formats a line right in the array, past what it has published, and publishes it with one
 * store; the few lines that the array's end would cut are formatted aside and copied in two pieces. As what is published
 * doesn't change until it is taken, the writer needs nothing from the loop to get at the latest line: an idle loop isn't woken.
 *
 * <p>Lives as long as its loop's sink.
 */
final class ByteRing {
    private static final VarHandle PUBLISHED;
    private static final VarHandle TAKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(ByteRing.class, "published", long.class);
            TAKEN = lookup.findVarHandle(ByteRing.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final byte[] bytes;
    private final int mask;
    private final int maxLineBytes;
    private final byte[] aside;

    // The loop's.
    private long written;
    private long takenAsSeen;

    @SuppressWarnings("unused") // by its handle
    private long published;

    // The writer's.
    private long consumed;

    @SuppressWarnings("unused") // by its handle
    private long taken;

    /**
     * @param capacity bytes, a power of two and at least twice {@code maxLineBytes}
     * @param maxLineBytes what no line exceeds
     */
    ByteRing(int capacity, int maxLineBytes) {
        if (Integer.bitCount(capacity) != 1 || capacity < 2 * maxLineBytes) {
            throw new IllegalArgumentException("a ring of " + capacity + " bytes for lines of up to " + maxLineBytes
                    + ": it must be a power of two and hold two lines");
        }
        bytes = new byte[capacity];
        mask = capacity - 1;
        this.maxLineBytes = maxLineBytes;
        aside = new byte[maxLineBytes];
    }

    // ---- the loop's side ----

    /** Points {@code sink} to where a line of up to the bound may be written; false when there is no room for one. */
    boolean beginLine(ByteSink sink) {
        int most = bytes.length - maxLineBytes;
        if (written - takenAsSeen > most) {
            takenAsSeen = (long) TAKEN.getAcquire(this);
            if (written - takenAsSeen > most) {
                return false;
            }
        }
        int at = (int) written & mask;
        if (at <= most) {
            sink.begin(bytes, at);
        } else {
            sink.begin(aside, 0);
        }
        return true;
    }

    /**
     * Publishes the line that {@code sink} holds. A volatile store: what the loop reads next of the writer's state is not older.
     */
    void endLine(ByteSink sink) {
        int length = sink.length();
        int at = (int) written & mask;
        if (at > bytes.length - maxLineBytes) {
            int first = Math.min(length, bytes.length - at);
            System.arraycopy(aside, 0, bytes, at, first);
            System.arraycopy(aside, first, bytes, 0, length - first);
        }
        written += length;
        PUBLISHED.setVolatile(this, written);
    }

    /** Whether at least {@code bytes} wait to be taken; as of late, and exact when the answer is yes. */
    boolean holdsAtLeast(int bytes) {
        if (written - takenAsSeen < bytes) {
            return false;
        }
        takenAsSeen = (long) TAKEN.getAcquire(this);
        return written - takenAsSeen >= bytes;
    }

    // ---- the writer's side ----

    /** How many bytes are there to be taken. A volatile load: not older than a state that the writer stored before. */
    int available() {
        return (int) ((long) PUBLISHED.getVolatile(this) - consumed);
    }

    /** Takes as many whole lines as fit into {@code into}. */
    void takeLines(ByteBuffer into) {
        int length = available();
        if (length > into.remaining()) {
            length = wholeLines(into.remaining());
        }
        int at = (int) consumed & mask;
        int first = Math.min(length, bytes.length - at);
        into.put(bytes, at, first);
        into.put(bytes, 0, length - first);
        consumed += length;
        TAKEN.setRelease(this, consumed);
    }

    /** Takes whatever is there and returns how many lines it was. */
    int discardLines() {
        int length = available();
        int lines = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[(int) (consumed + i) & mask] == '\n') {
                lines++;
            }
        }
        consumed += length;
        TAKEN.setRelease(this, consumed);
        return lines;
    }

    private int wholeLines(int most) {
        int length = most;
        while (length > 0 && bytes[(int) (consumed + length - 1) & mask] != '\n') {
            length--;
        }
        return length;
    }
}
