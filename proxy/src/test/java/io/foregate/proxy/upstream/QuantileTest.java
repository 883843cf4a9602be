package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class QuantileTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void aFewAnswersSayNothing() {
        Quantile times = new Quantile();
        assertThat(times.nanos(95)).isEqualTo(Quantile.UNKNOWN);
        for (int i = 0; i < 10; i++) {
            times.add(MILLI);
        }
        assertThat(times.nanos(95)).isEqualTo(Quantile.UNKNOWN);
    }

    @Test
    void itIsRightToAnEighth() {
        Random random = new Random(20260228);
        Quantile times = new Quantile();
        for (int i = 0; i < 3_000; i++) {
            // From 1 to 101 ms.
            times.add(MILLI + (long) (random.nextDouble() * 100 * MILLI));
        }
        for (int percent : new int[] {50, 75, 90, 95, 99}) {
            double exact = (1 + percent) * MILLI;
            assertThat((double) times.nanos(percent)).isBetween(exact * 0.95, exact * 1.18);
        }
    }

    @Test
    void itFollowsAChange() {
        Quantile times = new Quantile();
        for (int i = 0; i < 10_000; i++) {
            times.add(2 * MILLI);
        }
        assertThat(times.nanos(95)).isBetween(2 * MILLI, 3 * MILLI);
        for (int i = 0; i < 10_000; i++) {
            times.add(50 * MILLI);
        }
        assertThat(times.nanos(95)).isBetween(50 * MILLI, 60 * MILLI);
        assertThat(times.nanos(50)).isBetween(50 * MILLI, 60 * MILLI);
    }

    @Test
    void extremesAreTimesToo() {
        Quantile times = new Quantile();
        for (int i = 0; i < 100; i++) {
            times.add(0);
        }
        assertThat(times.nanos(99)).isBetween(1L, 10_000L);
        for (int i = 0; i < 100_000; i++) {
            times.add(Long.MAX_VALUE);
        }
        assertThat(times.nanos(50)).isGreaterThan(3_600L * 1_000 * MILLI);
    }
}
