package io.foregate.proxy.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys that session tickets are sealed with: 48 bytes each, of which 16 name the key, 16 are for the HMAC and 16 for AES.
 * Stateless.
 */
public final class TicketKeys {
    /** Bytes of one key. */
    public static final int BYTES = 48;

    private static final int PART = 16;

    private TicketKeys() {}

    /** A new key. */
    public static byte[] random() {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** {@code fresh} before the others, of which the oldest go beyond {@code most} in all. */
    public static List<byte[]> rotate(byte[] fresh, List<byte[]> others, int most) {
        List<byte[]> keys = new ArrayList<>();
        keys.add(fresh);
        keys.addAll(others.subList(0, Math.min(others.size(), most - 1)));
        return List.copyOf(keys);
    }

    static OpenSslSessionTicketKey toNative(byte[] key) {
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(key, 0, PART),
                Arrays.copyOfRange(key, PART, 2 * PART),
                Arrays.copyOfRange(key, 2 * PART, BYTES));
    }
}
