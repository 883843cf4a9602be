package io.foregate.proxy.observe;

import io.foregate.api.message.Failure;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts failures by kind and culprit, and lets the first few of each pass in a span of time.
 *
 * <p>A failure that is held back costs a look-up and an increment, no garbage and no lock, as this is called on loops in the
 * very moment when everything fails. The table has a fixed size; a culprit that has been quiet for a minute makes room for
 * another, and while there is no room all others share one entry. Thread-safe.
 */
final class FailureLimiter {
    /** How many of a kind and culprit pass within {@link #SPAN_MILLIS}. */
    static final int BURST = 5;

    static final long SPAN_MILLIS = 10_000;

    private static final long FORGET_MILLIS = 60_000;
    private static final int ENTRIES = 1024;
    private static final int PROBES = 8;
    private static final int COUNT_BITS = 8;
    private static final int COUNT_MASK = 0xff;
    private static final byte[] MANY = {'v', 'a', 'r', 'i', 'o', 'u', 's'};

    /** One kind of failure of one culprit. */
    static final class Entry {
        final Failure.Source source;
        final Failure.Kind kind;
        final byte[] culprit;
        /** How many were held back since the last summary. */
        final AtomicLong heldBack = new AtomicLong();
        // When the span began, and how many have passed since: one word, so that one comparison changes both.
        private final AtomicLong span;

        private Entry(Failure failure, byte[] culprit, long nowMillis) {
            this.source = failure.source();
            this.kind = failure.kind();
            this.culprit = culprit;
            this.span = new AtomicLong(nowMillis << COUNT_BITS);
        }

        /** Whether this one may pass; if not it has been counted. */
        boolean admit(long nowMillis) {
            while (true) {
                long seen = span.get();
                long next = seen + 1;
                if (nowMillis >= spanEndMillis()) {
                    next = (nowMillis << COUNT_BITS) | 1;
                } else if ((seen & COUNT_MASK) >= BURST) {
                    return false;
                }
                if (span.compareAndSet(seen, next)) {
                    return true;
                }
            }
        }

        long spanEndMillis() {
            return (span.get() >>> COUNT_BITS) + SPAN_MILLIS;
        }

        private boolean is(Failure failure, byte[] culprit) {
            return kind == failure.kind() && source == failure.source() && Arrays.equals(this.culprit, culprit);
        }

        private boolean isForgettable(long nowMillis) {
            return nowMillis - spanEndMillis() > FORGET_MILLIS && heldBack.get() == 0;
        }
    }

    private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(ENTRIES + 1);

    /** The entry that counts failures like this one. {@code culprit} is copied when it is new. */
    Entry entry(Failure failure, byte[] culprit, long nowMillis) {
        int slot = ((Arrays.hashCode(culprit) * 31 + failure.kind().hashCode()) * 0x9e3779b9) >>> 22;
        for (int i = 0; i < PROBES; i++) {
            int at = (slot + i) & (ENTRIES - 1);
            Entry entry = entries.get(at);
            if (entry != null && entry.is(failure, culprit)) {
                return entry;
            }
            if (entry == null || entry.isForgettable(nowMillis)) {
                Entry made = new Entry(failure, culprit.clone(), nowMillis);
                if (entries.compareAndSet(at, entry, made)) {
                    return made;
                }
                // Someone else was quicker, perhaps with the same failure.
                i--;
            }
        }
        Entry shared = entries.get(ENTRIES);
        if (shared == null) {
            entries.compareAndSet(ENTRIES, null, new Entry(failure, MANY, nowMillis));
            shared = entries.get(ENTRIES);
        }
        return shared == null ? new Entry(failure, MANY, nowMillis) : shared;
    }

    /** The number of positions for {@link #at}. */
    int size() {
        return ENTRIES + 1;
    }

    @Nullable
    Entry at(int position) {
        return entries.get(position);
    }
}
