package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The same bytes as they might come in: whole, one by one, and in pieces that depend on nothing but them. */
final class Pieces {
    private static final int MOST_BYTES_ONE_BY_ONE = 8 * 1024;

    private Pieces() {}

    static List<List<ByteBuf>> of(byte[] bytes) {
        List<List<ByteBuf>> ways = new ArrayList<>();
        ways.add(cut(bytes, new Random(1), Integer.MAX_VALUE));
        if (bytes.length <= MOST_BYTES_ONE_BY_ONE) {
            ways.add(cut(bytes, new Random(1), 1));
        }
        ways.add(cut(bytes, new Random(Arrays.hashCode(bytes)), 7));
        ways.add(cut(bytes, new Random(Arrays.hashCode(bytes)), 300));
        return ways;
    }

    // A buffer for each piece, with nothing readable before or behind it.
    private static List<ByteBuf> cut(byte[] bytes, Random random, int longest) {
        List<ByteBuf> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = longest >= bytes.length ? bytes.length : 1 + random.nextInt(longest);
            int end = Math.min(bytes.length, at + length);
            pieces.add(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        return pieces;
    }
}
