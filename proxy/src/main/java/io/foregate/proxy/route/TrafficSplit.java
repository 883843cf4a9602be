package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import java.util.Arrays;
import java.util.List;

/**
 * Which of several pools gets a request, in proportion to their shares.
 *
 * <p>Keys are dealt by weighted rendezvous hashing: each pool draws for the key a time that is exponential with its share as rate,
 * and the earliest has it. So what a key gets depends on nothing but the key and the shares: the same in every process,
 * whatever the order of the pools and whatever the shares were before. When one share grows and the others shrink in
 * proportion, as with two pools always, keys only move to the pool that grew; when shares change otherwise, by d in total, at most
 * 2d / (1 + d) of the keys move.
 *
 * <p>Requests without a key take turns, as in smooth weighted round-robin: exact, each loop for itself.
 *
 * <p>Thread-safe. Outlives the snapshots in which it stands unchanged, so that turns go on over a reload.
 */
public final class TrafficSplit {
    /** The whole, in parts per million: shares add up to it. */
    public static final int WHOLE = Sampling.WHOLE;

    // Apart by more than a cache line, as neighbours belong to other loops.
    private static final int PADDING = 16;

    private final List<String> pools;
    private final long[] seeds;
    private final long[][] credits;
    private final int[] shares;

    /**
     * @param pools their names
     * @param partsPerMillion the share of each, in the same order
     * @param loops how many event loops there are
     * @throws IllegalArgumentException when the shares don't add up to the whole, or are not one for each pool
     */
    public TrafficSplit(List<String> pools, int[] partsPerMillion, int loops) {
        this.pools = List.copyOf(pools);
        this.seeds = new long[pools.size()];
        for (int i = 0; i < seeds.length; i++) {
            byte[] name = Octets.ascii(pools.get(i));
            seeds[i] = KeyHash.of(name, 0, name.length);
        }
        this.shares = checked(partsPerMillion);
        this.credits = new long[loops][pools.size() + PADDING];
    }

    private int[] checked(int[] partsPerMillion) {
        long sum = 0;
        for (int share : partsPerMillion) {
            if (share < 0) {
                throw new IllegalArgumentException("a share below nothing: " + Arrays.toString(partsPerMillion));
            }
            sum += share;
        }
        if (sum != WHOLE || partsPerMillion.length != pools.size()) {
            throw new IllegalArgumentException("shares of " + pools + " have to add up to " + WHOLE
                    + " parts per million, one for each: " + Arrays.toString(partsPerMillion));
        }
        return partsPerMillion.clone();
    }

    /** The names of the pools, in the order of the shares. */
    public List<String> pools() {
        return pools;
    }

    /** The shares, in parts per million. */
    public int[] shares() {
        return shares.clone();
    }

    /** The pool for a key, by its position. On any thread. */
    public int of(long key) {
        int best = 0;
        double earliest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] == 0) {
                continue;
            }
            // In (0, 1), never either of them.
            double uniform = ((KeyHash.mix(key ^ seeds[i]) >>> 11) + 0.5) * 0x1p-53;
            double time = -StrictMath.log(uniform) / shares[i];
            if (time < earliest) {
                earliest = time;
                best = i;
            }
        }
        return best;
    }

    /** The pool whose turn it is, by its position. On loop {@code loop}. */
    public int next(int loop) {
        long[] credit = credits[loop];
        int best = -1;
        for (int i = 0; i < shares.length; i++) {
            credit[i] += shares[i];
            if (shares[i] > 0 && (best < 0 || credit[i] > credit[best])) {
                best = i;
            }
        }
        credit[best] -= WHOLE;
        return best;
    }
}
