package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {
    private static final long SECOND = 1L << 30;

    private static int takeAll(RetryBudget budget, int percent, int least, long now) {
        int taken = 0;
        while (taken < 10_000 && budget.take(percent, least, now)) {
            taken++;
        }
        return taken;
    }

    private static RetryBudget requests(int count, long from, long over) {
        RetryBudget budget = new RetryBudget(2);
        for (int i = 0; i < count; i++) {
            budget.requested(i & 1, from + over * i / count);
        }
        return budget;
    }

    @Test
    void aShareOfTheRequestsOfAllLoopsMayBeRepeated() {
        assertThat(takeAll(requests(1_000, 0, 9 * SECOND), 20, 0, 9 * SECOND)).isEqualTo(200);
        assertThat(takeAll(requests(1_000, 0, 9 * SECOND), 0, 0, 9 * SECOND)).isZero();
    }

    @Test
    void fewRequestsAllowTheLeastPerSecond() {
        assertThat(takeAll(new RetryBudget(1), 20, 3, 0)).isEqualTo(3 * RetryBudget.WINDOW_SECONDS);
        assertThat(takeAll(requests(100, 0, SECOND), 20, 3, SECOND)).isEqualTo(20 + 3 * RetryBudget.WINDOW_SECONDS);
    }

    @Test
    void whatIsLongAgoDoesntCount() {
        RetryBudget budget = requests(1_000, 0, SECOND / 2);
        assertThat(takeAll(budget, 20, 1, SECOND)).isEqualTo(210);
        assertThat(budget.take(20, 1, 9 * SECOND)).isFalse();
        // Neither requests nor repeats of that second.
        assertThat(takeAll(budget, 20, 1, 12 * SECOND)).isEqualTo(10);
        // The slots are used again.
        budget.requested(0, 16 * SECOND);
        assertThat(takeAll(budget, 100, 0, 30 * SECOND)).isZero();
        for (int i = 0; i < 50; i++) {
            budget.requested(0, 32 * SECOND);
        }
        assertThat(takeAll(budget, 100, 0, 32 * SECOND)).isEqualTo(50);
    }

    @Test
    void aClockBelowZeroIsAClock() {
        long start = Long.MIN_VALUE + 5;
        assertThat(takeAll(requests(100, start, SECOND), 50, 0, start + SECOND)).isEqualTo(50);
    }

    @Test
    void withoutALimitAnythingGoes() {
        assertThat(takeAll(new RetryBudget(1), RetryBudget.UNLIMITED, 0, 0)).isEqualTo(10_000);
    }

    @Test
    void loopsThatAskTogetherGetNoMoreThanThereIs() throws Exception {
        RetryBudget budget = requests(1_000, 0, SECOND);
        AtomicInteger taken = new AtomicInteger();
        List<Thread> loops = new ArrayList<>();
        for (int loop = 0; loop < 4; loop++) {
            loops.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5_000; i++) {
                    if (budget.take(20, 0, SECOND)) {
                        taken.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(taken.get()).isEqualTo(200);
    }
}
