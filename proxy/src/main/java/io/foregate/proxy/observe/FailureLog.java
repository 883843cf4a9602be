package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says in the error log who failed, in which phase, against which endpoint, and why: one line for a failed exchange, and
 * one for a client that a {@link Defence} stopped.
 *
 * <p>Of each kind and endpoint the first five within ten seconds are said, and the rest in one line with their number, so that
 * a storm neither fills a disk nor costs the loops more than a look-up for each failure. Lines are made on the loop, which
 * owns the record, and only once they are to be said; they go to the error log on a thread of its own, as an error log may
 * block. What clients do wrong is said at debug or info, what origins do at warn, what we do at warn or error.
 *
 * <p>One for the process and, unlike other sinks, shared by all loops: thread-safe. Lives as long as the process.
 */
public final class FailureLog implements AccessSink, AutoCloseable {
    private static final int MAX_WAITING = 1_024;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private record Line(Level level, String text) {}

    private final Logger log;
    private final LongSupplier nanoClock;
    private final long originNanos;
    private final FailureLimiter limiter = new FailureLimiter();
    private final Defences defences = new Defences(this);
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closing;

    public FailureLog() {
        this(LoggerFactory.getLogger(FailureLog.class), System::nanoTime);
    }

    FailureLog(Logger log, LongSupplier nanoClock) {
        this.log = log;
        this.nanoClock = nanoClock;
        this.originNanos = nanoClock.getAsLong();
        this.thread = new Thread(this::run, "foregate-failure-log");
        thread.setDaemon(true);
        thread.start();
    }

    /** The defences whose lines go to this log. */
    public Defences defences() {
        return defences;
    }

    /** On any loop. Says what failed in {@code record}, which is only lent; nothing when nothing failed. */
    @Override
    public void accept(AccessRecord record) {
        Failure failure = record.failure;
        if (failure == null) {
            return;
        }
        Level level = level(failure.source(), failure.kind());
        if (!log.isEnabledForLevel(level)) {
            return;
        }
        long now = nowMillis();
        byte[] culprit = record.endpoint.length > 0 ? record.endpoint : record.pool;
        FailureLimiter.Entry entry = limiter.entry(failure, culprit, now);
        if (entry.admit(now) && waiting.get() < MAX_WAITING) {
            add(level, describe(record, failure));
        } else if (entry.heldBack.getAndIncrement() == 0) {
            LockSupport.unpark(thread);
        }
    }

    private void add(Level level, String line) {
        waiting.incrementAndGet();
        lines.add(new Line(level, line));
        LockSupport.unpark(thread);
    }

    // ---- for the defences ----

    boolean says(Level level) {
        return log.isEnabledForLevel(level);
    }

    /** On any thread. Says a line; false when too much waits to be written. */
    boolean say(Level level, String line) {
        if (waiting.get() >= MAX_WAITING) {
            return false;
        }
        add(level, line);
        return true;
    }

    /** Has the thread look for summaries. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** On the thread. */
    void write(Level level, String line) {
        log.atLevel(level).log(line);
    }

    /** How loudly a failure is said. */
    static Level level(Failure.Source source, Failure.Kind kind) {
        return switch (source) {
            case CLIENT ->
                switch (kind) {
                    case CLIENT_GONE, CLIENT_SLOW, HEAD_TIMEOUT, REQUEST_BODY_TIMEOUT -> Level.DEBUG;
                    case NO_SUCH_SITE, NO_SUCH_ROUTE -> Level.DEBUG;
                    default -> Level.INFO;
                };
            case ORIGIN -> kind == Failure.Kind.POOL_DOWN ? Level.ERROR : Level.WARN;
            case PROXY ->
                switch (kind) {
                    case INTERNAL, FILTER_FAILED, POOL_DOWN -> Level.ERROR;
                    case SHUTTING_DOWN, FAULT_INJECTED -> Level.INFO;
                    default -> Level.WARN;
                };
        };
    }

    // origin failed: connect_refused, phase connect, endpoint 10.0.0.9:3000, pool web: Connection refused (answered 502
    // after
    // 2 attempts and 12.345 ms; id 7f3a, client 192.0.2.7, GET app.example.com "/")
    private static String describe(AccessRecord record, Failure failure) {
        ByteSink sink = new ByteSink();
        sink.begin(new byte[AccessFormat.MAX_RECORD_BYTES], 0);
        sink.put(LogNames.of(failure.source()));
        put(sink, " failed: ");
        sink.put(LogNames.of(failure.kind()));
        put(sink, ", phase ");
        sink.put(LogNames.of(record.phase));
        name(sink, ", endpoint ", record.endpoint, record.endpoint.length);
        name(sink, ", pool ", record.pool, record.pool.length);
        String detail = failure.detail();
        if (detail != null) {
            put(sink, ": ");
            PlainText.putQuoted(sink, detail, AccessFormat.MAX_DETAIL_BYTES);
        }
        lost(sink, record.lost);
        outcome(sink, record);
        name(sink, "; id ", record.requestId, record.requestIdLength);
        name(sink, ", client ", record.clientAddress, record.clientAddress.length);
        RequestHead request = record.request;
        if (request != null) {
            request(sink, record, request);
        }
        sink.put(')');
        return Octets.string(sink.array(), 0, sink.length());
    }

