package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/** What one loop remembers between two picks from one pool. */
public final class PickState {
    private static final int GROUPS = 8;
    private static final long LOAD_HOLDS_NANOS = 1_000_000;

    private final int[] turns = new int[GROUPS];
    private int tries;
    private long random;
    private @Nullable Group loadOf;
    private long load;
    private long loadAtNanos;

    public PickState(int loop) {
        for (int i = 0; i < GROUPS; i++) {
            // Loops begin at different endpoints, lest a burst that spreads over all loops meets on the first.
            turns[i] = loop * 7;
        }
        random = KeyHash.mix((loop + 1) * 0x9e3779b97f4a7c15L) | 1;
    }

    /** A number in {@code [0, bound)}. */
    public int random(int bound) {
        return (int) Math.unsignedMultiplyHigh(bits(), bound);
    }

    /** 64 bits; xorshift*, good enough to spread load. */
    long bits() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545f4914f6cdd1dL;
    }

    /** The next turn in that group. */
    int nextTurn(Group group) {
        return ++turns[group.ordinal() & (GROUPS - 1)];
    }

    /** Counts up, from 0. */
    int nextTry() {
        tries = (tries + 1) & Integer.MAX_VALUE;
        return tries;
    }

    /** Exchanges under way in the group, counted anew where the last count is older than a millisecond. */
    long load(Group group, long nowNanos) {
        if (loadOf != group || nowNanos - loadAtNanos > LOAD_HOLDS_NANOS) {
            loadOf = group;
            load = group.inFlight();
            loadAtNanos = nowNanos;
        }
        return load;
    }
}
