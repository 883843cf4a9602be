package io.foregate.control.health;

import io.foregate.control.health.EndpointCheck.TlsOfPool;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointHealth;
import io.foregate.proxy.upstream.PassiveGroup;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the health of one endpoint: has it checked again and again, by a virtual thread of its own, and sees to it that it is
 * tried again when a rest or an ejection is over. Thread-safe; lives as long as the endpoint is in a pool that serves and the plan
 * stays the same.
 */
final class EndpointWatch {
    private static final long SOON_NANOS = 1_000_000_000L;

    private final Endpoint endpoint;
    private final EndpointHealth health;
    private final @Nullable CheckPlan plan;
    private final HealthThreads threads;
    private final Runnable onChange = this::changed;
    private final AtomicBoolean lapseDue = new AtomicBoolean();
    private volatile @Nullable Thread checker;
    private volatile boolean stopped;

    EndpointWatch(Endpoint endpoint, @Nullable CheckPlan plan, HealthThreads threads) {
        this.endpoint = endpoint;
        this.health = endpoint.health();
        this.plan = plan;
        this.threads = threads;
    }

    void start(@Nullable PassiveGroup group, TlsOfPool tls) {
        health.judgeBy(group);
        endpoint.watch(onChange);
        CheckPlan wanted = plan;
        if (wanted == null) {
            health.checksEnd();
            changed();
            return;
        }
        health.checksBegin(wanted.waits());
        EndpointCheck check = new EndpointCheck(endpoint, wanted, tls, threads.timers());
        checker = Thread.ofVirtual().name("foregate-health").start(() -> checkAlways(check, wanted));
    }

    /** From now on it is judged by that group. */
    void judgeBy(@Nullable PassiveGroup group) {
        health.judgeBy(group);
    }

    /**
     * Nobody looks after it any more.
     *
     * @param forGood whether the endpoint is out of use; else another watch follows
     */
    void stop(boolean forGood) {
        stopped = true;
        endpoint.unwatch(onChange);
        Thread checking = checker;
        if (checking != null) {
            checking.interrupt();
        }
        if (forGood) {
            health.judgeBy(null);
            health.checksEnd();
        }
    }

    /** The endpoint's state has changed. On any thread, event loops included. */
    private void changed() {
        Thread checking = checker;
        if (checking != null) {
            LockSupport.unpark(checking);
        } else if (plan == null && health.dueNanos() != 0 && lapseDue.compareAndSet(false, true)) {
            threads.after(health.dueNanos() - System.nanoTime(), this::lapse);
        }
    }

    private void lapse() {
        lapseDue.set(false);
        if (!stopped) {
            health.lapse();
            // It may have begun anew meanwhile.
            changed();
        }
    }

    // ---- checks ----

    private void checkAlways(EndpointCheck check, CheckPlan pace) {
        Streak streak = new Streak(pace);
        long interval = pace.pace().intervalNanos();
        long next = System.nanoTime();
        long last = next - interval;
        // The first gap is a random part of the interval, so that what began together doesn't go on together.
        long gap = interval / 2 + ThreadLocalRandom.current().nextLong(interval / 2 + 1);
        while (awaitTime(next, last)) {
            if (!threads.enter()) {
                return;
            }
            last = System.nanoTime();
            Finding finding;
            try {
                finding = check.run();
            } finally {
                threads.leave();
            }
            if (stopped) {
                return;
            }
            streak.count(finding);
            if (finding.passed()) {
                health.checkPassed(streak.decides(), "check passed: " + finding.reason());
            } else {
                health.checkFailed(streak.decides(), "check failed: " + finding.reason(), finding.slow());
            }
            next = Math.max(last + gap, System.nanoTime());
            gap = interval - interval / 10 + ThreadLocalRandom.current().nextLong(interval / 5 + 1);
        }
    }

    /** Waits until a check is due: when it is time, or when a rest or an ejection is over. False when there are no more. */
    private boolean awaitTime(long next, long last) {
        while (!stopped) {
            if (endpoint.addresses().isEmpty()) {
                // Whoever can't be found can't be asked; that it has been found wakes this up.
                LockSupport.parkNanos(this, SOON_NANOS);
                continue;
            }
            long due = health.dueNanos();
            long soonest = last
                    + Math.min(
                            SOON_NANOS, plan == null ? SOON_NANOS : plan.pace().intervalNanos());
            // Once for each, or a server that stays down would be asked more often than one that is up.
            boolean news = due != 0 && due - last > 0;
            long at = news ? earlier(next, later(due, soonest)) : next;
            long left = at - System.nanoTime();
            if (left <= 0) {
                return true;
            }
            LockSupport.parkNanos(this, left);
        }
        return false;
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    private static long later(long one, long other) {
        return one - other < 0 ? other : one;
    }

    /** Checks in a row that came to the same. */
    private static final class Streak {
        private final CheckPlan plan;
        private boolean known;
        private boolean up;
        private int passed;
        private int failed;

        Streak(CheckPlan plan) {
            this.plan = plan;
        }

        void count(Finding finding) {
            passed = finding.passed() ? passed + 1 : 0;
            failed = finding.passed() ? 0 : failed + 1;
            // The first one decides alone.
            if (!known || passed >= plan.rise() || failed >= plan.fall()) {
                known = true;
                up = finding.passed();
            }
        }

        /** Whether what the last check found is what holds. */
        boolean decides() {
            return up ? passed > 0 : failed > 0;
        }
    }
}
