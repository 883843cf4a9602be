package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import java.nio.charset.StandardCharsets;

/** Finds parameters in a query, {@code name=value} pairs between ampersands, where it stands. Stateless, no garbage. */
public final class Query {
    /** What {@link #find} returns when there is no such parameter. */
    public static final long ABSENT = -1;

    private Query() {}

    /** The value of the first parameter of that name as {@code start << 32 | length}, or {@link #ABSENT}. */
    public static long find(RequestHead head, Literal name) {
        int at = head.queryStart();
        int end = at + head.queryLength();
        byte[] block = head.headers().array();
        while (at < end) {
            int equals = -1;
            int stop = at;
            while (stop < end && block[stop] != '&') {
                if (equals < 0 && block[stop] == '=') {
                    equals = stop;
                }
                stop++;
            }
            int nameEnd = equals < 0 ? stop : equals;
            if (name.matchesDecoded(block, at, nameEnd - at)) {
                int valueStart = equals < 0 ? stop : equals + 1;
                return (long) valueStart << 32 | (stop - valueStart);
            }
            at = stop + 1;
        }
        return ABSENT;
    }

    /** The byte that stands at {@code at}, decoded, of what ends at {@code end}. */
    public static byte decodedByte(byte[] block, int at, int end) {
        if (encodedLength(block, at, end) == 3) {
            return (byte) (Octets.hexValue(block[at + 1]) << 4 | Octets.hexValue(block[at + 2]));
        }
        return block[at] == '+' ? (byte) ' ' : block[at];
    }

    /** How many bytes stand for it: 3 or 1. */
    public static int encodedLength(byte[] block, int at, int end) {
        boolean escape = block[at] == '%'
                && at + 2 < end
                && Octets.hexValue(block[at + 1]) >= 0
                && Octets.hexValue(block[at + 2]) >= 0;
        return escape ? 3 : 1;
    }

    /** The value as text, decoded; for regular expressions. */
    static String decode(byte[] block, int start, int length) {
        byte[] decoded = new byte[length];
        int to = 0;
        int end = start + length;
        for (int at = start; at < end; at += encodedLength(block, at, end)) {
            decoded[to++] = decodedByte(block, at, end);
        }
        return new String(decoded, 0, to, StandardCharsets.UTF_8);
    }
}
