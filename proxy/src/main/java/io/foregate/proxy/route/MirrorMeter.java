package io.foregate.proxy.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a mirror fares: what became of the copies, and how many are under way in the whole process. Says in the error log, at most
 * once in ten seconds, that copies were lost. Thread-safe; lives as long as the mirror stands in the configuration.
 */
@SuppressWarnings("EnumOrdinal") // an index into what is made from values(), never stored
public final class MirrorMeter {
    /** What became of a copy. */
    public enum Outcome {
        /** It was answered, whatever the status, and the answer was read or was too long to be. */
        ANSWERED,
        /** No connection, or none that lasted until the answer's end. */
        FAILED,
        /** No answer in time. */
        TIMED_OUT,
        /** Its body fell behind the original by more than the bound. */
        CUT_OFF,
        /** The original ended before its request was whole. */
        ABANDONED,
        /** It wasn't made, since too many were under way. */
        REFUSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(MirrorMeter.class);
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String pool;
    private final Sampling sampling;
    private final int mostUnderWay;
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder errors = new LongAdder();
    private final LongAdder[] counts = new LongAdder[OUTCOMES.length];
    private final AtomicLong silentUntilNanos = new AtomicLong(System.nanoTime());

    /**
     * @param pool that gets the copies, for the log
     * @param loops how many event loops there are
     */
    public MirrorMeter(String pool, int mostUnderWay, int loops) {
        this.pool = pool;
        this.mostUnderWay = mostUnderWay;
        this.sampling = new Sampling(loops);
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    Sampling sampling() {
        return sampling;
    }

    /** One more copy; false, and counted as refused, when as many as may be are under way. */
    public boolean begins() {
        // Never above the limit, not even for a moment.
        for (int now = underWay.get(); now < mostUnderWay; now = underWay.get()) {
            if (underWay.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        add(Outcome.REFUSED, null);
        return false;
    }

    /** A copy that began is over; {@code why} is what the log says of it. */
    public void ended(Outcome outcome, @Nullable String why) {
        underWay.getAndDecrement();
        add(outcome, why);
    }

    /** A copy got an answer of 500 or more. */
    public void answeredWithError() {
        errors.increment();
    }

    private void add(Outcome outcome, @Nullable String why) {
        counts[outcome.ordinal()].increment();
        if (outcome == Outcome.ANSWERED || outcome == Outcome.ABANDONED) {
            return;
        }
        long now = System.nanoTime();
        long until = silentUntilNanos.get();
        if (now - until >= 0 && silentUntilNanos.compareAndSet(until, now + SILENCE_NANOS)) {
            // Not here: the error log may block, and this is an event loop.
            Thread.startVirtualThread(() -> say(why));
        }
    }

    private void say(@Nullable String why) {
        LOG.warn(
                "mirror to pool {}: copies were lost{}; so far {} were answered, {} failed, {} timed out, {} were cut off, and"
                        + " {} weren't made because {} were under way already",
                pool,
                why == null ? "" : ", the last one because " + why,
                count(Outcome.ANSWERED),
                count(Outcome.FAILED),
                count(Outcome.TIMED_OUT),
                count(Outcome.CUT_OFF),
                count(Outcome.REFUSED),
                mostUnderWay);
    }

    /** Copies that are under way. */
    public int underWay() {
        return underWay.get();
    }

    /** How many copies ended so, since the beginning. */
    public long count(Outcome outcome) {
        return counts[outcome.ordinal()].sum();
    }

    /** Of the answered copies those with a status of 500 or more. */
    public long errors() {
        return errors.sum();
    }
}
