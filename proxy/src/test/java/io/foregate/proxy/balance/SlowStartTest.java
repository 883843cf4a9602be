package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SlowStartTest {
    @Test
    void theWeightGrowsFromATenthToAllOfItInSteps() {
        for (long window : new long[] {1, 7, 1_000, 30_000_000_000L, Long.MAX_VALUE / 100}) {
            SlowStart slow = new SlowStart(window);
            long age = 0;
            int steps = 0;
            int last = 0;
            while (slow.percent(age) < 100) {
                int percent = slow.percent(age);
                assertThat(percent).isGreaterThanOrEqualTo(10).isGreaterThan(last);
                last = percent;
                long wait = slow.untilMoreNanos(age);
                assertThat(wait).isPositive();
                age += wait;
                steps++;
                assertThat(steps).isLessThanOrEqualTo(20);
            }
            assertThat(slow.untilMoreNanos(age)).isZero();
            assertThat(age).isLessThanOrEqualTo(window + 1);
        }
    }

    @Test
    void withoutAWindowAllOfItCountsAtOnce() {
        assertThat(SlowStart.NONE.percent(0)).isEqualTo(100);
        assertThat(SlowStart.NONE.untilMoreNanos(0)).isZero();
    }
}
