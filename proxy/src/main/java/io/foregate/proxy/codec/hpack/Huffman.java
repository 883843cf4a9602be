package io.foregate.proxy.codec.hpack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Huffman code of RFC 7541 appendix B. It is canonical, so the lengths of its codes say all of it.
 *
 * <p>Decoding looks twelve bits up at a time and gets one or two symbols, which covers all that usually stands in a field; the few
 * longer codes are found by comparing with the first code of each length. Stateless.
 */
final class Huffman {
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    };
    private static final int END_OF_STRING = 256;
    private static final int LONGEST = 30;
    private static final int LOOK_UP_BITS = 12;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int[] CODES = new int[LENGTHS.length];
    private static final int[] FIRST_CODE = new int[LONGEST + 1];
    private static final int[] FIRST_SYMBOL = new int[LONGEST + 2];
    private static final short[] SYMBOLS = new short[LENGTHS.length];
    /** First symbol | second symbol << 8 | bits of the first << 16 | bits of all << 20 | how many << 24; 0 for longer codes. */
    private static final int[] TABLE = new int[1 << LOOK_UP_BITS];

    static {
        int code = 0;
        int at = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            FIRST_CODE[length] = code;
            FIRST_SYMBOL[length] = at;
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] == length) {
                    CODES[symbol] = code++;
                    SYMBOLS[at++] = (short) symbol;
                }
            }
        }
        FIRST_SYMBOL[LONGEST + 1] = at;
        for (int index = 0; index < TABLE.length; index++) {
            TABLE[index] = entry(index);
        }
    }

    private Huffman() {}

    private static int entry(int index) {
        int first = shortSymbol(index, LOOK_UP_BITS);
        if (first < 0) {
            return 0;
        }
        int firstBits = LENGTHS[first];
        int rest = LOOK_UP_BITS - firstBits;
        int second = shortSymbol(index & ((1 << rest) - 1), rest);
        return second < 0
                ? first | firstBits << 16 | firstBits << 20 | 1 << 24
                : first | second << 8 | firstBits << 16 | (firstBits + LENGTHS[second]) << 20 | 2 << 24;
    }

    // The symbol whose code the leading ones of the given bits are, or -1 when they are too few.
    private static int shortSymbol(int value, int bits) {
        for (int length = 5; length <= bits; length++) {
            int offset = (value >>> (bits - length)) - FIRST_CODE[length];
            if (offset >= 0 && offset < FIRST_SYMBOL[length + 1] - FIRST_SYMBOL[length]) {
                return SYMBOLS[FIRST_SYMBOL[length] + offset];
            }
        }
        return -1;
    }

    /** The most bytes that so many encoded ones can become, and one to write beyond. */
    static int maxDecodedLength(int encoded) {
        return (int) (encoded * 8L / 5) + 2;
    }

    /**
     * Decodes {@code [start, end)} into {@code out}, which has {@link #maxDecodedLength} of room.
     *
     * @return the end of what was written, or -1 when the string is broken (RFC 7541 §5.2)
     */
    static int decode(byte[] in, int start, int end, byte[] out, int at) {
        long bits = 0;
        int count = 0;
        int from = start;
        int to = at;
        while (true) {
            if (end - from >= 8) {
                bits |= (long) LONGS.get(in, from) >>> count;
                int taken = (63 - count) >>> 3;
                from += taken;
                count += taken << 3;
                // What was or-ed beyond the whole bytes is or-ed again, with the same bits.
            } else {
                bits = count == 0 ? 0 : bits & -1L << (64 - count);
                while (count <= 56 && from < end) {
                    bits |= (in[from++] & 0xffL) << (56 - count);
                    count += 8;
                }
                if (count < LOOK_UP_BITS) {
                    return tail(bits, count, out, to);
                }
            }
            while (count >= LOOK_UP_BITS) {
                int entry = TABLE[(int) (bits >>> (64 - LOOK_UP_BITS))];
                if (entry == 0) {
                    if (count < LONGEST && from < end) {
                        break;
                    }
                    int length = longLength(bits);
                    int symbol = length > count ? END_OF_STRING : longSymbol(bits, length);
                    if (symbol == END_OF_STRING) {
                        return -1;
                    }
                    out[to++] = (byte) symbol;
                    bits <<= length;
                    count -= length;
                    continue;
                }
                out[to] = (byte) entry;
                out[to + 1] = (byte) (entry >>> 8);
                to += entry >>> 24;
                int used = entry >>> 20 & 15;
                bits <<= used;
                count -= used;
            }
        }
    }

    private static int tail(long left, int count, byte[] out, int at) {
        long bits = left;
        int rest = count;
        int to = at;
        while (rest > 0) {
            long padded = bits | -1L >>> rest;
            int entry = TABLE[(int) (padded >>> (64 - LOOK_UP_BITS))];
            int length = entry >>> 16 & 15;
            if (entry == 0 || length > rest) {
                // Padding is shorter than a byte and all ones.
                return rest < 8 && padded == -1L ? to : -1;
            }
            out[to++] = (byte) entry;
            bits <<= length;
            rest -= length;
        }
        return to;
    }

    private static int longLength(long bits) {
        int length = LOOK_UP_BITS + 1;
        while (length < LONGEST) {
            long limit = FIRST_CODE[length] + (long) (FIRST_SYMBOL[length + 1] - FIRST_SYMBOL[length]);
            if (bits >>> (64 - length) < limit) {
                return length;
            }
            length++;
        }
        return length;
    }

    private static int longSymbol(long bits, int length) {
        return SYMBOLS[FIRST_SYMBOL[length] + (int) (bits >>> (64 - length)) - FIRST_CODE[length]];
    }

    /** Bytes that a string would have. */
    static int encodedLength(byte[] in, int start, int length) {
        long bits = 0;
        for (int i = start; i < start + length; i++) {
            bits += LENGTHS[in[i] & 0xff];
        }
        return (int) ((bits + 7) >>> 3);
    }

    /** Encodes a string; returns the end of what was written. */
    static int encode(byte[] in, int start, int length, byte[] out, int at) {
        long bits = 0;
        int count = 0;
        int to = at;
        for (int i = start; i < start + length; i++) {
            int symbol = in[i] & 0xff;
            bits = bits << LENGTHS[symbol] | CODES[symbol];
            count += LENGTHS[symbol];
            while (count >= 8) {
                count -= 8;
                out[to++] = (byte) (bits >>> count);
            }
        }
        if (count > 0) {
            out[to++] = (byte) (bits << (8 - count) | 0xff >>> count);
        }
        return to;
    }
}
