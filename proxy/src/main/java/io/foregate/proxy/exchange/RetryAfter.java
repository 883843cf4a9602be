package io.foregate.proxy.exchange;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;

/** How long an origin asks to be left alone (RFC 9110 §10.2.3). Stateless. */
final class RetryAfter {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MOST_DIGITS = 8;

    private RetryAfter() {}

    /** The seconds that the field says, in nanoseconds; 0 when it says none. Dates aren't for retries of a moment, and count as none. */
    static long nanos(Headers headers) {
        int at = headers.find(HeaderName.RETRY_AFTER);
        int length = at < 0 ? 0 : headers.valueLength(at);
        if (length == 0 || length > MOST_DIGITS) {
            return 0;
        }
        long seconds = 0;
        for (int i = headers.valueStart(at); i < headers.valueStart(at) + length; i++) {
            int digit = headers.array()[i] - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            seconds = seconds * 10 + digit;
        }
        return seconds * SECOND_NANOS;
    }
}
