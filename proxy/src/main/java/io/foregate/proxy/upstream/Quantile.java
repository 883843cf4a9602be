package io.foregate.proxy.upstream;

/**
 * How long answers take, as far as one loop has seen it: a histogram of times whose buckets are an eighth wide, which forgets slowly, so
 * that what it says is of the last few thousand. Adding one costs an increment; who asks for a quantile gets one that is at most a few dozen
 * answers old.
 *
 * <p>Owned by its loop.
 */
public final class Quantile {
    /** Nothing is known yet. */
    public static final long UNKNOWN = Long.MAX_VALUE;

    /** Fewer times than this say nothing about the slow ones. */
    private static final int LEAST = 50;

    private static final int FORGET_AT = 4_096;
    private static final int EVERY = 32;
    private static final int SUB_BITS = 3;
    private static final int SUBS = 1 << SUB_BITS;
    // From about a microsecond to an hour.
    private static final int FIRST_BIT = 10;
    private static final int BUCKETS = 32 * SUBS;

    private final int[] counts = new int[BUCKETS];
    private int total;
    private int sinceAsked = EVERY;
    private int askedPercent;
    private long answer = UNKNOWN;

    public void add(long nanos) {
        counts[bucket(nanos)]++;
        sinceAsked++;
        if (++total >= FORGET_AT) {
            forget();
        }
    }

    private static int bucket(long nanos) {
        long value = Math.max(nanos >> FIRST_BIT - SUB_BITS, SUBS);
        int bit = 63 - Long.numberOfLeadingZeros(value);
        int bucket = (bit - SUB_BITS << SUB_BITS) + (int) (value >> bit - SUB_BITS & SUBS - 1);
        return Math.min(bucket, BUCKETS - 1);
    }

    /** The end of a bucket, in nanoseconds. */
    private static long end(int bucket) {
        long start = (long) (SUBS + (bucket & SUBS - 1)) << (bucket >> SUB_BITS);
        return start + (1L << (bucket >> SUB_BITS)) << FIRST_BIT - SUB_BITS;
    }

    private void forget() {
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] >>= 1;
            total += counts[i];
        }
    }

    /** What {@code percent} of a hundred answers don't take longer than, in nanoseconds; {@link #UNKNOWN} until some have come. */
    public long nanos(int percent) {
        if (total < LEAST) {
            return UNKNOWN;
        }
        if (sinceAsked >= EVERY || percent != askedPercent) {
            sinceAsked = 0;
            askedPercent = percent;
            answer = find(percent);
        }
        return answer;
    }

    private long find(int percent) {
        long wanted = ((long) total * percent + 99) / 100;
        long seen = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1) {
            seen += counts[bucket];
            if (seen >= wanted) {
                break;
            }
            bucket++;
        }
        return end(bucket);
    }
}
