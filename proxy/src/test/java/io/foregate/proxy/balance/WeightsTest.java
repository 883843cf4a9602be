package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WeightsTest {
    @Test
    void equalsTakeTurns() {
        Weights weights = new Weights(new int[] {7, 7, 7});
        assertThat(turns(weights, 6)).containsExactly(1, 2, 0, 1, 2, 0);
    }

    @Test
    void turnsOfTheHeavyAreSpread() {
        Weights weights = new Weights(new int[] {50, 10, 10});
        List<Integer> round = turns(weights, 7);
        assertThat(round).contains(1, 2);
        assertThat(round.stream().filter(one -> one == 0)).hasSize(5);
        assertThat(turns(weights, 70)).doesNotContainSequence(0, 0, 0, 0, 0);
    }

    @Test
    void eachGetsItsShareHoweverLargeTheWeightsAre() {
        int[] given = new int[500];
        Random random = new Random(1);
        Arrays.setAll(given, i -> 1 + random.nextInt(1000));
        given[0] = 1;
        given[1] = 1000;
        Weights weights = new Weights(given);
        long total = Arrays.stream(given).sum();
        int[] got = new int[given.length];
        int rounds = 20;
        for (int turn = 0; turn < total * rounds; turn++) {
            got[weights.turn(turn)]++;
        }
        for (int i = 0; i < given.length; i++) {
            // A sequence that fills evenly is never off by more than a few, whatever has been drawn before.
            assertThat(got[i]).as("weight %d", given[i]).isBetween(given[i] * rounds - 8, given[i] * rounds + 8);
        }
    }

    @Test
    void randomOnesGetTheirShareToo() {
        Weights weights = new Weights(new int[] {1000, 1, 999});
        Random random = new Random(2);
        int[] got = new int[3];
        for (int i = 0; i < 2_000_000; i++) {
            got[weights.random(random.nextLong())]++;
        }
        assertThat(got[0]).isBetween(990_000, 1_010_000);
        assertThat(got[1]).isBetween(800, 1200);
    }

    private static List<Integer> turns(Weights weights, int count) {
        List<Integer> turns = new ArrayList<>();
        for (int turn = 1; turn <= count; turn++) {
            turns.add(weights.turn(turn));
        }
        return turns;
    }
}
