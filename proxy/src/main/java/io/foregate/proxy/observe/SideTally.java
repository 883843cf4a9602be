package io.foregate.proxy.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What has become of the requests of a route on one of two sides that are compared, while a configuration is tried beside the one in
 * force. As {@link Tally}, and apart for each of {@value #GROUPS} groups of clients, so that what one client does can be told from what
 * happens to all of them; and with how many took longer than some limits, which are the same for both sides.
 *
 * <p>Each loop counts in cells of its own; read on any thread.
 */
public final class SideTally {
    /** How many groups of clients there are. */
    public static final int GROUPS = 16;

    /** How often the share of the new side may change, and once more. */
    public static final int STEPS = 4;

    private static final int DURATIONS = Durations.BUCKETS;
    // Of each group: requests that have ended, those that ended in some way other than fine, those slower than each
    // limit; and for
    // each step all that have begun in it, and those of them that have ended.
    private static final int ENDINGS = 1;
    private static final int SLOW = Ending.values().length;
    private static final int BEGUN = SLOW + Limits.COUNT;
    private static final int DONE = BEGUN + STEPS;
    private static final int KINDS = DONE + STEPS;
    private static final int CELLS = DURATIONS + GROUPS * KINDS;

    /** What counts as slow, for both sides. Set by one thread, read by all; unset ones are never exceeded. */
    public static final class Limits {
        /** How many there are. */
        public static final int COUNT = 3;

        private final AtomicLongArray nanos = new AtomicLongArray(COUNT);

        public Limits() {
            for (int i = 0; i < COUNT; i++) {
                nanos.setPlain(i, Long.MAX_VALUE);
            }
        }

        public void set(int limit, long limitNanos) {
            nanos.setOpaque(limit, limitNanos);
        }

        public long nanos(int limit) {
            return nanos.getOpaque(limit);
        }
    }

    private final Limits limits;
    private final AtomicReferenceArray<AtomicLongArray> loops;

    /**
     * @param limits shared with the other side
     * @param loops how many event loops there are
     */
    public SideTally(Limits limits, int loops) {
        this.limits = limits;
        this.loops = new AtomicReferenceArray<>(loops);
    }

    /** A request of a client of {@link AccessRecord#clientGroup} has come. On loop {@code loop}. */
    public void begins(int loop, AccessRecord record) {
        add(cells(loop), DURATIONS + record.clientGroup * KINDS + BEGUN + record.trialStep);
    }

    /** An exchange of a client of {@link AccessRecord#clientGroup} has ended. On loop {@code loop}. */
    public void count(int loop, AccessRecord record) {
        AtomicLongArray cells = cells(loop);
        long waited = Tally.waitedNanos(record);
        int group = DURATIONS + record.clientGroup * KINDS;
        add(cells, Durations.bucket(waited));
        add(cells, group);
        add(cells, group + DONE + record.trialStep);
        Ending ending = Ending.of(record);
        if (ending != Ending.FINE) {
            add(cells, group + ENDINGS + ending.ordinal() - 1);
        }
        for (int i = 0; i < Limits.COUNT; i++) {
            if (waited > limits.nanos(i)) {
                add(cells, group + SLOW + i);
            }
        }
    }

    private AtomicLongArray cells(int loop) {
        AtomicLongArray cells = loops.getPlain(loop);
        if (cells == null) {
            cells = new AtomicLongArray(CELLS);
            loops.setRelease(loop, cells);
        }
        return cells;
    }

    private static void add(AtomicLongArray cells, int at) {
        cells.setOpaque(at, cells.getPlain(at) + 1);
    }

    /** A number that has grown when something has come or ended since; cheaper than reading all. */
    public long events() {
        long sum = 0;
        for (int loop = 0; loop < loops.length(); loop++) {
            AtomicLongArray cells = loops.getAcquire(loop);
            for (int group = 0; cells != null && group < GROUPS; group++) {
                int at = DURATIONS + group * KINDS;
                sum += cells.getOpaque(at);
                for (int step = 0; step < STEPS; step++) {
                    sum += cells.getOpaque(at + BEGUN + step);
                }
            }
        }
        return sum;
    }

    /** All that has been counted until now. */
    public Reading read() {
        long[] sum = new long[CELLS];
        for (int loop = 0; loop < loops.length(); loop++) {
            AtomicLongArray cells = loops.getAcquire(loop);
            if (cells != null) {
                for (int i = 0; i < CELLS; i++) {
                    sum[i] += cells.getOpaque(i);
                }
            }
        }
        return new Reading(sum);
    }

    /** What was counted until some moment, or between two. A value. */
    public static final class Reading {
        /** Of nothing. */
        public static final Reading NONE = new Reading(new long[CELLS]);

        private final long[] counts;

        private Reading(long[] counts) {
            this.counts = counts;
        }

        /** What has come since {@code before}. */
        public Reading minus(Reading before) {
            long[] rest = counts.clone();
            for (int i = 0; i < CELLS; i++) {
                rest[i] -= before.counts[i];
            }
            return new Reading(rest);
        }

        /** Both together. */
        public Reading plus(Reading other) {
            long[] sum = counts.clone();
            for (int i = 0; i < CELLS; i++) {
                sum[i] += other.counts[i];
            }
            return new Reading(sum);
        }

        /** Requests of a group of clients that have ended. */
        public long requests(int group) {
            return counts[DURATIONS + group * KINDS];
        }

        /** Those of them that ended in that way, which isn't fine. */
        public long ended(int group, Ending ending) {
            return counts[DURATIONS + group * KINDS + ENDINGS + ending.ordinal() - 1];
        }

        /** Those of them that took longer than a limit did at that time. */
        public long slow(int group, int limit) {
            return counts[DURATIONS + group * KINDS + SLOW + limit];
        }

        /** Requests of a group of clients that have come in a step of the trial, whether they have ended or not. */
        public long begun(int group, int step) {
            return counts[DURATIONS + group * KINDS + BEGUN + step];
        }

        /** Those of them that have ended. */
        public long done(int group, int step) {
            return counts[DURATIONS + group * KINDS + DONE + step];
        }

        /** Requests of all groups. */
        public long requests() {
            long all = 0;
            for (int group = 0; group < GROUPS; group++) {
                all += requests(group);
            }
            return all;
        }

        /** Requests of all groups that ended in that way, which isn't fine. */
        public long ended(Ending ending) {
            long all = 0;
            for (int group = 0; group < GROUPS; group++) {
                all += ended(group, ending);
            }
            return all;
        }

        /** From how many groups requests have come. */
        public int groups() {
            int groups = 0;
            for (int group = 0; group < GROUPS; group++) {
                groups += requests(group) > 0 ? 1 : 0;
            }
            return groups;
        }

        /** As {@link Tally.Reading#quantileNanos}. */
        public long quantileNanos(double part) {
            return Durations.quantileNanos(counts, part);
        }
    }
}
