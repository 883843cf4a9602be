package io.foregate.control.plan;

import io.foregate.control.config.effective.EffectiveRoute;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration makes of one request.
 *
 * @param outcome in the words of regions
 * @param pools who may get it, in parts per million; empty when it is answered here
 * @param route that takes it, or null
 */
record Fate(
        Outcome outcome,
        Map<String, Integer> pools,
        @Nullable EffectiveRoute route) {
    static final int WHOLE = 1_000_000;

    /** It is answered here. */
    static Fate answered(Outcome outcome, @Nullable EffectiveRoute route) {
        return new Fate(outcome, Map.of(), route);
    }

    boolean forwarded() {
        return !pools.isEmpty();
    }

    /** Which part of such requests goes to another pool with {@code after}. */
    double movedShare(Fate after) {
        long stays = 0;
        for (Map.Entry<String, Integer> pool : pools.entrySet()) {
            stays += Math.min(pool.getValue(), after.pools.getOrDefault(pool.getKey(), 0));
        }
        return 1 - (double) stays / WHOLE;
    }

    /** The difference to {@code after}, or null when there is none. */
    @Nullable
    Shift shift(Fate after) {
        if (forwarded() && after.forwarded()) {
            double moved = movedShare(after);
            if (moved > 0) {
                return new Shift(Shift.Kind.ELSEWHERE, outcome.action(), after.outcome.action(), "", moved);
            }
        } else if (outcome.goesElsewhere(after.outcome)) {
            return new Shift(Shift.Kind.ANSWER, outcome.action(), after.outcome.action(), "", 1);
        }
        String details = String.join("; ", outcome.differences(after.outcome));
        return details.isEmpty()
                ? null
                : new Shift(Shift.Kind.TREATMENT, outcome.action(), after.outcome.action(), details, 1);
    }

    /**
     * What is different for a request.
     *
     * @param details of its treatment; empty where it goes elsewhere
     * @param share of such requests for which it is
     */
    record Shift(Kind kind, String before, String after, String details, double share) {
        /** Kinds of differences, the gravest first. */
        enum Kind {
            /** Another answer of ours, one instead of an origin's, or the other way round. */
            ANSWER,
            /** Another pool. */
            ELSEWHERE,
            /** The same pool or answer, with other settings. */
            TREATMENT
        }
    }
}
