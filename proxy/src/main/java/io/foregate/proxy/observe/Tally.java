package io.foregate.proxy.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What has become of the requests of a route, or of a pool: how many ended how, and how long they waited for their answers. It only
 * ever grows; whoever wants to know about a while takes two {@link Reading}s and their difference.
 *
 * <p>Each loop counts in cells of its own, made with its first request and written by nobody else, so counting is a handful of
 * reads and writes without contention. Reading adds the loops up, on any thread; what is being counted at that moment may be
 * missing. Lives as long as what it counts.
 */
public final class Tally {
    private static final int DURATIONS = Durations.BUCKETS;

    private final AtomicReferenceArray<AtomicLongArray> loops;

    /** @param loops how many event loops there are */
    public Tally(int loops) {
        this.loops = new AtomicReferenceArray<>(loops);
    }

    /** An exchange has ended. On loop {@code loop}. */
    public void count(int loop, AccessRecord record) {
        AtomicLongArray cells = loops.getPlain(loop);
        if (cells == null) {
            cells = new AtomicLongArray(DURATIONS + Reading.KINDS);
            loops.setRelease(loop, cells);
        }
        add(cells, Durations.bucket(waitedNanos(record)));
        add(cells, DURATIONS + Reading.statusClass(record.status));
        Ending ending = Ending.of(record);
        if (ending != Ending.FINE) {
            add(cells, DURATIONS + Reading.ENDINGS + ending.ordinal());
        }
    }

    /** How long the client waited for the head of its answer; or, without one, for the end. */
    static long waitedNanos(AccessRecord record) {
        return (record.firstByteNanos != 0 ? record.firstByteNanos : record.endNanos) - record.startNanos;
    }

    private static void add(AtomicLongArray cells, int at) {
        cells.setOpaque(at, cells.getPlain(at) + 1);
    }

    /** All that has been counted until now. */
    public Reading read() {
        long[] sum = new long[DURATIONS + Reading.KINDS];
        for (int loop = 0; loop < loops.length(); loop++) {
            AtomicLongArray cells = loops.getAcquire(loop);
            if (cells != null) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += cells.getOpaque(i);
                }
            }
        }
        return new Reading(sum);
    }

    /** What was counted until some moment, or between two. A value. */
    public static final class Reading {
        // Behind the durations: answers by the first digit of their status (0 is none), then requests by ending.
        private static final int ENDINGS = 6;
        private static final int KINDS = ENDINGS + Ending.values().length;

        /** Of nothing. */
        public static final Reading NONE = new Reading(new long[DURATIONS + KINDS]);

        private final long[] counts;

        private Reading(long[] counts) {
            this.counts = counts;
        }

        private static int statusClass(int status) {
            return Math.min(status / 100, 5);
        }

        /** What has come since {@code before}. */
        public Reading minus(Reading before) {
            long[] rest = counts.clone();
            for (int i = 0; i < rest.length; i++) {
                rest[i] -= before.counts[i];
            }
            return new Reading(rest);
        }

        /** Both together. */
        public Reading plus(Reading other) {
            long[] sum = counts.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += other.counts[i];
            }
            return new Reading(sum);
        }

        /** Requests that have ended. */
        public long requests() {
            long all = 0;
            for (int i = 0; i < ENDINGS; i++) {
                all += counts[DURATIONS + i];
            }
            return all;
        }

        /** Answers whose status begins with that digit; 0 for requests without an answer. */
        public long answers(int digit) {
            return counts[DURATIONS + digit];
        }

        /** Requests that ended in that way. */
        public long ended(Ending ending) {
            if (ending == Ending.FINE) {
                return requests() - endedOtherwise();
            }
            return counts[DURATIONS + ENDINGS + ending.ordinal()];
        }

        private long endedOtherwise() {
            long all = 0;
            for (int i = ENDINGS; i < KINDS; i++) {
                all += counts[DURATIONS + i];
            }
            return all;
        }

        /** Requests for whose failure the origin or the proxy is to blame, whether the client got a status or not. */
        public long errors() {
            return ended(Ending.SERVER_ERROR) + ended(Ending.ORIGIN_FAILED) + ended(Ending.PROXY_FAILED);
        }

        /** {@link #errors()} as a part of all, from 0 to 1; 0 where there were no requests. */
        public double errorRate() {
            long all = requests();
            return all == 0 ? 0 : (double) errors() / all;
        }

        /**
         * How long that part of the clients waited at most, until the head of their answer.
         *
         * @param part from 0 to 1, as 0.99
         * @return in nanoseconds, within a tenth; 0 where there were no requests
         */
        public long quantileNanos(double part) {
            return Durations.quantileNanos(counts, part);
        }

        /** How many clients surely waited longer than that: of those in the same bucket, a fifth wide, it isn't known. */
        public long waitedLonger(long nanos) {
            long longer = 0;
            for (int i = Durations.bucket(nanos) + 1; i < DURATIONS; i++) {
                longer += counts[i];
            }
            return longer;
        }

        @Override
        public String toString() {
            return requests() + " requests, " + errors() + " errors";
        }
    }
}
