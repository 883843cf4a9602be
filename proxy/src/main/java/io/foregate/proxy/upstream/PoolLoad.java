package io.foregate.proxy.upstream;

import io.foregate.proxy.observe.Tally;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the pool of one name has to do at present, and had to of late, over the whole process and all snapshots that know it. The
 * limits are the snapshots'; what has none isn't counted. Thread-safe, without locks; lives as long as the process knows the pool.
 */
public final class PoolLoad {
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final RetryBudget retryBudget;
    private final Quantile[] answerTimes;
    private final Tally tally;

    /** @param loops how many event loops there are */
    public PoolLoad(int loops) {
        retryBudget = new RetryBudget(loops);
        tally = new Tally(loops);
        answerTimes = new Quantile[loops];
        for (int loop = 0; loop < loops; loop++) {
            answerTimes[loop] = new Quantile();
        }
    }

    /** Requests under way, as far as they are limited. */
    public int requests() {
        return requests.get();
    }

    /** Requests that wait for a connection, as far as they are limited. */
    public int queued() {
        return queued.get();
    }

    /** Retries under way, as far as they are limited. */
    public int retries() {
        return retries.get();
    }

    /** How many requests may be sent another time. */
    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** How long answers take, where somebody wants to know. On loop {@code loop}. */
    public Quantile answerTimes(int loop) {
        return answerTimes[loop];
    }

    /** What has become of the requests that were sent here. */
    public Tally tally() {
        return tally;
    }

    boolean tryBegin(int limit) {
        return tryEnter(requests, limit);
    }

    void ends(int limit) {
        leave(requests, limit);
    }

    boolean tryWait(int limit) {
        return tryEnter(queued, limit);
    }

    /** One more waits, whatever the limit. */
    void waits(int limit) {
        if (limit != Integer.MAX_VALUE) {
            queued.getAndIncrement();
        }
    }

    void waitEnded(int limit) {
        leave(queued, limit);
    }

    boolean tryRetry(int limit) {
        return tryEnter(retries, limit);
    }

    void retryEnds(int limit) {
        leave(retries, limit);
    }

    private static boolean tryEnter(AtomicInteger count, int limit) {
        return limit == Integer.MAX_VALUE || tryIncrement(count, limit);
    }

    private static void leave(AtomicInteger count, int limit) {
        if (limit != Integer.MAX_VALUE) {
            count.getAndDecrement();
        }
    }

    // Never above the limit, not even for a moment in which another loop would take the limit for reached.
    static boolean tryIncrement(AtomicInteger count, int limit) {
        for (int current = count.get(); current < limit; current = count.get()) {
            if (count.compareAndSet(current, current + 1)) {
                return true;
            }
        }
        return false;
    }
}
