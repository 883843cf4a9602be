package io.foregate.proxy.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Copies the run of bytes, eight at a time, that need no escape in any of our formats: printable ASCII without quotation
 * mark and backslash. Nearly every value consists of nothing else, so this is where the time of a record goes.
 */
final class CleanBytes {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';

    private CleanBytes() {}

    /**
     * Copies from {@code [at, end)} to the sink, up to the first byte that isn't clean or that doesn't fit before
     * the sink's limit.
     *
     * @param lowest the least byte that is clean: a space, or the one after it where spaces end a value
     * @return how many bytes were copied
     */
    static int copy(byte[] from, int at, int end, ByteSink sink, char lowest) {
        byte[] into = sink.array();
        int to = sink.position();
        int fitting = Math.min(end - at, sink.limit() - to);
        long lowestOfEach = ONES * lowest;
        int copied = 0;
        while (copied + 8 <= fitting) {
            long eight = (long) EIGHT.get(from, at + copied);
            if (!areClean(eight, lowestOfEach)) {
                break;
            }
            EIGHT.set(into, to + copied, eight);
            copied += 8;
        }
        if (fitting >= 8 && copied < fitting && fitting - copied < 8) {
            // The last few together with some before them, which are known to be clean.
            long eight = (long) EIGHT.get(from, at + fitting - 8);
            if (areClean(eight, lowestOfEach)) {
                EIGHT.set(into, to + fitting - 8, eight);
                copied = fitting;
            }
        }
        while (copied < fitting && isClean(from[at + copied], lowest)) {
            into[to + copied] = from[at + copied];
            copied++;
        }
        sink.position(to + copied);
        return copied;
    }

    // Each term sets the high bit of a byte that is not clean: those that have it, 0x7f, those below the lowest, the
    // two
    // characters. A carry or borrow can only come from a byte that another term has caught.
    private static boolean areClean(long eight, long lowestOfEach) {
        long caught = eight
                | (eight + ONES)
                | (eight - lowestOfEach)
                | ((eight ^ QUOTES) - ONES)
                | ((eight ^ BACKSLASHES) - ONES);
        return (caught & HIGHS) == 0;
    }

    // Bytes from 0x80 on are negative, hence below any lowest one.
    private static boolean isClean(byte b, char lowest) {
        return b >= lowest && b != '"' && b != '\\' && b != 0x7f;
    }
}
