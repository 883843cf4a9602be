package io.foregate.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TrafficSplitTest {
    private static final int KEYS = 100_000;

    private static TrafficSplit split(int... percent) {
        int[] shares = new int[percent.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = percent[i] * 10_000;
        }
        return new TrafficSplit(List.of("one", "two", "three", "four").subList(0, percent.length), shares, 2);
    }

    private static int[] deal(TrafficSplit split) {
        int[] dealt = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            dealt[key] = split.of(KeyHash.mix(key));
        }
        return dealt;
    }

    private static double share(int[] dealt, int pool) {
        int count = 0;
        for (int one : dealt) {
            count += one == pool ? 1 : 0;
        }
        return count / (double) dealt.length;
    }

    private static double moved(int[] before, int[] after) {
        int count = 0;
        for (int i = 0; i < before.length; i++) {
            count += before[i] == after[i] ? 0 : 1;
        }
        return count / (double) before.length;
    }

    @Test
    void keysAreDealtInProportion() {
        int[] dealt = deal(split(70, 25, 5, 0));
        assertThat(share(dealt, 0)).isBetween(0.69, 0.71);
        assertThat(share(dealt, 1)).isBetween(0.24, 0.26);
        assertThat(share(dealt, 2)).isBetween(0.045, 0.055);
        assertThat(share(dealt, 3)).isZero();
    }

    @Test
    void ofTwoPoolsOnlyThoseMoveThatMust() {
        int[] few = deal(split(95, 5));
        int[] more = deal(split(75, 25));
        for (int key = 0; key < KEYS; key++) {
            assertThat(few[key] == 1 && more[key] == 0).isFalse();
        }
        assertThat(moved(few, more)).isBetween(0.19, 0.21);
    }

    @Test
    void toAPoolThatGrowsAgainstAllOthersKeysOnlyCome() {
        int[] before = deal(split(60, 30, 10));
        int[] after = deal(split(40, 20, 40));
        for (int key = 0; key < KEYS; key++) {
            assertThat(before[key] == after[key] || after[key] == 2).isTrue();
        }
    }

    @Test
    void whateverChangesNoMoreMoveThanTheBound() {
        int[][] shares = {{80, 10, 10}, {70, 10, 20}, {20, 30, 50}, {100, 0, 0}, {0, 50, 50}, {34, 33, 33}};
        for (int[] from : shares) {
            for (int[] to : shares) {
                double difference = 0;
                for (int i = 0; i < from.length; i++) {
                    difference += Math.abs(from[i] - to[i]) / 200.0;
                }
                double bound = 2 * difference / (1 + difference);
                assertThat(moved(deal(split(from)), deal(split(to)))).isBetween(difference - 0.01, bound + 0.01);
            }
        }
    }

    @Test
    void theOrderOfThePoolsDoesNotMatter() {
        TrafficSplit one = new TrafficSplit(List.of("a", "b"), new int[] {300_000, 700_000}, 1);
        TrafficSplit other = new TrafficSplit(List.of("b", "a"), new int[] {700_000, 300_000}, 1);
        for (int key = 0; key < 1000; key++) {
            assertThat(one.of(key)).isEqualTo(1 - other.of(key));
        }
    }

    @Test
    void turnsAreExactAndSpread() {
        TrafficSplit split = split(90, 10, 0);
        int[] counts = new int[3];
        int sinceLast = 0;
        for (int i = 0; i < 1000; i++) {
            int pool = split.next(1);
            counts[pool]++;
            sinceLast = pool == 1 ? 0 : sinceLast + 1;
            assertThat(sinceLast).isLessThan(11);
        }
        assertThat(counts).containsExactly(900, 100, 0);
    }

    @Test
    void sharesThatAreNoWholeAreRefused() {
        assertThatThrownBy(() -> split(50, 40)).hasMessageContaining("add up to 1000000 parts per million");
        assertThatThrownBy(() -> new TrafficSplit(List.of("one", "two"), new int[] {1_000_000}, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> split(150, -50)).isInstanceOf(IllegalArgumentException.class);
        assertThat(split(50, 50).shares()).containsExactly(500_000, 500_000);
    }

    @Test
    void samplesAreCloseToTheirShareAtAnyLengthAndInAnyRhythm() {
        Sampling sampling = new Sampling(1);
        int taken = 0;
        int[] everyTenth = new int[10];
        for (int i = 1; i <= 100_000; i++) {
            if (sampling.takes(0, 100_000)) {
                taken++;
                everyTenth[i % 10]++;
            }
            assertThat(Math.abs(taken - i / 10.0)).isLessThan(4);
        }
        for (int count : everyTenth) {
            assertThat(count).isBetween(950, 1050);
        }
        assertThat(sampling.takes(0, 0)).isFalse();
        assertThat(sampling.takes(0, Sampling.WHOLE)).isTrue();
    }
}
