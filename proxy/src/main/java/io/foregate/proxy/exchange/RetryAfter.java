package io.foregate.proxy.exchange;

import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.proxy.loop.LoopClock;

/** How long an origin asks to be left alone (RFC 9110 §10.2.3). Stateless. */
final class RetryAfter {
    /** More than three years are as good as for ever, and so many nanoseconds fit. */
    static final long MOST_SECONDS = 100_000_000;

    private RetryAfter() {}

    /** As the other, from the clock's now on. */
    static long nanos(Headers headers, LoopClock clock) {
        return nanos(headers, clock.epochMillis(clock.nowNanos()));
    }

    /**
     * What the field says, in nanoseconds from now; 0 when it says nothing that could be waited for, or a date that is over.
     *
     * @param nowMillis since 1970
     */
    static long nanos(Headers headers, long nowMillis) {
        int at = headers.find(HeaderName.RETRY_AFTER);
        int length = at < 0 ? 0 : headers.valueLength(at);
        if (length == 0) {
            return 0;
        }
        byte[] text = headers.array();
        int start = headers.valueStart(at);
        long seconds = 0;
        for (int i = start; i < start + length; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return untilNanos(HttpDate.epochSeconds(text, start, length, nowMillis / 1000), nowMillis);
            }
            seconds = Math.min(seconds * 10 + digit, MOST_SECONDS);
        }
        return seconds * 1_000_000_000;
    }

    private static long untilNanos(long epochSeconds, long nowMillis) {
        if (epochSeconds == HttpDate.NONE) {
            return 0;
        }
        return Math.clamp(epochSeconds * 1000 - nowMillis, 0, MOST_SECONDS * 1000) * 1_000_000;
    }
}
