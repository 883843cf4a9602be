package io.foregate.control.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChanceTest {
    /** Against the sum of all terms, each by itself. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, 0.005",
        "3, 10, 0.02",
        "10, 10, 0.5",
        "1, 1000, 0.001",
        "20, 1000, 0.01",
        "5, 1000, 0.01",
        "999, 1000, 0.9",
        "100, 100000, 0.0005"
    })
    void tailIsTheSumOfItsTerms(long hits, long tries, double each) {
        double sum = 0;
        for (long k = hits; k <= tries; k++) {
            double log = 0;
            for (long i = 1; i <= k; i++) {
                log += Math.log(tries - k + i) - Math.log(i);
            }
            sum += Math.exp(log + k * Math.log(each) + (tries - k) * Math.log1p(-each));
            if (k > hits + 1000) {
                break;
            }
        }
        assertThat(Chance.ofAtLeast(hits, tries, each)).isCloseTo(sum, within(1e-7));
    }

    @Test
    void endsAreCertain() {
        assertThat(Chance.ofAtLeast(0, 10, 0.1)).isOne();
        assertThat(Chance.ofAtLeast(11, 10, 0.1)).isZero();
        assertThat(Chance.ofAtLeast(1, 10, 0)).isZero();
        assertThat(Chance.ofAtLeast(1, 10, 1)).isOne();
        assertThat(Chance.ofAtLeast(500_000, 1_000_000, 0.001)).isLessThan(1e-9);
    }
}
