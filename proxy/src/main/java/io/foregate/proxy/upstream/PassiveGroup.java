package io.foregate.proxy.upstream;

import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The endpoints of one pool, as far as requests show how they fare: by which rules, how many of them are ejected, and what is
 * usual among them. Outlives snapshots as long as the rules stay. Thread-safe.
 */
public final class PassiveGroup {
    private static final int FEWEST_TO_COMPARE = 3;

    private final PassiveRules rules;
    private final CopyOnWriteArrayList<PassiveWatch> watches = new CopyOnWriteArrayList<>();
    private final AtomicInteger ejected = new AtomicInteger();

    public PassiveGroup(PassiveRules rules) {
        this.rules = rules;
    }

    public PassiveRules rules() {
        return rules;
    }

    /** How many endpoints are ejected. */
    public int ejected() {
        return ejected.get();
    }

    void join(PassiveWatch watch) {
        watches.add(watch);
    }

    void leave(PassiveWatch watch) {
        watches.remove(watch);
    }

    /** Claims one of the ejections that there may be at a time: one of two endpoints, never the only one. */
    boolean tryEject() {
        int size = watches.size();
        int most = rules.maxSharePercent() == 0 || size < 2 ? 0 : Math.max(size * rules.maxSharePercent() / 100, 1);
        for (int now = ejected.get(); now < most; now = ejected.get()) {
            if (ejected.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    void ejectionEnded() {
        ejected.getAndDecrement();
    }

    /**
     * Whether the others give failing answers much like this one: none of them that has been asked of late has less than half of its
     * failures. Then the fault is the application's, or the requests', and an ejection would only move it.
     */
    boolean othersFailToo(PassiveWatch one, long nowNanos) {
        long mine = one.sum(nowNanos);
        boolean judged = false;
        for (PassiveWatch watch : watches) {
            long theirs = watch == one ? 0 : watch.sum(nowNanos);
            if (Samples.requests(theirs) < FEWEST_TO_COMPARE) {
                continue;
            }
            judged = true;
            // Their share against half of ours, without dividing.
            if (Samples.failures(theirs) * 2 * Samples.requests(mine)
                    <= Samples.failures(mine) * Samples.requests(theirs)) {
                return false;
            }
        }
        return judged;
    }
}
