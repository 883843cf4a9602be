package io.foregate.proxy.worker;

import java.security.SecureRandom;

/**
 * Makes request ids: 128 random bits as 32 hexadecimal digits, unguessable enough for a name in logs and never a secret.
 * Owned by one loop; a xoroshiro128++ seeded from the system.
 */
public final class RequestIds {
    /** Bytes of one id. */
    public static final int LENGTH = 32;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private long s0;
    private long s1;

    public RequestIds() {
        SecureRandom seed = new SecureRandom();
        s0 = seed.nextLong() | 1;
        s1 = seed.nextLong();
    }

    /** Writes a new id to the first {@link #LENGTH} bytes of {@code into}. */
    public void next(byte[] into) {
        hex(nextLong(), into, 0);
        hex(nextLong(), into, 16);
    }

    private long nextLong() {
        long a = s0;
        long b = s1;
        long result = Long.rotateLeft(a + b, 17) + a;
        b ^= a;
        s0 = Long.rotateLeft(a, 49) ^ b ^ (b << 21);
        s1 = Long.rotateLeft(b, 28);
        return result;
    }

    private static void hex(long value, byte[] into, int at) {
        for (int i = 0; i < 16; i++) {
            into[at + i] = HEX[(int) (value >>> (60 - 4 * i)) & 15];
        }
    }
}
