package io.foregate.control.rollout;

import io.foregate.control.rollout.Condition.Finding;
import io.foregate.proxy.observe.Tally;
import java.util.List;
import java.util.stream.Collectors;

/** What a rollout demands of the new pool, at each step anew. A value. */
public final class Guard {
    /** Nothing. */
    public static final Guard NONE = new Guard(List.of());

    private final List<Condition> conditions;
    private final long needed;

    Guard(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
        long said = 0;
        long follows = 0;
        for (Condition condition : conditions) {
            if (condition instanceof Condition.Requests requests) {
                said = Math.max(said, requests.needs());
            } else {
                follows = Math.max(follows, condition.needs());
            }
        }
        this.needed = said > 0 ? said : follows;
    }

    /**
     * Reads a guard: conditions joined by {@code and}, or {@code none}. A condition is {@code errors < 0.5%}, {@code p99 < 300ms} (any
     * percentile) or {@code requests >= 500}.
     */
    public static Guard parse(String text) throws BadGuard {
        return new GuardParser(text).guard();
    }

    /** What it says of what has come since the step began. */
    Judgement judge(Tally.Reading since) {
        if (conditions.isEmpty()) {
            return Judgement.unguarded(since.requests());
        }
        // How many requests there are is said of every step.
        List<Finding> findings = conditions.stream()
                .filter(condition -> !(condition instanceof Condition.Requests))
                .map(condition -> condition.look(since))
                .toList();
        return Judgement.of(since.requests(), needed, findings);
    }

    /** As one would write it. */
    @Override
    public String toString() {
        return conditions.isEmpty()
                ? "none"
                : conditions.stream().map(Condition::toString).collect(Collectors.joining(" and "));
    }
}
