package io.foregate.proxy.upstream;

import java.util.List;

/** The endpoints of a pool at one time, and the order in which round-robin visits them. Immutable. */
public final class EndpointSet {
    private final Endpoint[] endpoints;
    private final short[] turns;

    public EndpointSet(List<Endpoint> endpoints) {
        this.endpoints = endpoints.toArray(Endpoint[]::new);
        this.turns = turns(this.endpoints);
    }

    public int size() {
        return endpoints.length;
    }

    public Endpoint get(int position) {
        return endpoints[position];
    }

    int turns() {
        return turns.length;
    }

    Endpoint turn(int turn) {
        return endpoints[turns[turn]];
    }

    // Smooth weighted round-robin, played once through: each endpoint gets its share, spread as evenly as can be.
    private static short[] turns(Endpoint[] endpoints) {
        int divisor = 0;
        int total = 0;
        for (Endpoint endpoint : endpoints) {
            divisor = gcd(endpoint.weight(), divisor);
        }
        int[] weights = new int[endpoints.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = endpoints[i].weight() / Math.max(divisor, 1);
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
