package io.foregate.control.rollout;

import io.foregate.control.rollout.Condition.Finding;
import io.foregate.control.rollout.Condition.Standing;
import java.util.List;

/**
 * What a guard says of a step as far as it has come. A value.
 *
 * @param requests that the new pool has answered, or failed to, in this step
 * @param needed how many there have to be before the next step
 * @param findings one for each condition
 */
public record Judgement(Kind kind, long requests, long needed, List<Found> findings) {
    /** What it comes to. */
    public enum Kind {
        /** There is no guard. */
        UNGUARDED,
        /** Nothing is wrong so far, and there are too few requests to say that nothing is. */
        TOO_FEW,
        /** All is as it should be. */
        HOLDS,
        /** Something is beyond its limit, by what may still be chance. */
        DOUBTFUL,
        /** Something is beyond its limit, and that is no chance. */
        BROKEN
    }

    /** How it stands with one condition, for people. */
    public record Found(String condition, String value, String detail, boolean met) {}

    /** Where nothing is watched. */
    static Judgement unguarded(long requests) {
        return new Judgement(Kind.UNGUARDED, requests, 0, List.of());
    }

    static Judgement of(long requests, long needed, List<Finding> findings) {
        Kind kind = requests < needed ? Kind.TOO_FEW : Kind.HOLDS;
        for (Finding finding : findings) {
            if (finding.standing() == Standing.BROKEN) {
                kind = Kind.BROKEN;
            } else if (finding.standing() == Standing.DOUBTFUL && kind == Kind.HOLDS) {
                kind = Kind.DOUBTFUL;
            }
        }
        List<Found> found = findings.stream()
                .map(one -> new Found(one.condition(), one.value(), one.detail(), one.standing() == Standing.MET))
                .toList();
        return new Judgement(kind, requests, needed, found);
    }

    /** What isn't as it should be: condition, value and number of requests. */
    String complaint() {
        StringBuilder text = new StringBuilder();
        for (Found found : findings) {
            if (!found.met) {
                text.append(text.isEmpty() ? "" : "; ")
                        .append(found.condition)
                        .append(" is broken: ")
                        .append(found.value)
                        .append(" (")
                        .append(found.detail)
                        .append(')');
            }
        }
        return text.toString();
    }
}
