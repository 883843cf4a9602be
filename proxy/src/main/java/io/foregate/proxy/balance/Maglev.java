package io.foregate.proxy.balance;

import java.util.Arrays;

/**
 * The table of Maglev hashing (Eisenbud et al., NSDI 2016): every slot belongs to a member, to each in proportion to its weight, and
 * when one comes or goes few slots change hands but its own. Depends on names and weights only, so that several proxies agree.
 * Immutable; a look-up is one read.
 */
final class Maglev {
    // Primes. The first is enough for one slot in a hundred to be a member's own up to 655 members; another size moves
    // every key,
    // so it is not made smaller for smaller pools.
    private static final int[] SIZES = {65_537, 655_373, 6_553_621};
    private static final int SLOTS_PER_MEMBER = 100;
    private static final int FREE = -1;

    private final int[] slots;

    Maglev(String[] names, int[] weights) {
        int size = SIZES[0];
        for (int i = 1; i < SIZES.length && size < names.length * SLOTS_PER_MEMBER; i++) {
            size = SIZES[i];
        }
        this.slots = fill(names, weights, size);
    }

    int size() {
        return slots.length;
    }

    int slot(long hash) {
        return (int) Long.remainderUnsigned(hash, slots.length);
    }

    int at(int slot) {
        return slots[slot];
    }

    private static int[] fill(String[] names, int[] weights, int size) {
        int count = names.length;
        int[] next = new int[count];
        int[] skip = new int[count];
        int heaviest = 1;
        for (int i = 0; i < count; i++) {
            long hash = KeyHash.of(names[i]);
            next[i] = (int) Long.remainderUnsigned(hash, size);
            skip[i] = (int) Long.remainderUnsigned(KeyHash.mix(hash + 1), size - 1) + 1;
            heaviest = Math.max(heaviest, weights[i]);
        }
        // By name, since the order in which members are listed says nothing.
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> names[a].compareTo(names[b]));
        int[] slots = new int[size];
        Arrays.fill(slots, FREE);
        long[] due = new long[count];
        int filled = 0;
        while (filled < size) {
            for (int k = 0; k < count && filled < size; k++) {
                int i = order[k];
                // The heaviest takes a slot in each round, others in proportion.
                due[i] += weights[i];
                if (due[i] < heaviest) {
                    continue;
                }
                due[i] -= heaviest;
                while (slots[next[i]] != FREE) {
                    next[i] = step(next[i], skip[i], size);
                }
                slots[next[i]] = i;
                filled++;
            }
        }
        return slots;
    }

    private static int step(int from, int skip, int size) {
        int next = from + skip;
        return next >= size ? next - size : next;
    }
}
