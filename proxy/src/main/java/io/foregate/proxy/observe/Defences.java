package io.foregate.proxy.observe;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each {@link Defence} had to act, and says so in the error log: who, what, and against which limit.
 *
 * <p>Within ten seconds a client is named once for each defence, and at most {@value #NAMED} clients are; the rest is one line
 * with their number. So an attack from anywhere neither fills a disk nor costs a loop more than an increment and a look-up,
 * without garbage and without a lock.
 *
 * <p>One for the process, shared by all loops: thread-safe. The lines are written by the thread of the {@link FailureLog} that it
 * belongs to.
 */
@SuppressWarnings("EnumOrdinal") // an index into arrays of this very process, never stored
public final class Defences {
    /** How many clients of one defence are named within {@link #SPAN_MILLIS}. A power of two. */
    static final int NAMED = 16;

    static final long SPAN_MILLIS = 10_000;

    private static final Defence[] ALL = Defence.values();
    private static final long NEVER = Long.MIN_VALUE;

    /** What one defence has done. */
    private static final class Tally {
        final LongAdder count = new LongAdder();
        // When a client that falls to this place was last named. Those who share a place share its line.
        final AtomicLongArray namedMillis = new AtomicLongArray(NAMED);
        final AtomicLong heldBack = new AtomicLong();
        // When the first was held back since the last summary.
        final AtomicLong heldBackSinceMillis = new AtomicLong(NEVER);

        Tally() {
            for (int i = 0; i < NAMED; i++) {
                namedMillis.set(i, NEVER);
            }
        }

        boolean mayName(int place, long nowMillis) {
            long last = namedMillis.get(place);
            return (last == NEVER || nowMillis - last >= SPAN_MILLIS)
                    && namedMillis.compareAndSet(place, last, nowMillis);
        }
    }

    private final @Nullable FailureLog log;
    private final Tally[] tallies = new Tally[ALL.length];
    private final Overloads overloads;

    Defences(@Nullable FailureLog log) {
        this.log = log;
        this.overloads = new Overloads(log);
        for (int i = 0; i < tallies.length; i++) {
            tallies[i] = new Tally();
        }
    }

    /** Defences that are counted and not said. */
    public static Defences unsaid() {
        return new Defences(null);
    }

    /**
     * A limit was reached and something is done about it. On any thread.
     *
     * @param peer who did it, as far as is known; lent
     * @param detail which limit and what happens now; a constant where possible, since this may be called very often
     */
    public void tripped(Defence defence, ClientAddress peer, @Nullable String detail) {
        Tally tally = tallies[defence.ordinal()];
        tally.count.increment();
        FailureLog to = log;
        if (to == null || !to.says(defence.level())) {
            return;
        }
        long now = to.nowMillis();
        if (tally.mayName(place(peer), now) && to.say(defence.level(), describe(defence, peer, detail))) {
            return;
        }
        if (tally.heldBack.getAndIncrement() == 0) {
            tally.heldBackSinceMillis.set(now);
            to.wake();
        }
    }

    /** What is refused because there is too much of it, whoever does it. */
    public Overloads overloads() {
        return overloads;
    }

    /** How often it has acted since the process started. */
    public long count(Defence defence) {
        return tallies[defence.ordinal()].count.sum();
    }

    // An IPv6 client has a /64 to itself, at least.
    private static int place(ClientAddress peer) {
        long bits = peer.isIpv4() ? peer.low() : peer.high();
        return (int) ((bits * 0x9e3779b97f4a7c15L) >>> 60) & (NAMED - 1);
    }

    /** {@code client 192.0.2.7 stopped by ping_flood: more than 100 PING frames within 10 s}. */
    static String describe(Defence defence, ClientAddress peer, @Nullable String detail) {
        ByteSink sink = new ByteSink();
        sink.begin(new byte[AccessFormat.MAX_RECORD_BYTES], 0);
        sink.put(Octets.ascii("client "));
        sink.put(peer.text());
        sink.put(Octets.ascii(" stopped by "));
        sink.put(defence.logNameBytes());
        if (detail != null) {
            sink.put(Octets.ascii(": "));
            PlainText.putQuoted(sink, detail, AccessFormat.MAX_DETAIL_BYTES);
        }
        return Octets.string(sink.array(), 0, sink.length());
    }

    /** On the log's thread: says how many were held back, where ten seconds have passed; returns the time until the next. */
    long saySummaries(FailureLog to, long nowMillis, boolean all) {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < tallies.length; i++) {
            Tally tally = tallies[i];
            if (tally.heldBack.get() == 0) {
                continue;
            }
            long since = tally.heldBackSinceMillis.get();
            long untilEnd = since == NEVER ? SPAN_MILLIS : since + SPAN_MILLIS - nowMillis;
            if (all || untilEnd <= 0) {
                tally.heldBackSinceMillis.set(NEVER);
                long count = tally.heldBack.getAndSet(0);
                to.write(ALL[i].level(), ALL[i].logName() + ": clients stopped " + count + " more times within 10 s");
            } else {
                next = Math.min(next, untilEnd);
            }
        }
        return next;
    }
}
