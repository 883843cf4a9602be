package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is counted within a window, and what has left it. */
final class SamplesTest {
    private static final long SECOND = 1_000_000_000L;

    private final Samples samples = new Samples(2, 10 * SECOND);

    @Test
    void allLoopsAreAddedUp() {
        long now = 1_234_567 * SECOND;
        samples.add(0, now, false);
        samples.add(0, now + SECOND, true);
        samples.add(1, now + 5 * SECOND, true);
        assertSum(now + 5 * SECOND, 3, 2);
    }

    @Test
    void whatIsOlderThanTheWindowDoesNotCount() {
        // Clocks of this kind may be below zero, and pass it.
        for (long begin : new long[] {-3 * SECOND, 77 * SECOND, Long.MAX_VALUE - 12 * SECOND}) {
            Samples fresh = new Samples(1, 10 * SECOND);
            fresh.add(0, begin, true);
            assertThat(Samples.requests(fresh.sum(begin + 10 * SECOND))).isEqualTo(1);
            // No later than a quarter of the window afterwards it has gone.
            assertThat(fresh.sum(begin + 13 * SECOND)).isZero();
            fresh.add(0, begin + 40 * SECOND, false);
            assertThat(fresh.sum(begin + 40 * SECOND)).isEqualTo(1);
        }
    }

    @Test
    void countsStopAtTheirMostInsteadOfSpillingOver() {
        for (int i = 0; i < (1 << 20) + 10; i++) {
            samples.add(0, 0, true);
        }
        assertSum(0, (1 << 20) - 1, (1 << 20) - 1);
    }

    @Test
    void nothingIsLeftAfterABeginning() {
        samples.add(0, 0, true);
        samples.clear();
        assertThat(samples.sum(0)).isZero();
    }

    private void assertSum(long now, long requests, long failures) {
        assertThat(Samples.requests(samples.sum(now))).isEqualTo(requests);
        assertThat(Samples.failures(samples.sum(now))).isEqualTo(failures);
    }
}
