package io.foregate.proxy.balance;

/**
 * A member, and its part in the pool.
 *
 * @param weight share of the requests against the weights of the others; 0 leaves it only those of clients that stick to it
 * @param warmth how much of its weight counts at present, in percent from 1 to 100: see {@link SlowStart}
 * @param priority lower ones first, from 0; {@link #BACKUP} is behind all
 * @param zone where it is; empty when nobody said
 */
public record Share(Member member, int weight, int warmth, int priority, String zone, Standing standing) {
    /** The priority of those that get requests only when all others are down. */
    public static final int BACKUP = Integer.MAX_VALUE;

    /** One that is up, like most. */
    public Share(Member member, int weight) {
        this(member, weight, 100, 0, "", Standing.UP);
    }

    public Share withWeight(int other) {
        return new Share(member, other, warmth, priority, zone, standing);
    }

    public Share withWarmth(int percent) {
        return new Share(member, weight, percent, priority, zone, standing);
    }

    public Share withPriority(int other) {
        return new Share(member, weight, warmth, other, zone, standing);
    }

    public Share in(String otherZone) {
        return new Share(member, weight, warmth, priority, otherZone, standing);
    }

    public Share as(Standing other) {
        return new Share(member, weight, warmth, priority, zone, other);
    }

    /** Whether it gets requests as long as it is up. */
    boolean serves() {
        return weight > 0 && (standing == Standing.UP || standing == Standing.DOWN);
    }
}
