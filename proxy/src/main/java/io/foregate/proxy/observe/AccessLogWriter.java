package io.foregate.proxy.observe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;

/**
 * The thread that takes lines from every loop's ring and writes them out.
 *
 * <p>It sleeps in three ways. Idle, without end: the first line that a loop publishes wakes it. Gathering: at most
 * {@link #GATHER_NANOS}, so that lines go out in large writes, or until some ring is a quarter full. Held up, after the
 * output failed: until it is time to try again; nothing that loops do wakes it then. A loop only ever looks at
 * {@link #state} and, seldom, unparks.
 *
 * <p>Lines leave a ring whole. When the output fails the lines at hand are kept, and the write goes on where it stopped;
 * meanwhile the rings fill up, and then records are dropped and counted. Lives as long as its {@link AccessLog}.
 */
final class AccessLogWriter implements Runnable {
    static final long GATHER_NANOS = 200_000_000L;

    private static final int STAGED_BYTES = 64 * 1024;
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long BUSY_NANOS = 5_000_000L;
    private static final long REPORT_NANOS = 10_000_000_000L;

    private static final long FOREVER = Long.MAX_VALUE;

    private static final int AWAKE = 0;
    private static final int IDLE = 1;
    private static final int GATHERING = 2;

    private final LogOutput output;
    private final Logger errorLog;
    private final Thread thread;
    private final List<ByteRing> rings = new CopyOnWriteArrayList<>();
    private final AtomicInteger state = new AtomicInteger(AWAKE);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong writeErrors = new AtomicLong();
    private final int wakeBytes;
    private volatile boolean reopenAsked;
    private volatile boolean closing;

    // The writer's own.
    private final ByteBuffer staged = ByteBuffer.allocateDirect(STAGED_BYTES).flip();
    private int nextRing;
    private boolean failing;
    private long heldUpNanos;
    private long reportedDrops;
    private long nextReportNanos = System.nanoTime();

