package io.foregate.proxy.observe;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shows somebody the exchanges that he wants to see, as they end. Loops never wait for him: what he hasn't taken when too much waits
 * already is dropped, before anything is made of it, and counted. Thread-safe.
 */
public final class Tap implements Watcher {
    private final RecordFilter filter;
    private final int most;
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();

    /** @param most how many may wait */
    public Tap(RecordFilter filter, int most) {
        this.filter = filter;
        this.most = most;
    }

    @Override
    public void ended(int loop, AccessRecord record, RecordLines lines) {
        if (!filter.wants(record)) {
            return;
        }
        if (count.get() >= most) {
            dropped.incrementAndGet();
            return;
        }
        count.incrementAndGet();
        waiting.add(lines.line(record));
    }

    /** The next line; null when there is none. */
    public byte @Nullable [] poll() {
        byte[] line = waiting.poll();
        if (line != null) {
            count.decrementAndGet();
        }
        return line;
    }

    /** How many were dropped since this was asked last. */
    public long dropped() {
        return dropped.getAndSet(0);
    }
}
