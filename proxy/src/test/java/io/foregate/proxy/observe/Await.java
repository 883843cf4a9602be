package io.foregate.proxy.observe;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition that another thread brings about. */
final class Await {
    private static final long BOUND_NANOS = Duration.ofSeconds(30).toNanos();

    private Await() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + BOUND_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain until " + what);
            }
            Thread.sleep(5);
        }
    }
}
