package io.foregate.control.pools;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread for work that is nobody's request, started with the first piece of it. Thread-safe. */
final class ColdThread implements AutoCloseable {
    private final String name;
    private @Nullable ScheduledThreadPoolExecutor executor;
    private boolean closed;

    ColdThread(String name) {
        this.name = name;
    }

    /** Runs {@code work} after a while; never, when this is closed before. */
    void run(Runnable work, long afterNanos) {
        ScheduledThreadPoolExecutor started = executor();
        if (started == null) {
            return;
        }
        try {
            started.schedule(work, afterNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in this moment: there is nobody left for whom it would matter.
        }
    }

    private synchronized @Nullable ScheduledThreadPoolExecutor executor() {
        if (executor == null && !closed) {
            executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, name);
                thread.setDaemon(true);
                return thread;
            });
        }
        return executor;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (executor != null) {
            executor.shutdownNow();
        }
    }
}
