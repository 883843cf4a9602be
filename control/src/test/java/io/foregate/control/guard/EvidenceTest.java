package io.foregate.control.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.observe.SideTally;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The test behind the guard, with simulated traffic. Its chance is seeded, so it comes to the same each time. */
class EvidenceTest {
    private static final double SURE = Math.log(1_000);

    private final Random random = new Random(20);

    @Test
    void whereNothingDiffersItNeverGetsSureHoweverOftenOneLooks() {
        int alarms = 0;
        for (int trial = 0; trial < 300; trial++) {
            Evidence evidence = new Evidence();
            double rate = new double[] {0.0005, 0.02, 0.3}[trial % 3];
            boolean sure = false;
            for (int look = 0; look < 60; look++) {
                evidence.add(stratum(200, 0.1, rate, rate));
                sure |= evidence.log() > SURE;
            }
            alarms += sure ? 1 : 0;
        }
        assertThat(alarms).isZero();
    }

    @Test
    void aStormThatHitsBothSidesWhileTheShareGrowsIsNoHarm() {
        Evidence evidence = new Evidence();
        for (int second = 0; second < 60; second++) {
            double share = second < 20 ? 0.1 : second < 40 ? 0.25 : 0.5;
            // Quiet as long as few get the new side, and bad when half of them do: pooled, the new side would look
            // worse.
            double rate = second < 40 ? 0.001 : 0.2;
            evidence.add(stratum(300, share, rate, rate));
            assertThat(evidence.log()).isLessThan(SURE);
        }
    }

    @Test
    void threeTenthsOfFailuresAreFoundWithinAHundredRequestsOfTheNewSide() {
        Evidence evidence = new Evidence();
        int requests = 0;
        while (evidence.log() < SURE) {
            evidence.add(stratum(50, 0.1, 0, 0.3));
            requests += 5;
        }
        assertThat(requests).isLessThan(100);
    }

    @Test
    void aHandfulOfFailuresOfDifferentClientsIsEnoughWhereThereAreFewRequests() {
        Evidence.Counts counts = new Evidence.Counts();
        for (int group = 0; group < 7; group++) {
            counts.before[group] = 10;
            counts.after[group] = 1;
            counts.happenedAfter[group] = 1;
        }
        Evidence evidence = new Evidence();
        evidence.add(counts);

        assertThat(evidence.log()).isGreaterThan(SURE);
    }

    @Test
    void whatOneGroupOfClientsDoesIsNoHarm() {
        Evidence evidence = new Evidence();
        for (int second = 0; second < 60; second++) {
            Evidence.Counts counts = stratum(500, 0.2, 0.001, 0.001);
            counts.after[3] += 50;
            counts.happenedAfter[3] += 50;
            evidence.add(counts);
            assertThat(evidence.log()).isLessThan(SURE);
        }
    }

    @Test
    void aFewRequestsThatGetNoAnswerAreEnoughWhereAllOthersGetOne() {
        Evidence.Counts counts = new Evidence.Counts();
        for (int group = 0; group < 10; group++) {
            counts.before[group] = 3;
            counts.after[group] = 1;
            counts.happenedAfter[group] = group < 9 ? 1 : 0;
        }
        Evidence evidence = new Evidence();
        evidence.add(counts);

        assertThat(evidence.log()).isGreaterThan(SURE);
    }

    @Test
    void whatHappensLessOftenIsNoHarm() {
        Evidence evidence = new Evidence();
        for (int second = 0; second < 60; second++) {
            evidence.add(stratum(500, 0.5, 0.3, 0));
        }
        assertThat(evidence.log()).isLessThan(0);
    }

    @Test
    void withoutTheOtherSideNothingIsKnown() {
        Evidence.Counts counts = new Evidence.Counts();
        counts.after[0] = 100;
        counts.after[1] = 100;
        counts.happenedAfter[0] = 100;
        counts.happenedAfter[1] = 100;
        Evidence evidence = new Evidence();
        evidence.add(counts);

        assertThat(evidence.log()).isZero();
    }

    private Evidence.Counts stratum(int requests, double share, double rateBefore, double rateAfter) {
        Evidence.Counts counts = new Evidence.Counts();
        for (int i = 0; i < requests; i++) {
            int group = random.nextInt(SideTally.GROUPS);
            boolean after = random.nextDouble() < share;
            boolean happens = random.nextDouble() < (after ? rateAfter : rateBefore);
            (after ? counts.after : counts.before)[group]++;
            if (happens) {
                (after ? counts.happenedAfter : counts.happenedBefore)[group]++;
            }
        }
        return counts;
    }
}
