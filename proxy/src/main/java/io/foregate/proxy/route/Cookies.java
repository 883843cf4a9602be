package io.foregate.proxy.route;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;

/** Finds cookies in the Cookie fields (RFC 6265 §4.2.1) where they stand. Stateless, no garbage. */
public final class Cookies {
    /** What {@link #find} returns when there is no such cookie. */
    public static final long ABSENT = -1;

    private Cookies() {}

    /**
     * The value of the first cookie of that name as {@code start << 32 | length}, or {@link #ABSENT}. Names are
     * case-sensitive; quotes belong to the value.
     */
    public static long find(Headers headers, Literal name) {
        byte[] block = headers.array();
        for (int i = headers.find(HeaderName.COOKIE); i >= 0; i = headers.findNext(HeaderName.COOKIE, i)) {
            int at = headers.valueStart(i);
            int end = at + headers.valueLength(i);
            while (at < end) {
                int stop = at;
                int equals = -1;
                while (stop < end && block[stop] != ';') {
                    if (equals < 0 && block[stop] == '=') {
                        equals = stop;
                    }
                    stop++;
                }
                int from = Octets.skipBlank(block, at, stop);
                if (equals >= from && name.matches(block, from, Octets.trimBlank(block, from, equals) - from)) {
                    int valueStart = Octets.skipBlank(block, equals + 1, stop);
                    return (long) valueStart << 32 | (Octets.trimBlank(block, valueStart, stop) - valueStart);
                }
                at = stop + 1;
            }
        }
        return ABSENT;
    }
}
