package io.foregate.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MaglevTest {
    @Test
    void everyoneHasItsShareOfTheSlots() {
        int[] slots = slots(new Maglev(names(100), same(100)), 100);
        for (int count : slots) {
            assertThat(count).isBetween(655, 656);
        }
    }

    @Test
    void weightsCount() {
        int[] weights = same(10);
        weights[3] = 3;
        weights[4] = 100;
        int[] slots = slots(new Maglev(names(10), weights), 10);
        int unit = 65_537 / 111;
        assertThat(slots[3]).isBetween(3 * unit - 5, 3 * unit + 5);
        assertThat(slots[4]).isBetween(100 * unit - 100, 100 * unit + 100);
    }

    @Test
    void theOrderOfNamesSaysNothing() {
        String[] names = names(50);
        Maglev table = new Maglev(names, same(50));
        String[] turned = names.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] = names[49 - i];
        }
        Maglev other = new Maglev(turned, same(50));
        for (int slot = 0; slot < table.size(); slot++) {
            assertThat(turned[other.at(slot)]).isEqualTo(names[table.at(slot)]);
        }
    }

    @Test
    void fewKeysMoveWhenOneOfAHundredLeaves() {
        String[] names = names(100);
        Maglev before = new Maglev(names, same(100));
        for (int leaver = 0; leaver < 100; leaver += 9) {
            String[] left = new String[99];
            System.arraycopy(names, 0, left, 0, leaver);
            System.arraycopy(names, leaver + 1, left, leaver, 99 - leaver);
            Maglev after = new Maglev(left, same(99));
            int moved = 0;
            for (int slot = 0; slot < before.size(); slot++) {
                if (!names[before.at(slot)].equals(left[after.at(slot)])) {
                    moved++;
                }
            }
            // Its own are 1 %.
            assertThat((double) moved / before.size()).isBetween(0.009, 0.02);
        }
    }

    private static int[] slots(Maglev table, int members) {
        int[] slots = new int[members];
        for (int slot = 0; slot < table.size(); slot++) {
            slots[table.at(slot)]++;
        }
        return slots;
    }

    private static String[] names(int count) {
        String[] names = new String[count];
        Arrays.setAll(names, i -> "10.0." + i / 256 + "." + i % 256 + ":8080");
        return names;
    }

    private static int[] same(int count) {
        int[] weights = new int[count];
        Arrays.fill(weights, 1);
        return weights;
    }
}
