package io.foregate.proxy.codec;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;

/** Reads Content-Length (RFC 9110 §8.6) with no tolerance: one field, digits only, no list. */
public final class ContentLength {
    private static final int MAX_DIGITS = 18;

    private ContentLength() {}

    /** The value of the field at {@code position}, or -1 when it is malformed or not the only one. */
    public static long parse(Headers headers, int position) {
        int start = headers.valueStart(position);
        int length = headers.valueLength(position);
        if (length == 0 || length > MAX_DIGITS || headers.findNext(HeaderName.CONTENT_LENGTH, position) >= 0) {
            return -1;
        }
        byte[] block = headers.array();
        long value = 0;
        for (int i = start; i < start + length; i++) {
            int digit = block[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        if (length > 1 && block[start] == '0') {
            rewrite(headers, value);
        }
        return value;
    }

    // Leading zeros are allowed, and octal to some: the next reader gets none.
    private static void rewrite(Headers headers, long value) {
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.begin(HeaderName.CONTENT_LENGTH);
        headers.appendDecimal(value);
        headers.finish(HeaderName.CONTENT_LENGTH);
    }
}
