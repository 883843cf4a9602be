package io.foregate.control.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
    @Test
    void soManyAtOnceAndThenSoManyInEachSecond() {
        AtomicLong nanos = new AtomicLong();
        RateLimit limit = new RateLimit(10, 3, nanos::get);

        assertThat(taken(limit)).isEqualTo(3);
        nanos.addAndGet(100_000_000);
        assertThat(limit.take()).isTrue();
        assertThat(limit.take()).isFalse();
        nanos.addAndGet(60_000_000_000L);
        assertThat(taken(limit)).isEqualTo(3);
    }

    private static int taken(RateLimit limit) {
        int taken = 0;
        while (limit.take()) {
            taken++;
        }
        return taken;
    }
}
