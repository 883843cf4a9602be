package io.foregate.proxy.balance;

import java.util.List;

/** The members of a pool at one time, and the order in which round-robin visits them. Immutable. */
public final class EndpointSet {
    private final Member[] members;
    private final int[] weights;
    private final short[] turns;

    public EndpointSet(List<Share> shares) {
        this.members = shares.stream().map(Share::member).toArray(Member[]::new);
        this.weights = shares.stream().mapToInt(Share::weight).toArray();
        this.turns = turns(weights);
    }

    public int size() {
        return members.length;
    }

    public Member get(int position) {
        return members[position];
    }

    public int weight(int position) {
        return weights[position];
    }

    int turns() {
        return turns.length;
    }

    Member turn(int turn) {
        return members[turns[turn]];
    }

    // Smooth weighted round-robin, played once through: each gets its share, spread as evenly as can be.
    private static short[] turns(int[] shares) {
        int divisor = 0;
        int total = 0;
        for (int share : shares) {
            divisor = gcd(share, divisor);
        }
        int[] weights = new int[shares.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = shares[i] / Math.max(divisor, 1);
            total += weights[i];
        }
        short[] turns = new short[total];
        int[] current = new int[weights.length];
        for (int turn = 0; turn < total; turn++) {
            int best = 0;
            for (int i = 0; i < weights.length; i++) {
                current[i] += weights[i];
                if (current[i] > current[best]) {
                    best = i;
                }
            }
            current[best] -= total;
            turns[turn] = (short) best;
        }
        return turns;
    }

    private static int gcd(int a, int b) {
        int x = a;
        int y = b;
        while (y != 0) {
            int rest = x % y;
            x = y;
            y = rest;
        }
        return x;
    }
}
