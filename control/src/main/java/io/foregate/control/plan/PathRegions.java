package io.foregate.control.plan;

import io.foregate.control.build.Conditions;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.PathPattern.Kind;
import io.foregate.control.plan.Decision.Difference;
import io.foregate.control.plan.Decision.Rule;
import io.foregate.proxy.route.Regex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two sites make of paths. The patterns of both cut the paths into places, in each of which both sites decide
 * by conditions alone: an exact path is a place, and so is what lies below a prefix and below no longer one. Neighbours in
 * which the same changes are put together again.
 */
final class PathRegions {
    /** Paths in {@code path} and in none of {@code others}, and what is different there. */
    record Part(PathPattern path, List<PathPattern> others, List<Difference> differences) {}

    private static final PathPattern EVERYTHING = new PathPattern(Kind.PREFIX, "");

    private static final class Place {
        final PathPattern pattern;
        final List<Difference> differences;
        final List<Place> below = new ArrayList<>();

        Place(PathPattern pattern, List<Difference> differences) {
            this.pattern = pattern;
            this.differences = differences;
        }
    }

    /** A site's routes by what their paths are. */
    private static final class Routes {
        final Map<PathPattern, List<Rule>> byPath = new HashMap<>();
        final List<Rule> expressions = new ArrayList<>();
        final Outcome otherwise;

        Routes(@Nullable EffectiveSite site) {
            otherwise = site == null ? Outcome.NO_SITE : Outcome.NO_ROUTE;
            if (site == null) {
                return;
            }
            for (EffectiveRoute route : site.routes()) {
                PathPattern path = route.match().path();
                Set<Term> terms = new LinkedHashSet<>();
                if (path.kind() == Kind.REGEX) {
                    terms.add(new Term.PathMatches(path.text()));
                }
                Conditions.of(route.match().when()).forEach(condition -> terms.add(new Term.Asks(condition)));
                Rule rule = new Rule(terms, Outcome.of(route));
                if (path.kind() == Kind.REGEX) {
                    expressions.add(rule);
                } else {
                    byPath.computeIfAbsent(path, _ -> new ArrayList<>()).add(rule);
                }
            }
        }

        // In the order in which routes win: exact, longest prefix, expressions, every path.
        Decision at(PathPattern place) {
            List<Rule> ranked = new ArrayList<>();
            boolean exact = place.kind() == Kind.EXACT;
            if (exact) {
                ranked.addAll(byPath.getOrDefault(place, List.of()));
            }
            for (String prefix = place.text(); !prefix.isEmpty(); prefix = above(prefix)) {
                ranked.addAll(byPath.getOrDefault(new PathPattern(Kind.PREFIX, prefix), List.of()));
            }
            for (Rule rule : expressions) {
                if (!exact) {
                    ranked.add(rule);
                } else if (matches(rule, place.text())) {
                    ranked.add(withoutExpression(rule));
                }
            }
            ranked.addAll(byPath.getOrDefault(EVERYTHING, List.of()));
            return Decision.of(ranked, otherwise);
        }

        private static boolean matches(Rule rule, String path) {
            return rule.terms().stream()
                    .allMatch(term -> !(term instanceof Term.PathMatches(String regex))
                            || Regex.of(regex).matcher(path).find());
        }

        private static Rule withoutExpression(Rule rule) {
            Set<Term> terms = new LinkedHashSet<>(rule.terms());
            terms.removeIf(Term.PathMatches.class::isInstance);
            return new Rule(terms, rule.outcome());
        }
    }

    private PathRegions() {}

    /** Null stands for no site at all. Parts don't overlap. */
    static List<Part> compare(@Nullable EffectiveSite before, @Nullable EffectiveSite after) {
        Routes old = new Routes(before);
        Routes now = new Routes(after);
        Set<PathPattern> patterns = new LinkedHashSet<>(old.byPath.keySet());
        patterns.addAll(now.byPath.keySet());
        // By text, prefix before exact path: what is above comes first.
        Map<String, Place> prefixes = new HashMap<>();
        Place root = place(EVERYTHING, old, now);
        prefixes.put("", root);
        TreeMap<String, List<PathPattern>> sorted = new TreeMap<>();
        for (PathPattern pattern : patterns) {
            sorted.computeIfAbsent(pattern.text(), _ -> new ArrayList<>()).add(pattern);
        }
        for (List<PathPattern> sameText : sorted.values()) {
            sameText.sort((a, b) -> b.kind().compareTo(a.kind()));
            for (PathPattern pattern : sameText) {
                if (!pattern.equals(EVERYTHING)) {
                    Place place = place(pattern, old, now);
                    parent(pattern, prefixes).below.add(place);
                    if (pattern.kind() == Kind.PREFIX) {
                        prefixes.put(pattern.text(), place);
                    }
                }
            }
        }
        List<Part> parts = new ArrayList<>();
        part(root, parts);
        return parts;
    }

    private static Place place(PathPattern pattern, Routes old, Routes now) {
        return new Place(pattern, old.at(pattern).differences(now.at(pattern)));
    }

    private static Place parent(PathPattern pattern, Map<String, Place> prefixes) {
        String text = pattern.kind() == Kind.EXACT ? pattern.text() : above(pattern.text());
        while (true) {
            Place found = prefixes.get(text);
            if (found != null) {
                return found;
            }
            text = above(text);
        }
    }

    /** The next shorter prefix that may hold it, on segment boundaries; empty for every path. */
    private static String above(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static void part(Place place, List<Part> parts) {
        List<PathPattern> others = new ArrayList<>();
        List<Place> apart = new ArrayList<>();
        gather(place, place, others, apart);
        if (!place.differences.isEmpty()) {
            parts.add(new Part(place.pattern, others, place.differences));
        }
        apart.forEach(other -> part(other, parts));
    }

    // What is below and changes alike is one with it; the rest is apart.
    private static void gather(Place top, Place place, List<PathPattern> others, List<Place> apart) {
        for (Place lower : place.below) {
            if (lower.differences.equals(top.differences)) {
                gather(top, lower, others, apart);
            } else {
                others.add(lower.pattern);
                apart.add(lower);
            }
        }
    }
}
