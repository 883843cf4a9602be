package io.foregate.control.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration decides where host and path are given: rules in order, of which the first wins whose terms are all met.
 * The last one has no terms, so there is always one that wins. Immutable.
 */
record Decision(List<Rule> rules) {
    /** An outcome, and all that is asked for it. */
    record Rule(Set<Term> terms, Outcome outcome) {}

    /** What differs between two decisions, for the requests that meet all of {@code when} and none of {@code unless} whole. */
    record Difference(List<Term> when, List<List<Term>> unless, Outcome before, Outcome after) {}

    /** Leaves out what can never win. {@code otherwise} is what becomes of a request for which no rule does. */
    static Decision of(List<Rule> ranked, Outcome otherwise) {
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : ranked) {
            if (rules.stream().noneMatch(earlier -> covers(earlier.terms, rule.terms))) {
                rules.add(rule);
            }
            if (rule.terms.isEmpty()) {
                return new Decision(List.copyOf(rules));
            }
        }
        rules.add(new Rule(Set.of(), otherwise));
        return new Decision(List.copyOf(rules));
    }

    /** The requests of which the other decision makes something else. */
    List<Difference> differences(Decision after) {
        if (equals(after)) {
            return List.of();
        }
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule old = rules.get(i);
            for (int j = 0; j < after.rules.size(); j++) {
                Rule now = after.rules.get(j);
                if (!old.outcome.equals(now.outcome)) {
                    List<Rule> earlier = new ArrayList<>(rules.subList(0, i));
                    earlier.addAll(after.rules.subList(0, j));
                    Difference difference = difference(old, now, earlier);
                    if (difference != null) {
                        differences.add(difference);
                    }
                }
            }
        }
        return differences;
    }

    // Null where no request can be meant.
    private static @Nullable Difference difference(Rule old, Rule now, List<Rule> earlier) {
        Set<Term> when = new LinkedHashSet<>(old.terms);
        when.addAll(now.terms);
        for (Term one : when) {
            if (when.stream().anyMatch(one::excludes)) {
                return null;
            }
        }
        List<Set<Term>> unless = new ArrayList<>();
        for (Rule rule : earlier) {
            if (rule.terms.stream().anyMatch(term -> when.stream().anyMatch(term::excludes))) {
                continue;
            }
            Set<Term> rest = new LinkedHashSet<>(rule.terms);
            rest.removeIf(term -> when.stream().anyMatch(met -> met.implies(term)));
            if (rest.isEmpty()) {
                return null;
            }
            unless.add(rest);
        }
        return new Difference(shortest(when), shortest(unless), old.outcome, now.outcome);
    }

    // Without what another term says already.
    private static List<Term> shortest(Set<Term> terms) {
        return terms.stream()
                .filter(term -> terms.stream().noneMatch(other -> !other.equals(term) && other.implies(term)))
                .toList();
    }

    // Not (a) and not (a and b) is not (a).
    private static List<List<Term>> shortest(List<Set<Term>> unless) {
        List<List<Term>> kept = new ArrayList<>();
        for (int i = 0; i < unless.size(); i++) {
            Set<Term> one = unless.get(i);
            boolean needless = false;
            for (int j = 0; j < unless.size() && !needless; j++) {
                Set<Term> other = unless.get(j);
                needless = i != j && covers(other, one) && (!covers(one, other) || j < i);
            }
            if (!needless) {
                kept.add(List.copyOf(one));
            }
        }
        return List.copyOf(kept);
    }

    /** Whether whatever meets all of {@code narrow} meets all of {@code wide}. */
    private static boolean covers(Set<Term> wide, Set<Term> narrow) {
        return wide.stream().allMatch(term -> narrow.stream().anyMatch(met -> met.implies(term)));
    }
}
