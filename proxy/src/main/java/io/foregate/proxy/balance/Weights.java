package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * Draws positions in proportion to their weights. In turn: each turn of a smooth weighted round-robin is written down where they
 * are few; where they would be many (large weights without a common divisor), a sequence that fills the sum of the weights as
 * evenly as can be (multiples of the golden ratio) takes their place, so that memory is bounded whatever the weights. Immutable.
 */
final class Weights {
    private static final int MOST_TURNS = 2048;
    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final int[] weights;
    // The sum of the weights up to and including each; null where all are the same.
    private final long @Nullable [] sums;
    private final long total;
    // Walker's alias method: of each position's column its own part, of 2^63, and whose the rest is. Null where sums
    // are.
    private final long @Nullable [] parts;
    private final int @Nullable [] others;
    private final char @Nullable [] turns;

    /** Weights are at least 1. */
    Weights(int[] given) {
        int divisor = 0;
        boolean same = true;
        for (int weight : given) {
            divisor = gcd(weight, divisor);
            same &= weight == given[0];
        }
        this.weights = new int[given.length];
        long[] ends = new long[given.length];
        long sum = 0;
        for (int i = 0; i < given.length; i++) {
            weights[i] = given[i] / divisor;
            sum += weights[i];
            ends[i] = sum;
        }
        this.total = sum;
        this.sums = same ? null : ends;
        this.others = same ? null : new int[given.length];
        this.parts = others == null ? null : parts(weights, sum, others);
        this.turns = same || sum > MOST_TURNS ? null : turns(weights, (int) sum);
    }

    int weight(int position) {
        return weights[position];
    }

    long total() {
        return total;
    }

    /** The one whose turn it is, after {@code turn} turns. */
    int turn(int turn) {
        if (turns != null) {
            return turns[Integer.remainderUnsigned(turn, turns.length)];
        }
        return sums == null ? Integer.remainderUnsigned(turn, weights.length) : at(turn * GOLDEN);
    }

    /** Any one, in proportion; {@code random} are 64 random bits. */
    int random(long random) {
        int column = (int) Math.unsignedMultiplyHigh(random, weights.length);
        if (parts == null || others == null) {
            return column;
        }
        // What the random bits hold beyond the column.
        return (random * weights.length) >>> 1 < parts[column] ? column : others[column];
    }

    // The position into whose part of the sum the fraction falls: log n steps.
    private int at(long fraction) {
        long[] ends = sums;
        if (ends == null) {
            throw new IllegalStateException("equal weights have no sums");
        }
        long target = Math.unsignedMultiplyHigh(fraction, total);
        int low = 0;
        int high = ends.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (target < ends[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    // Smooth weighted round-robin, played once through: each gets its share, spread as evenly as can be.
    private static char[] turns(int[] weights, int total) {
        char[] turns = new char[total];
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
            turns[turn] = (char) best;
        }
        return turns;
    }

    // Every column is as high as the average: what a light position leaves free in its own belongs to a heavy one.
    private static long[] parts(int[] weights, long total, int[] others) {
        int count = weights.length;
        long[] parts = new long[count];
        long[] left = new long[count];
        int[] light = new int[count];
        int[] heavy = new int[count];
        int lights = 0;
        int heavies = 0;
        for (int i = 0; i < count; i++) {
            left[i] = (long) weights[i] * count;
            others[i] = i;
            if (left[i] < total) {
                light[lights++] = i;
            } else {
                heavy[heavies++] = i;
            }
        }
        while (lights > 0 && heavies > 0) {
            int small = light[--lights];
            int large = heavy[heavies - 1];
            parts[small] = (long) ((double) left[small] / total * 0x1p63);
            others[small] = large;
            left[large] -= total - left[small];
            if (left[large] < total) {
                heavies--;
                light[lights++] = large;
            }
        }
        while (heavies > 0) {
            parts[heavy[--heavies]] = Long.MAX_VALUE;
        }
        return parts;
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
