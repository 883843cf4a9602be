package io.foregate.control.guard;

import io.foregate.proxy.observe.Ending;
import io.foregate.proxy.observe.SideTally;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What may be wrong with requests, each for itself. */
public enum Cause {
    /** A status of 500 or more, or a failure of the origin or of the proxy. */
    ERRORS(0.001),
    /** 404, 410 or 421. */
    NOT_FOUND(0.01),
    /** 401 or 403. */
    DENIED(0.01),
    /** Another status from 400 to 499. */
    CLIENT_ERRORS(0.01),
    /** Clients that didn't wait for the answer. */
    GONE(0.01),
    /** Slower than half of the requests are, by far. */
    SLOW_HALF(0.25),
    /** Slower than nine of ten requests are, by far. */
    SLOW_TENTH(0.05),
    /** Slower than 99 of a hundred requests are, by far. */
    SLOW_HUNDREDTH(0.01),
    /** No answer, for some seconds already. */
    STUCK(0.05);

    private final double least;

    Cause(double least) {
        this.least = least;
    }

    /** How much more of the requests it has to be, as a part of all, to matter to anybody. */
    double least() {
        return least;
    }

    /** As the command line and the API have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The cause of that name; {@code slow} for all that are about time. Null when there is none. */
    public static @Nullable Cause of(String text) {
        for (Cause cause : values()) {
            if (cause.text().equals(text)) {
                return cause;
            }
        }
        return null;
    }

    /** Which limit of time it is about; -1 when it is about something else. */
    int limit() {
        return switch (this) {
            case SLOW_HALF -> 0;
            case SLOW_TENTH -> 1;
            case SLOW_HUNDREDTH -> 2;
            case ERRORS, NOT_FOUND, DENIED, CLIENT_ERRORS, GONE, STUCK -> -1;
        };
    }

    /** Which part of the requests isn't slower than its limit. */
    double part() {
        return switch (this) {
            case SLOW_HALF -> 0.5;
            case SLOW_TENTH -> 0.9;
            case SLOW_HUNDREDTH -> 0.99;
            case ERRORS, NOT_FOUND, DENIED, CLIENT_ERRORS, GONE, STUCK -> 0;
        };
    }

    /** To how many requests of a group of clients it has happened; for what counts by having ended. */
    long count(SideTally.Reading reading, int group) {
        return switch (this) {
            case ERRORS ->
                reading.ended(group, Ending.SERVER_ERROR)
                        + reading.ended(group, Ending.ORIGIN_FAILED)
                        + reading.ended(group, Ending.PROXY_FAILED);
            case NOT_FOUND -> reading.ended(group, Ending.NOT_FOUND);
            case DENIED -> reading.ended(group, Ending.DENIED);
            case CLIENT_ERRORS -> reading.ended(group, Ending.CLIENT_ERROR);
            case GONE -> reading.ended(group, Ending.CLIENT_GONE);
            case SLOW_HALF, SLOW_TENTH, SLOW_HUNDREDTH -> reading.slow(group, limit());
            case STUCK -> 0;
        };
    }
}
