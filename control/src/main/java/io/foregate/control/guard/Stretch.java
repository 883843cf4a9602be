package io.foregate.control.guard;

import io.foregate.proxy.observe.SideTally;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was counted of one route over a stretch of time, stratum by stratum, and what each cause has to say for itself. Used by one thread. */
final class Stretch {
    private final Map<Cause, Evidence> evidence = new EnumMap<>(Cause.class);
    private SideTally.Reading before = SideTally.Reading.NONE;
    private SideTally.Reading after = SideTally.Reading.NONE;

    /** A stratum is over. */
    void add(SideTally.Reading stratumBefore, SideTally.Reading stratumAfter) {
        for (Cause cause : Cause.values()) {
            Evidence.Counts counts = counts(cause, stratumBefore, stratumAfter);
            if (counts != null) {
                evidence.computeIfAbsent(cause, _ -> new Evidence()).add(counts);
            }
        }
        before = before.plus(stratumBefore);
        after = after.plus(stratumAfter);
    }

    /** All that speaks for a cause, with a stratum that isn't over yet; null when nothing does, or against it. */
    @Nullable
    Evidence evidence(Cause cause, SideTally.Reading openBefore, SideTally.Reading openAfter) {
        Evidence closed = evidence.get(cause);
        Evidence.Counts open = counts(cause, openBefore, openAfter);
        if (open == null) {
            return closed;
        }
        Evidence all = new Evidence();
        if (closed != null) {
            all.add(closed);
        }
        all.add(open);
        return all;
    }

    private static Evidence.@Nullable Counts counts(
            Cause cause, SideTally.Reading stratumBefore, SideTally.Reading stratumAfter) {
        Evidence.Counts counts = new Evidence.Counts();
        long happened = 0;
        for (int group = 0; group < SideTally.GROUPS; group++) {
            counts.before[group] = stratumBefore.requests(group);
            counts.after[group] = stratumAfter.requests(group);
            // What is counted while it is read may be in one number and not in the other.
            counts.happenedBefore[group] = Math.min(counts.before[group], cause.count(stratumBefore, group));
            counts.happenedAfter[group] = Math.min(counts.after[group], cause.count(stratumAfter, group));
            happened += counts.happenedBefore[group] + counts.happenedAfter[group];
        }
        return happened == 0 ? null : counts;
    }

    /** All strata that are over, on the old side. */
    SideTally.Reading before() {
        return before;
    }

    /** And on the new one. */
    SideTally.Reading after() {
        return after;
    }
}
