package io.foregate.proxy.worker;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much of the memory for buffers is in use, looked at four times a second by whichever loop comes first. Thread-safe, shared by
 * all loops; lives as long as the process.
 */
public final class MemoryGuard {
    /** What can still be borne. */
    enum Level {
        FINE,
        /** No more large bodies. */
        TIGHT,
        /** Nothing more. */
        FULL
    }

    private static final int TIGHT_PERCENT = 85;
    private static final int FULL_PERCENT = 95;
    // Lest it changes to and fro.
    private static final int EASIER_PERCENT = 5;
    private static final long LOOK_NANOS = 250_000_000L;

    private final LongSupplier usedBytes;
    private final long mostBytes;
    private final LongSupplier nanoClock;
    private final AtomicLong nextLookNanos;
    private volatile Level level = Level.FINE;
    private volatile int percent;

    /**
     * @param usedBytes how much is in use now; on any loop
     * @param mostBytes how much there is; not positive where that isn't known, and then all is always fine
     */
    public MemoryGuard(LongSupplier usedBytes, long mostBytes, LongSupplier nanoClock) {
        this.usedBytes = usedBytes;
        this.mostBytes = mostBytes;
        this.nanoClock = nanoClock;
        this.nextLookNanos = new AtomicLong(nanoClock.getAsLong());
    }

    /** One that never worries. */
    public static MemoryGuard none() {
        return new MemoryGuard(() -> 0, 0, System::nanoTime);
    }

    Level level() {
        long next = nextLookNanos.get();
        long now = nanoClock.getAsLong();
        if (mostBytes > 0 && now - next >= 0 && nextLookNanos.compareAndSet(next, now + LOOK_NANOS)) {
            look();
        }
        return level;
    }

    /** Of all that there is, as seen last. */
    int percent() {
        return percent;
    }

    private void look() {
        int seen = (int) Math.min(100, usedBytes.getAsLong() * 100 / mostBytes);
        percent = seen;
        Level before = level;
        int full = before == Level.FULL ? FULL_PERCENT - EASIER_PERCENT : FULL_PERCENT;
        int tight = before == Level.FINE ? TIGHT_PERCENT : TIGHT_PERCENT - EASIER_PERCENT;
        level = seen >= full ? Level.FULL : seen >= tight ? Level.TIGHT : Level.FINE;
    }
}
