package io.foregate.control.rollout;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.rollout.RolloutRefused.Reason;
import io.foregate.proxy.route.Diversion;
import java.util.ArrayList;
import java.util.List;

/**
 * What somebody wants. A value.
 *
 * @param from the pool whose requests are meant
 * @param to the pool that gets more and more of them
 * @param steps the shares, one after the other; each larger than the one before, and the last is all
 * @param every how long each step lasts at least
 * @param by by what requests stay with a pool
 */
public record RolloutPlan(Name from, Name to, List<Percent> steps, Timeout every, Guard guard, StickyBy by) {
    /** The steps, where nobody says anything. */
    public static final List<String> STEPS = List.of("5%", "25%", "100%");

    /** How long a step lasts, where nobody says anything. */
    public static final String EVERY = "2m";

    /** The guard, where nobody says anything. */
    public static final String GUARD = "errors < 1%";

    private static final int MOST_STEPS = 100;

    public RolloutPlan {
        steps = List.copyOf(steps);
    }

    /** As it is written: null and empty where nothing is said. */
    public record Wish(String to, List<String> steps, String every, String guard, String by) {}

    /** Reads a wish. */
    public static RolloutPlan of(Name from, Wish wish) throws RolloutRefused {
        if (wish.to.isEmpty()) {
            throw new RolloutRefused(Reason.WRONG, "to is missing: the pool that is to get the requests of " + from);
        }
        List<Percent> steps = new ArrayList<>();
        for (String step : wish.steps.isEmpty() ? STEPS : wish.steps) {
            steps.add(step(step.strip(), steps));
        }
        if (!steps.getLast().equals(Percent.WHOLE)) {
            throw new RolloutRefused(
                    Reason.WRONG,
                    "the last step is " + steps.getLast()
                            + ", and has to be 100%; to stay below, pause the rollout when it is there");
        }
        try {
            Timeout every = Timeout.parse(wish.every.isEmpty() ? EVERY : wish.every);
            if (every.isNone()) {
                throw new RolloutRefused(Reason.WRONG, "every: write how long a step lasts, such as " + EVERY);
            }
            Guard guard = Guard.parse(wish.guard.isEmpty() ? GUARD : wish.guard);
            return new RolloutPlan(from, Name.parse(wish.to), steps, every, guard, StickyBy.parse(wish.by));
        } catch (BadValue e) {
            throw wrong(e);
        } catch (BadGuard e) {
            throw new RolloutRefused(Reason.WRONG, String.valueOf(e.getMessage()));
        }
    }

    private static Percent step(String text, List<Percent> before) throws RolloutRefused {
        Percent share;
        try {
            share = Percent.parse(text);
        } catch (BadValue e) {
            throw wrong(e);
        }
        if (share.partsPerMillion() == 0) {
            throw new RolloutRefused(Reason.WRONG, "a step of 0% is none; the first is the first share above it");
        }
        if (!before.isEmpty() && share.compareTo(before.getLast()) <= 0) {
            throw new RolloutRefused(
                    Reason.WRONG,
                    "step " + share + " isn't more than " + before.getLast()
                            + ", which comes before it; each step is larger than the one before");
        }
        if (before.size() == MOST_STEPS) {
            throw new RolloutRefused(Reason.WRONG, "there are more than " + MOST_STEPS + " steps");
        }
        return share;
    }

    private static RolloutRefused wrong(BadValue e) {
        return new RolloutRefused(Reason.WRONG, e.what() + (e.hint().isEmpty() ? "" : "; " + e.hint()));
    }

    int lastStep() {
        return steps.size() - 1;
    }

    Diversion diversion() {
        return new Diversion(from.text(), to.text(), by.key());
    }
}
