package io.foregate.proxy.loop;

import io.foregate.api.message.Octets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The time as one event loop sees it: read from the system once per batch of events, not once per question.
 *
 * <p>Owned by its loop. {@link #refresh()} is called where a batch of reads begins and on every timer tick, so the error is
 * the length of one turn of the loop.
 */
public final class LoopClock {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private long nowNanos;
    private long epochMillisOfAnchor;
    private long anchorNanos;
    private long nextSecondNanos;
    private byte[] httpDate = {};

    public LoopClock() {
        nowNanos = System.nanoTime();
        anchor();
    }

    /** Reads the system's clock and returns {@link #nowNanos()}. */
    public long refresh() {
        nowNanos = System.nanoTime();
        return nowNanos;
    }

    /** {@link System#nanoTime()} as of the last refresh. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Wall-clock milliseconds since the epoch that belong to {@code nanos}, a recent value of this clock. */
    public long epochMillis(long nanos) {
        if (nowNanos - nextSecondNanos >= 0) {
            anchor();
        }
        return epochMillisOfAnchor + Math.floorDiv(nanos - anchorNanos, 1_000_000L);
    }

    /** The Date field's value (RFC 9110 §5.6.7) for now, made once a second. Not to be changed. */
    public byte[] httpDate() {
        if (nowNanos - nextSecondNanos >= 0) {
            anchor();
        }
        return httpDate;
    }

    // Ties nanoTime to the wall clock anew each second, so that a stepped clock is followed.
    private void anchor() {
        long millis = Instant.now().toEpochMilli();
        anchorNanos = nowNanos;
        epochMillisOfAnchor = millis;
        nextSecondNanos = nowNanos + SECOND_NANOS - Math.floorMod(millis, 1000L) * 1_000_000L;
        httpDate = Octets.ascii(HTTP_DATE.format(Instant.ofEpochMilli(millis)));
    }
}
