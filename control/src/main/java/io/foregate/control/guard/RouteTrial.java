package io.foregate.control.guard;

import io.foregate.proxy.observe.Ending;
import io.foregate.proxy.observe.SideTally;
import io.foregate.proxy.observe.SideTally.Reading;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.worker.Trial;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of one route fare on both sides, from look to look. A stratum is a second of them, or however long it takes until
 * there are some on both sides, but never longer than the share of the traffic stays what it is. Used by one thread.
 */
final class RouteTrial {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int LEAST_IN_STRATUM = 20;
    // What takes a third longer, and more than a blink, is slower in a sense that matters to somebody.
    private static final double SLOWER = 1.3;
    private static final long SLOWER_NANOS = 20_000_000;
    // Requests without an answer for so long are stuck, if those of the other side are not.
    private static final long STUCK_NANOS = 5 * SECOND_NANOS;

    // How many requests of each group had begun in each step, on both sides.
    private record Moment(long nanos, long[] before, long[] after) {}

    private final Trial.Compared counts;
    private final String name;
    private final long warmNanos;
    private final Stretch whole = new Stretch();
    private final Deque<Moment> moments = new ArrayDeque<>();
    private Stretch step = new Stretch();
    private Reading seenBefore = Reading.NONE;
    private Reading seenAfter = Reading.NONE;
    private Reading openBefore = Reading.NONE;
    private Reading openAfter = Reading.NONE;
    private Reading lastBefore = Reading.NONE;
    private Reading lastAfter = Reading.NONE;
    private long[] begunBefore = begun(Reading.NONE);
    private long[] begunAfter = begunBefore;
    private long events;
    private long openedNanos;

    /** @param warmNanos from when on slowness counts: what is new needs connections first */
    RouteTrial(Trial.Compared counts, long nowNanos, long warmNanos) {
        this.counts = counts;
        Route route = counts.route();
        this.name = route == null
                ? "(requests without a route, or of routes beyond those compared by themselves)"
                : route.toString();
        this.openedNanos = nowNanos;
        this.warmNanos = warmNanos;
    }

    String name() {
        return name;
    }

    /** Looks at what has been counted since. */
    void look(long nowNanos) {
        // Of many routes most are quiet at any moment.
        long now = counts.before().events() + counts.after().events();
        if (now != events) {
            events = now;
            lastBefore = counts.before().read();
            lastAfter = counts.after().read();
            openBefore = lastBefore.minus(seenBefore);
            openAfter = lastAfter.minus(seenAfter);
            begunBefore = begun(lastBefore);
            begunAfter = begun(lastAfter);
        }
        moments.addLast(new Moment(nowNanos, begunBefore, begunAfter));
        forgetOld(nowNanos);
        boolean old = nowNanos - openedNanos >= SECOND_NANOS;
        boolean full = openBefore.requests() >= LEAST_IN_STRATUM && openAfter.requests() >= LEAST_IN_STRATUM;
        if (old && (full || limitsAreDue(nowNanos))) {
            close(nowNanos);
        }
    }

    private static long[] begun(Reading reading) {
        long[] begun = new long[SideTally.GROUPS * SideTally.STEPS];
        for (int group = 0; group < SideTally.GROUPS; group++) {
            for (int step = 0; step < SideTally.STEPS; step++) {
                begun[group * SideTally.STEPS + step] = reading.begun(group, step);
            }
        }
        return begun;
    }

    // The first one stays old enough to tell who has waited for so long.
    private void forgetOld(long nowNanos) {
        Moment first = moments.removeFirst();
        Moment second = moments.peekFirst();
        while (second != null && nowNanos - second.nanos >= STUCK_NANOS) {
            first = moments.removeFirst();
            second = moments.peekFirst();
        }
        moments.addFirst(first);
    }

    private void close(long nowNanos) {
        whole.add(openBefore, openAfter);
        step.add(openBefore, openAfter);
        seenBefore = seenBefore.plus(openBefore);
        seenAfter = seenAfter.plus(openAfter);
        openBefore = Reading.NONE;
        openAfter = Reading.NONE;
        openedNanos = nowNanos;
        if (nowNanos - warmNanos >= 0) {
            for (Cause cause : Cause.values()) {
                if (cause.limit() >= 0 && unset(cause) && enough(cause, seenBefore.requests())) {
                    setLimit(cause);
                }
            }
        }
    }

    /** The share of the traffic changes: what comes from now on is another stratum, and a stretch of its own. */
    void nextStep(long nowNanos) {
        close(nowNanos);
        step = new Stretch();
        for (Cause cause : Cause.values()) {
            if (cause.limit() >= 0 && !unset(cause)) {
                setLimit(cause);
            }
        }
    }

    // ---- what is slow ----

    private boolean unset(Cause cause) {
        return counts.limits().nanos(cause.limit()) == Long.MAX_VALUE;
    }

    private static boolean enough(Cause cause, long requests) {
        return requests * (1 - cause.part()) >= LEAST_IN_STRATUM;
    }

    private boolean limitsAreDue(long nowNanos) {
        long requests = seenBefore.requests() + openBefore.requests();
        return nowNanos - warmNanos >= 0 && unset(Cause.SLOW_HALF) && enough(Cause.SLOW_HALF, requests);
    }

