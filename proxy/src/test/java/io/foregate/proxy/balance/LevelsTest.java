package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** How requests are divided among priorities and zones. A name says who is in a part: its level and zone. */
final class LevelsTest {
    private final List<Share> shares = new ArrayList<>();
    private String zone = "";

    @Test
    void aWholePriorityKeepsAll() {
        level(0, 5, 5);
        level(1, 5, 5);
        assertThat(divided()).containsExactly("0 1.00", "1 0.00");
    }

    @Test
    void headroomMakesUpForAFewThatAreDown() {
        level(0, 8, 10);
        level(1, 5, 5);
        assertThat(divided()).containsExactly("0 1.00", "1 0.00");
    }

    @Test
    void whatAPriorityCantCarryGoesToTheNext() {
        level(0, 5, 10);
        level(1, 5, 5);
        assertThat(divided()).containsExactly("0 0.70", "1 0.30");
    }

    @Test
    void theThirdGetsWhatTheSecondCantCarry() {
        level(0, 1, 10);
        level(1, 4, 10);
        level(2, 10, 10);
        assertThat(divided()).containsExactly("0 0.14", "1 0.56", "2 0.30");
    }

    @Test
    void wherePrioritiesTogetherCantCarryItEachTakesByItsHealth() {
        level(0, 2, 10);
        level(1, 2, 10);
        assertThat(divided()).containsExactly("0 0.50", "1 0.50");
    }

    @Test
    void backupsComeWhenNobodyElseIsUp() {
        level(0, 1, 10);
        level(Share.BACKUP, 2, 2);
        assertThat(divided()).containsExactly("0 1.00 panic", "backup 0.00");
        shares.clear();
        level(0, 0, 10);
        level(Share.BACKUP, 1, 2);
        assertThat(divided()).containsExactly("backup 1.00");
    }

    @Test
    void whenTooFewAreUpAllAreAsked() {
        level(0, 1, 10);
        assertThat(divided()).containsExactly("0 1.00 panic");
        shares.clear();
        level(0, 2, 10);
        assertThat(divided()).containsExactly("0 1.00");
    }

    @Test
    void nobodyPanicsWhileTheNextPriorityCanCarryIt() {
        level(0, 0, 10);
        level(1, 10, 10);
        assertThat(divided()).containsExactly("1 1.00");
    }

    @Test
    void whenAllAreDownTheFirstPriorityIsAsked() {
        level(0, 0, 3);
        level(1, 0, 3);
        assertThat(divided()).containsExactly("0 1.00 panic", "1 0.00 panic");
    }

    @Test
    void theOwnZoneComesFirst() {
        zone = "a";
        zone("a", 3, 3);
        zone("b", 3, 3);
        assertThat(divided()).containsExactly("a 1.00", "b 0.00");
    }

    @Test
    void whatTheOwnZoneCantCarryGoesToTheOthers() {
        zone = "a";
        zone("a", 1, 2);
        zone("b", 3, 3);
        assertThat(divided()).containsExactly("a 0.70", "b 0.30");
        shares.clear();
        zone("a", 0, 2);
        zone("b", 1, 3);
        assertThat(divided()).containsExactly("b 1.00");
    }

    @Test
    void theOwnZoneTakesAllWhenItIsTheOnlyOne() {
        zone = "a";
        zone("a", 2, 3);
        zone("b", 0, 3);
        assertThat(divided()).containsExactly("a 1.00");
    }

    @Test
    void whoLeavesIsMissedAndNotAsked() {
        level(0, 2, 2);
        shares.add(new Share(new Someone("0"), 1).as(Standing.STICKY_ONLY));
        shares.add(new Share(new Someone("0"), 1).as(Standing.OUT));
        level(1, 1, 1);
        assertThat(divided()).containsExactly("0 0.70", "1 0.30");
    }

    private void level(int priority, int up, int of) {
        for (int i = 0; i < of; i++) {
            Someone one = new Someone(priority == Share.BACKUP ? "backup" : String.valueOf(priority));
            shares.add(new Share(one, 1).withPriority(priority).as(i < up ? Standing.UP : Standing.DOWN));
        }
    }

    private void zone(String name, int up, int of) {
        for (int i = 0; i < of; i++) {
            shares.add(new Share(new Someone(name), 1).in(name).as(i < up ? Standing.UP : Standing.DOWN));
        }
    }

    private List<String> divided() {
        Balancing balancing = new Balancing(Balancer.RANDOM, 40, 20, zone, 125, SlowStart.NONE, null);
        List<String> divided = new ArrayList<>();
        for (Levels.Part part : Levels.divide(shares, balancing)) {
            divided.add(part.shares().getFirst().member().name()
                    + String.format(Locale.ROOT, " %.2f", part.load())
                    + (part.panic() ? " panic" : ""));
        }
        return divided;
    }
}
