package io.foregate.proxy.observe;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Values that someone might send to break a log, from a seed. */
final class HostileBytes {
    private static final byte[][] PARTS = {
        {'"'},
        {'\\'},
        {'\n'},
        {'\r', '\n'},
        {0},
        {'\t'},
        {0x1b, '[', '2', 'J'},
        {0x7f},
        {(byte) 0xc0, (byte) 0xaf},
        {(byte) 0xc2, (byte) 0x85},
        {(byte) 0xe2, (byte) 0x80, (byte) 0xa8},
        {(byte) 0xe2, (byte) 0x80, (byte) 0xae},
        {(byte) 0xe2, (byte) 0x82},
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        {(byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80},
        {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xc3, (byte) 0xa9},
        {(byte) 0xff},
        Records.utf8("\",\"status\":200,\"x\":\""),
        Records.utf8("\\u0022"),
        Records.utf8("plain text of some length"),
        Records.utf8("${jndi:ldap://example}"),
        Records.utf8("{}")
    };

    private final Random random;

    HostileBytes(long seed) {
        random = new Random(seed);
    }

    /** Up to {@code most} bytes, often few, now and then all of them. */
    byte[] next(int most) {
        int length = random.nextInt(8) == 0 ? most : random.nextInt(Math.min(most, 80) + 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean uniform = random.nextInt(4) == 0;
        byte[] same = PARTS[random.nextInt(PARTS.length)];
        while (bytes.size() < length) {
            if (uniform) {
                bytes.writeBytes(same);
            } else if (random.nextBoolean()) {
                bytes.writeBytes(PARTS[random.nextInt(PARTS.length)]);
            } else {
                bytes.write(random.nextInt(256));
            }
        }
        return java.util.Arrays.copyOf(bytes.toByteArray(), length);
    }
}