    // From what was seen before, so that the limit has nothing to do with what it judges.
    private void setLimit(Cause cause) {
        long usual = seenBefore.quantileNanos(cause.part());
        counts.limits().set(cause.limit(), (long) (usual * SLOWER) + SLOWER_NANOS);
    }

    // ---- what it comes to ----

    /** Two stretches of time: since the beginning, and since the share changed last. */
    static final int STRETCHES = 2;

    /** What speaks for a cause; null when nothing does. */
    @Nullable
    Evidence evidence(Cause cause, int stretch) {
        if (cause == Cause.STUCK) {
            return stretch == 0 ? stuck() : null;
        }
        return (stretch == 0 ? whole : step).evidence(cause, openBefore, openAfter);
    }

    private boolean tellsWhoIsStuck() {
        return moments.getLast().nanos - moments.getFirst().nanos >= STUCK_NANOS;
    }

    // Each step is a stratum: while the share stays what it is, requests that take long, as they are meant to, are the
    // same part of
    // those on both sides.
    private @Nullable Evidence stuck() {
        if (!tellsWhoIsStuck()) {
            return null;
        }
        Evidence evidence = new Evidence();
        for (int step = 0; step < SideTally.STEPS; step++) {
            evidence.add(stuckOf(step));
        }
        return evidence;
    }

    // Of those that had begun some time ago, all but as many as have ended by now are under way still: perhaps more.
    private Evidence.Counts stuckOf(int step) {
        Moment first = moments.getFirst();
        Evidence.Counts stuck = new Evidence.Counts();
        for (int group = 0; group < SideTally.GROUPS; group++) {
            int at = group * SideTally.STEPS + step;
            stuck.before[group] = first.before[at];
            stuck.after[group] = first.after[at];
            stuck.happenedBefore[group] = Math.max(0, first.before[at] - lastBefore.done(group, step));
            stuck.happenedAfter[group] = Math.max(0, first.after[at] - lastAfter.done(group, step));
        }
        return stuck;
    }

    private Harm.Numbers stuckNumbers() {
        long[] sum = new long[4];
        for (int step = 0; tellsWhoIsStuck() && step < SideTally.STEPS; step++) {
            Evidence.Counts stuck = stuckOf(step);
            sum[0] += sum(stuck.before);
            sum[1] += sum(stuck.happenedBefore);
            sum[2] += sum(stuck.after);
            sum[3] += sum(stuck.happenedAfter);
        }
        return new Harm.Numbers(sum[0], sum[1], sum[2], sum[3]);
    }

    /** The bare numbers of a cause. */
    Harm.Numbers numbers(Cause cause, int stretch) {
        if (cause == Cause.STUCK) {
            return stuckNumbers();
        }
        Reading before = before(stretch);
        Reading after = after(stretch);
        return new Harm.Numbers(before.requests(), count(cause, before), after.requests(), count(cause, after));
    }

    private static long count(Cause cause, Reading reading) {
        long count = 0;
        for (int group = 0; group < SideTally.GROUPS; group++) {
            count += cause.count(reading, group);
        }
        return count;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    /** What was counted on the old side. */
    Reading before(int stretch) {
        return (stretch == 0 ? whole : step).before().plus(openBefore);
    }

    /** What was counted on the new side. */
    Reading after(int stretch) {
        return (stretch == 0 ? whole : step).after().plus(openAfter);
    }

    /** What a cause means here, for people. */
    String what(Cause cause) {
        Reading before = before(0);
        Reading after = after(0);
        return switch (cause) {
            case ERRORS -> "failed (" + mostly(before, after) + ")";
            case NOT_FOUND -> "were not found (404)";
            case DENIED -> "were denied (401 or 403)";
            case CLIENT_ERRORS -> "were refused with another status from 400 to 499";
            case GONE -> "were given up by their clients";
            case SLOW_HALF -> slow("the median is", cause, before, after);
            case SLOW_TENTH -> slow("the slowest tenth begins at", cause, before, after);
            case SLOW_HUNDREDTH -> slow("the slowest hundredth begins at", cause, before, after);
            case STUCK -> "have not ended 5 s after they came";
        };
    }

    private static String mostly(Reading before, Reading after) {
        Ending most = Ending.SERVER_ERROR;
        double rise = -1;
        for (Ending ending : Ending.values()) {
            double more = !ending.isError() ? -1 : rate(after, ending) - rate(before, ending);
            if (more > rise) {
                rise = more;
                most = ending;
            }
        }
        return switch (most) {
            case ORIGIN_FAILED -> "mostly because of the origin, which didn't answer or broke off";
            case PROXY_FAILED -> "mostly because there was no server, or no place at one";
            case SERVER_ERROR, FINE, DENIED, NOT_FOUND, CLIENT_ERROR, CLIENT_GONE ->
                "mostly with a status of 500 or more";
        };
    }

    private static double rate(Reading reading, Ending ending) {
        long all = reading.requests();
        return all == 0 ? 0 : (double) reading.ended(ending) / all;
    }

    private String slow(String what, Cause cause, Reading before, Reading after) {
        return String.format(
                Locale.ROOT,
                "took longer than %s (%s %s instead of %s)",
                millis(counts.limits().nanos(cause.limit())),
                what,
                millis(after.quantileNanos(cause.part())),
                millis(before.quantileNanos(cause.part())));
    }

    static String millis(long nanos) {
        double millis = nanos / 1e6;
        return millis < 10
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.0f ms", millis);
    }
}