    // One that was lost is what the line is about already.
    private static void lost(ByteSink sink, LostAttempts lost) {
        if (lost.count() > 1) {
            for (int i = 0; i < lost.count(); i++) {
                put(sink, i == 0 ? "; attempts: " : ", ");
                byte[] name = lost.endpoint(i);
                PlainText.putWord(sink, name, 0, name.length, AccessFormat.MAX_LOST_BYTES);
                sink.put(' ');
                lost.putCause(sink, i);
            }
        }
        if (lost.end() != LostAttempts.End.NONE) {
            put(sink, "; not tried again: ");
            sink.put(LogNames.of(lost.end()));
        }
    }

    private static void outcome(ByteSink sink, AccessRecord record) {
        if (record.status == 0) {
            put(sink, " (not answered");
        } else {
            put(sink, " (answered ");
            sink.putDecimal(record.status);
            if (record.grpcStatus >= 0) {
                put(sink, ", grpc-status ");
                sink.putDecimal(record.grpcStatus);
            }
        }
        put(sink, " after ");
        if (record.attempts > 0) {
            sink.putDecimal(record.attempts);
            put(sink, record.attempts == 1 ? " attempt and " : " attempts and ");
        }
        sink.putMillis(Math.max(Phases.total(record), 0));
        put(sink, " ms");
    }

    private static void request(ByteSink sink, AccessRecord record, RequestHead request) {
        byte[] block = request.headers().array();
        put(sink, ", ");
        PlainText.putWord(sink, block, request.methodStart(), request.methodLength(), AccessFormat.MAX_METHOD_BYTES);
        sink.put(' ');
        PlainText.putWord(sink, block, request.authorityStart(), request.hostLength(), AccessFormat.MAX_NAME_BYTES);
        put(sink, " \"");
        int targetStart = AccessFormat.targetStart(record, request);
        int targetLength = AccessFormat.targetLength(record, request);
        PlainText.putQuoted(sink, block, targetStart, targetLength, AccessFormat.MAX_TARGET_BYTES);
        sink.put('"');
    }

    private static void name(ByteSink sink, String label, byte[] value, int length) {
        if (length > 0) {
            put(sink, label);
            PlainText.putWord(sink, value, 0, length, AccessFormat.MAX_NAME_BYTES);
        }
    }

    private static void put(ByteSink sink, String constant) {
        sink.put(Octets.ascii(constant));
    }

    long nowMillis() {
        return (nanoClock.getAsLong() - originNanos) / NANOS_PER_MILLI;
    }

    // ---- the thread ----

    private void run() {
        boolean last = false;
        while (!last) {
            last = closing;
            try {
                sayLines();
                long untilSummary = saySummaries(last);
                // The log itself may have parked meanwhile, and with that taken the wake-up of a line that came.
                if (!last && lines.isEmpty()) {
                    LockSupport.parkNanos(this, untilSummary);
                }
            } catch (RuntimeException e) {
                // From the error log itself: there is nowhere to say it, and the next line may pass.
                LockSupport.parkNanos(this, FailureLimiter.SPAN_MILLIS * NANOS_PER_MILLI);
            }
        }
    }

    private void sayLines() {
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            waiting.decrementAndGet();
            write(line.level, line.text);
        }
    }

    // Says how many were held back where a span has ended, or everywhere; returns the time until the next span ends.
    private long saySummaries(boolean all) {
        long now = nowMillis();
        long next = Math.min(defences.saySummaries(this, now, all), Long.MAX_VALUE / NANOS_PER_MILLI);
        for (int i = 0; i < limiter.size(); i++) {
            FailureLimiter.Entry entry = limiter.at(i);
            if (entry == null || entry.heldBack.get() == 0) {
                continue;
            }
            long untilEnd = entry.spanEndMillis() - now;
            if (all || untilEnd <= 0) {
                log.atLevel(level(entry.source, entry.kind)).log(summarize(entry, entry.heldBack.getAndSet(0)));
            } else {
                next = Math.min(next, untilEnd);
            }
        }
        return next * NANOS_PER_MILLI;
    }

    private static String summarize(FailureLimiter.Entry entry, long count) {
        ByteSink sink = new ByteSink();
        sink.begin(new byte[AccessFormat.MAX_RECORD_BYTES], 0);
        sink.put(LogNames.of(entry.source));
        put(sink, " failed: ");
        sink.put(LogNames.of(entry.kind));
        name(sink, ", at ", entry.culprit, entry.culprit.length);
        put(sink, ": ");
        sink.putDecimal(count);
        put(sink, " more like it within 10 s");
        return Octets.string(sink.array(), 0, sink.length());
    }

    /** Says what is left to say, for at most a second, and ends the thread. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
