package io.foregate.proxy.codec.hpack;

import io.foregate.api.message.Octets;
import java.util.Arrays;

/** The names that begin with a colon (RFC 9113 §8.3, RFC 8441), as small numbers. Immutable. */
public final class PseudoName {
    public static final int AUTHORITY = 1;
    public static final int METHOD = 2;
    public static final int PATH = 3;
    public static final int SCHEME = 4;
    public static final int STATUS = 5;
    public static final int PROTOCOL = 6;
    /** Begins with a colon and is none of these. */
    public static final int UNKNOWN = 7;

    private static final byte[][] NAMES = {
        Octets.ascii(":authority"),
        Octets.ascii(":method"),
        Octets.ascii(":path"),
        Octets.ascii(":scheme"),
        Octets.ascii(":status"),
        Octets.ascii(":protocol"),
    };

    private PseudoName() {}

    /** The number of a name, or 0 for one without a colon. */
    static int of(byte[] bytes, int start, int length) {
        if (length == 0 || bytes[start] != ':') {
            return 0;
        }
        for (int i = 0; i < NAMES.length; i++) {
            if (Arrays.equals(bytes, start, start + length, NAMES[i], 0, NAMES[i].length)) {
                return i + 1;
            }
        }
        return UNKNOWN;
    }
}
