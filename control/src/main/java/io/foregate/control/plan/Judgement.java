package io.foregate.control.plan;

import io.foregate.control.plan.Fate.Shift;
import io.foregate.control.plan.Side.Option;
import io.foregate.proxy.route.Condition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two configurations make of one request, some of whose conditions nobody can judge: it is certain all the same where
 * it comes to the same thing whichever way they turn out. One use.
 */
final class Judgement {
    private static final int MOST_DOUBTS = 8;

    private final List<Option> before;
    private final List<Option> after;
    private final List<Condition> doubts;
    private @Nullable Shift shift;
    private @Nullable Fate fate;
    private boolean certain = true;
    private boolean seen;

    private Judgement(List<Option> before, List<Option> after, Set<Condition> doubts) {
        this.before = before;
        this.after = after;
        this.doubts = List.copyOf(doubts);
    }

    static Judgement of(List<Option> before, List<Option> after) {
        Set<Condition> doubts = new LinkedHashSet<>();
        before.forEach(option -> doubts.addAll(option.doubts()));
        after.forEach(option -> doubts.addAll(option.doubts()));
        Judgement judgement = new Judgement(before, after, doubts);
        if (doubts.size() > MOST_DOUBTS) {
            judgement.certain = false;
        } else {
            judgement.tryAll();
        }
        return judgement;
    }

    private void tryAll() {
        for (int met = 0; met < 1 << doubts.size() && certain; met++) {
            if (possible(met)) {
                Fate now = taken(before, met);
                Fate then = taken(after, met);
                Shift found = now.shift(then);
                certain = !seen || Objects.equals(found, shift);
                shift = found;
                fate = then;
                seen = true;
            }
        }
    }

    // No request meets two conditions that exclude each other, or one and not another that follows from it.
    private boolean possible(int met) {
        for (int i = 0; i < doubts.size(); i++) {
            for (int j = 0; j < doubts.size(); j++) {
                if (i != j && met(i, met)) {
                    boolean wrong = met(j, met)
                            ? doubts.get(i).excludes(doubts.get(j))
                            : doubts.get(i).implies(doubts.get(j));
                    if (wrong) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean met(int doubt, int met) {
        return (met >> doubt & 1) != 0;
    }

    private Fate taken(List<Option> options, int met) {
        for (Option option : options) {
            if (option.doubts().stream().allMatch(doubt -> met(doubts.indexOf(doubt), met))) {
                return option.fate();
            }
        }
        return options.getLast().fate();
    }

    boolean certain() {
        return certain;
    }

    /** What is different; null when nothing is. Of no meaning unless it is certain. */
    @Nullable
    Shift shift() {
        return shift;
    }

    /** What would become of the request; where conditions are in doubt, one of several fates that come to the same thing. */
    Fate fate() {
        return fate == null ? after.getLast().fate() : fate;
    }

    /** What isn't known. */
    List<String> doubts() {
        List<String> texts = new ArrayList<>();
        doubts.forEach(doubt -> texts.add(doubt.toString()));
        return texts;
    }
}
