package io.foregate.control.discovery;

import java.time.Duration;

/**
 * How often names are looked up: when the answer's life is over, but within bounds.
 *
 * @param least between two look-ups, however short the life
 * @param most between two look-ups, however long the life: people do change records whose TTL is a day
 * @param retry between two look-ups while there is no answer
 */
public record Pace(Duration least, Duration most, Duration retry) {
    public static final Pace DEFAULT = new Pace(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(2));

    Duration after(Duration life) {
        return life.compareTo(least) < 0 ? least : life.compareTo(most) > 0 ? most : life;
    }

    /** The same, but always after that long. */
    Pace every(Duration period) {
        return new Pace(period, period, retry);
    }
}
