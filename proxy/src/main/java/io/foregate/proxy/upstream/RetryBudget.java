package io.foregate.proxy.upstream;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many requests a pool had of late, and how many of them were sent another time: what keeps retries a share of the load, so that
 * they can't make an outage of a disturbance.
 *
 * <p>Counts cover the whole process and the last {@link #WINDOW_SECONDS} seconds or so. Requests are counted by each loop for itself,
 * which is one write to memory that no other loop writes; only who wants to repeat something adds them up. Repeats are counted before
 * they are looked at, so that loops that ask together may both be refused, but never both be let through where one is allowed.
 *
 * <p>Thread-safe.
 */
public final class RetryBudget {
    /** What requests are counted over. */
    public static final int WINDOW_SECONDS = 10;

    /** A share that allows everything. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    // Seconds of 2^30 ns, so that a shift finds the slot; a count and its second share a word.
    private static final int SECOND_SHIFT = 30;
    private static final int SLOTS = 16;
    private static final int COUNT_BITS = 32;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long SECOND_MASK = (1L << 31) - 1;

    private final AtomicLongArray[] requests;
    private final AtomicLongArray repeats = new AtomicLongArray(SLOTS);

    /** @param loops how many event loops there are */
    public RetryBudget(int loops) {
        requests = new AtomicLongArray[loops];
        for (int loop = 0; loop < loops; loop++) {
            requests[loop] = new AtomicLongArray(SLOTS);
        }
    }

    private static long second(long nowNanos) {
        return nowNanos >>> SECOND_SHIFT & SECOND_MASK;
    }

    private static long plusOne(long slot, long second) {
        return slot >>> COUNT_BITS == second ? slot + 1 : second << COUNT_BITS | 1;
    }

    /** One more request, which isn't a repeat. On loop {@code loop}. */
    public void requested(int loop, long nowNanos) {
        AtomicLongArray mine = requests[loop];
        long second = second(nowNanos);
        int slot = (int) second & (SLOTS - 1);
        mine.setOpaque(slot, plusOne(mine.getPlain(slot), second));
    }

    /**
     * Takes one repeat out of the budget, if it has one left.
     *
     * @param percent how many repeats each hundred requests allow; {@link #UNLIMITED} for any number
     * @param leastPerSecond how many are allowed however few requests there are
     */
    public boolean take(int percent, int leastPerSecond, long nowNanos) {
        long second = second(nowNanos);
        int slot = (int) second & (SLOTS - 1);
        add(slot, second);
        if (percent == UNLIMITED) {
            return true;
        }
        long allowed = sum(second) * percent / 100 + (long) leastPerSecond * WINDOW_SECONDS;
        if (counted(repeats, second) <= allowed) {
            return true;
        }
        giveBack(slot, second);
        return false;
    }

    private void add(int slot, long second) {
        long seen = repeats.get(slot);
        while (!repeats.compareAndSet(slot, seen, plusOne(seen, second))) {
            seen = repeats.get(slot);
        }
    }

    private void giveBack(int slot, long second) {
        long seen = repeats.get(slot);
        // A slot that has gone on to another second has forgotten it already.
        while (seen >>> COUNT_BITS == second && !repeats.compareAndSet(slot, seen, seen - 1)) {
            seen = repeats.get(slot);
        }
    }

    private long sum(long second) {
        long sum = 0;
        for (AtomicLongArray loop : requests) {
            sum += counted(loop, second);
        }
        return sum;
    }

    private static long counted(AtomicLongArray slots, long second) {
        long sum = 0;
        for (int i = 0; i < WINDOW_SECONDS; i++) {
            long at = second - i & SECOND_MASK;
            long slot = slots.getOpaque((int) at & (SLOTS - 1));
            if (slot >>> COUNT_BITS == at) {
                sum += slot & COUNT_MASK;
            }
        }
        return sum;
    }
}
