package io.foregate.control.health;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What checks run on, besides their own virtual threads: one thread for what has its time, and a bound for what runs at once. Thread-safe. */
final class HealthThreads implements AutoCloseable {
    /** Connections of checks that are open at a time; those beyond wait. */
    private static final int MOST_CHECKS = 256;

    private final Semaphore places = new Semaphore(MOST_CHECKS);
    private @Nullable ScheduledThreadPoolExecutor timers;
    private boolean closed;

    /** For tasks that take no time. */
    synchronized ScheduledExecutorService timers() {
        ScheduledThreadPoolExecutor made = timers;
        if (made == null) {
            made = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "foregate-health");
                thread.setDaemon(true);
                return thread;
            });
            made.setRemoveOnCancelPolicy(true);
            timers = made;
            if (closed) {
                made.shutdownNow();
            }
        }
        return made;
    }

    void after(long nanos, Runnable task) {
        try {
            timers().schedule(task, Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in this moment: nobody waits for it any more.
        }
    }

    /** Waits for a place; false when the thread is interrupted. */
    boolean enter() {
        try {
            places.acquire();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        places.release();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timers != null) {
            timers.shutdownNow();
        }
    }
}
