package io.foregate.proxy.codec;

import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;

/** Validates {@code host[:port]} as in Host, {@code :authority} and absolute targets (RFC 9110 §7.2, RFC 3986 §3.2.2). */
final class Authority {
    private static final int MAX_HOST_BYTES = 255;

    private Authority() {}

    /** Sets the head's authority from bytes of its block; false when they are no host with an optional port. */
    static boolean resolve(RequestHead into, int start, int length) {
        byte[] block = into.headers().array();
        int end = start + length;
        int hostEnd = hostEnd(block, start, end);
        if (hostEnd <= start || hostEnd - start > MAX_HOST_BYTES) {
            return false;
        }
        if (hostEnd < end && !port(block, hostEnd, end)) {
            return false;
        }
        into.authority(start, length, hostEnd - start);
        return true;
    }

    private static int hostEnd(byte[] block, int start, int end) {
        int at = start;
        if (at < end && block[at] == '[') {
            at++;
            int literal = at;
            while (at < end && (Octets.hexValue(block[at]) >= 0 || block[at] == ':' || block[at] == '.')) {
                at++;
            }
            return at > literal + 1 && at < end && block[at] == ']' ? at + 1 : -1;
        }
        while (at < end && block[at] != ':') {
            // '%' would allow a second spelling of every name; user names and IPv6 brackets have no place here either.
            if (!Octets.isHost(block[at]) || block[at] == '%' || block[at] == '[' || block[at] == ']') {
                return -1;
            }
            at++;
        }
        return at;
    }

    private static boolean port(byte[] block, int colon, int end) {
        if (block[colon] != ':' || end - colon > 6) {
            return false;
        }
        int value = 0;
        for (int i = colon + 1; i < end; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return value <= 65535;
    }
}
