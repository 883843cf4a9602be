package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class PeakLatencyTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    private final PeakLatency latency = new PeakLatency();

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(latency.nanos(SECOND)).isZero();
    }

    @Test
    void aSlowAnswerCountsAtOnceAndIsForgottenSlowly() {
        latency.sample(MILLI, SECOND, false);
        latency.sample(100 * MILLI, SECOND, false);
        assertThat(latency.nanos(SECOND)).isCloseTo(100 * MILLI, Percentage.withPercentage(1));
        assertThat(latency.nanos(6 * SECOND)).isCloseTo(50 * MILLI, Percentage.withPercentage(1));
        for (long at = SECOND; at < 31 * SECOND; at += 10 * MILLI) {
            latency.sample(MILLI, at, false);
        }
        assertThat(latency.nanos(31 * SECOND)).isBetween(MILLI, 3 * MILLI);
    }

    @Test
    void oneThatIsNotAskedIsForgivenInTheEnd() {
        latency.sample(SECOND, SECOND, false);
        assertThat(latency.nanos(200 * SECOND)).isEqualTo(1);
        assertThat(latency.nanos(100_000 * SECOND)).isPositive();
    }

    @Test
    void quickErrorsDontLookQuick() {
        latency.sample(10 * MILLI, SECOND, false);
        for (int i = 1; i <= 100; i++) {
            latency.sample(MILLI / 10, SECOND + i * MILLI, true);
        }
        assertThat(latency.nanos(SECOND + 100 * MILLI)).isBetween(9 * SECOND, 11 * SECOND);
    }

    @Test
    void aClockThatIsAMomentBehindDoesNoHarm() {
        latency.sample(10 * MILLI, SECOND, false);
        assertThat(latency.nanos(SECOND - MILLI)).isCloseTo(10 * MILLI, Percentage.withPercentage(1));
    }
}