    AccessLogWriter(LogOutput output, Logger errorLog, int ringBytes) {
        this.output = output;
        this.errorLog = errorLog;
        this.wakeBytes = ringBytes / 4;
        this.thread = new Thread(this, "foregate-access-log");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void add(ByteRing ring) {
        rings.add(ring);
    }

    // ---- called on loops ----

    /** A line has been published in {@code ring}. */
    void published(ByteRing ring) {
        int seen = state.get();
        if (seen != AWAKE && (seen == IDLE || ring.holdsAtLeast(wakeBytes)) && state.compareAndSet(seen, AWAKE)) {
            LockSupport.unpark(thread);
        }
    }

    /** A record found no room. */
    void dropped() {
        dropped.incrementAndGet();
    }

    // ---- called anywhere ----

    long droppedRecords() {
        return dropped.get();
    }

    long writeErrors() {
        return writeErrors.get();
    }

    boolean isClosing() {
        return closing;
    }

    void reopen() {
        reopenAsked = true;
        wake();
    }

    /** Ends the thread when everything published until now is written, or else after {@code boundNanos}. */
    void close(long boundNanos) throws InterruptedException {
        closing = true;
        wake();
        if (!thread.join(Duration.ofNanos(boundNanos))) {
            // Ends a write that is stuck as well: it closes the channel.
            thread.interrupt();
            thread.join(Duration.ofSeconds(1));
        }
    }

    private void wake() {
        state.set(AWAKE);
        LockSupport.unpark(thread);
    }

    // ---- the thread ----

    @Override
    public void run() {
        boolean last = false;
        while (!last) {
            try {
                last = round();
            } catch (RuntimeException e) {
                // From the error log, if from anywhere; the access log must outlive it.
                writeErrors.incrementAndGet();
                last = closing;
                sleep(AWAKE, RETRY_NANOS);
            }
        }
        finish();
    }

    // Takes lines once, writes them, and sleeps if there is nothing else to do. True when it was the last time.
    private boolean round() {
        // Read before lines are taken, so that the last round takes all that was there when closing began.
        boolean last = closing;
        if (reopenAsked) {
            reopenAsked = false;
            reopenOutput();
        }
        boolean more = false;
        boolean written = writeStaged();
        if (written) {
            more = stageLines();
            written = writeStaged();
        }
        reportDrops(last);
        if (!written) {
            if (!last) {
                sleep(AWAKE, heldUpNanos);
                return false;
            }
            if (!failing) {
                LockSupport.parkNanos(this, heldUpNanos);
            }
            return failing || Thread.currentThread().isInterrupted();
        }
        if (!last && !more) {
            awaitLines();
        }
        return last && !more;
    }

    // From each ring in turn; true when room ended before the lines did.
    private boolean stageLines() {
        staged.clear();
        int count = rings.size();
        int left = count;
        while (left > 0 && staged.remaining() >= AccessFormat.MAX_RECORD_BYTES) {
            nextRing = nextRing + 1 < count ? nextRing + 1 : 0;
            rings.get(nextRing).takeLines(staged);
            left--;
        }
        boolean full = staged.remaining() < AccessFormat.MAX_RECORD_BYTES;
        staged.flip();
        return full;
    }

    private boolean writeStaged() {
        try {
            while (staged.hasRemaining()) {
                if (output.write(staged) <= 0) {
                    // A pipe that someone has set to not block.
                    heldUpNanos = BUSY_NANOS;
                    return false;
                }
            }
        } catch (IOException e) {
            writeErrors.incrementAndGet();
            heldUpNanos = RETRY_NANOS;
            if (!failing) {
                failing = true;
                errorLog.error(
                        "access log {}: can't write: {}. Records are kept while buffers last and then dropped; "
                                + "trying again every second",
                        output.name(),
                        e.toString());
            }
            return false;
        }
        if (failing) {
            failing = false;
            errorLog.warn("access log {}: can be written again", output.name());
        }
        return true;
    }

    private void reopenOutput() {
        try {
            Closeable old = output.reopen();
            if (old != null) {
                rewindToLine();
                old.close();
                errorLog.info("access log {}: reopened", output.name());
            }
        } catch (IOException e) {
            writeErrors.incrementAndGet();
            errorLog.error(
                    "access log {}: can't reopen: {}. Ask for it again when the path can be written",
                    output.name(),
                    e.toString());
        }
    }

    // A line that failed half-way in the old file begins anew in the new one.
    private void rewindToLine() {
        int at = staged.position();
        if (staged.hasRemaining()) {
            while (at > 0 && staged.get(at - 1) != '\n') {
                at--;
            }
            staged.position(at);
        }
    }

    private void awaitLines() {
        long unreported = dropped.get() - reportedDrops;
        if (fullest() == 0) {
            long untilReport = unreported == 0 ? FOREVER : Math.max(nextReportNanos - System.nanoTime(), 1);
            sleep(IDLE, untilReport);
        }
        if (fullest() > 0) {
            sleep(GATHERING, GATHER_NANOS);
        }
    }

    // Sleeps unless what should wake it is there already: looked at after the state is set, as loops look the other way
    // round.
    private void sleep(int as, long nanos) {
        state.set(as);
        boolean due = as == IDLE ? fullest() > 0 : as == GATHERING && fullest() >= wakeBytes;
        if (!due && !closing && !reopenAsked) {
            if (nanos == FOREVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        state.set(AWAKE);
    }

    private int fullest() {
        int fullest = 0;
        for (ByteRing ring : rings) {
            fullest = Math.max(fullest, ring.available());
        }
        return fullest;
    }

    private void reportDrops(boolean now) {
        long total = dropped.get();
        if (total == reportedDrops || (!now && System.nanoTime() - nextReportNanos < 0)) {
            return;
        }
        errorLog.warn(
                "access log {}: dropped {} records, {} since the start: it isn't written as fast as requests end",
                output.name(),
                total - reportedDrops,
                total);
        reportedDrops = total;
        nextReportNanos = System.nanoTime() + REPORT_NANOS;
    }

    private void finish() {
        long lost = 0;
        while (staged.hasRemaining()) {
            lost += staged.get() == '\n' ? 1 : 0;
        }
        for (ByteRing ring : rings) {
            lost += ring.discardLines();
        }
        dropped.addAndGet(lost);
        reportDrops(true);
        try {
            output.close();
        } catch (IOException e) {
            writeErrors.incrementAndGet();
            errorLog.error("access log {}: closing it failed: {}", output.name(), e.toString());
        }
    }
}
