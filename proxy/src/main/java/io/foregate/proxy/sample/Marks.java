package io.foregate.proxy.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Stands for values that aren't to be kept: whoever has the value can tell whether it is the one, and nobody can tell the value.
 * SipHash-2-4 under a key of this process, which never leaves it. Immutable, shared by all loops; makes no garbage.
 */
public final class Marks {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;

    private Marks(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /** With a key of their own. */
    public static Marks random() {
        SecureRandom random = new SecureRandom();
        return new Marks(random.nextLong(), random.nextLong());
    }

    static Marks with(long key0, long key1) {
        return new Marks(key0, key1);
    }

    /** The mark of a value. */
    public long of(byte[] bytes, int start, int length) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = length / 8 + 1;
        long word = 0;
        // Two rounds for each word, the last of which has the length in it, and four to finish.
        for (int round = 0; round < 2 * words + 4; round++) {
            boolean first = (round & 1) == 0;
            if (first && round < 2 * words) {
                word = word(bytes, start, length, round / 2);
                v3 ^= word;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (!first && round < 2 * words) {
                v0 ^= word;
                v2 ^= round == 2 * words - 1 ? 0xff : 0;
            }
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private static long word(byte[] bytes, int start, int length, int number) {
        int at = start + 8 * number;
        if (8 * number + 8 <= length) {
            return (long) LONGS.get(bytes, at);
        }
        long word = (long) length << 56;
        for (int i = (length & 7) - 1; i >= 0; i--) {
            word |= (bytes[at + i] & 0xffL) << (8 * i);
        }
        return word;
    }
}
