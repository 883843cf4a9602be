package io.foregate.proxy.balance;

/** What one loop remembers between two picks from one pool. */
public final class PickState {
    int turn;
    private long random;

    public PickState(int loop) {
        // Loops begin at different endpoints, lest a burst that spreads over all loops meets on the first.
        turn = loop * 7;
        random = (loop + 1) * 0x9e3779b97f4a7c15L;
    }

    /** A number in {@code [0, bound)}; xorshift, good enough to spread load. */
    public int random(int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 33) % bound);
    }
}
