package io.foregate.control.config;

import io.foregate.control.config.bind.Binder;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Site;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Checks the routes of one site: their conditions, and that no two of them could both win. */
final class RouteChecks {
    private static final Rules NO_RULES = Binder.nothing(Rules.class);
    private static final Site.Conditions ALWAYS = Binder.nothing(Site.Conditions.class);

    private final Site site;
    private final TreePath path;
    private final Sources sources;
    private final Report report;

    RouteChecks(Site site, TreePath path, Report report) {
        this.site = site;
        this.path = path;
        this.sources = report.sources();
        this.report = report;
    }

    void run(BiConsumer<Rules, TreePath> checkRules) {
        TreePath routes = path.key("routes");
        site.routes().forEach((pattern, alternatives) -> {
            // Most routes of large configurations are so; it isn't worth a path each to find nothing.
            if (alternatives.size() == 1 && isPlain(alternatives.getFirst())) {
                return;
            }
            TreePath at = sources.entry(routes, pattern);
            for (int i = 0; i < alternatives.size(); i++) {
                Site.Route route = alternatives.get(i);
                checkRules.accept(route.rules(), at.index(i));
                TreePath when = at.index(i).key("when");
                values(route.when().header(), when.key("header"));
                values(route.when().query(), when.key("query"));
                values(route.when().cookie(), when.key("cookie"));
                nobody(route.when().from(), when.key("from"), "client", "address blocks such as 10.0.0.0/8");
                nobody(route.when().method(), when.key("method"), "method", "methods such as GET");
            }
            if (alternatives.isEmpty() && !report.isBroken(at)) {
                report.errorAtKey(at, "has no route", "add one, or remove the path");
            }
            ties(alternatives, at);
        });
    }

    private static boolean isPlain(Site.Route route) {
        return route.rules() == NO_RULES && route.when() == ALWAYS;
    }

    // An emptied list would open what it was to close.
    private void nobody(List<?> list, TreePath at, String of, String what) {
        if (list.isEmpty() && sources.has(at) && !report.isBroken(at)) {
            report.errorAtValue(at, "names no " + of + ", and would hold for each", "name " + what + ", or remove it");
        }
    }

    private void values(Map<?, Site.ValueMatch> values, TreePath path) {
        values.forEach((name, match) -> {
            TreePath at = sources.entry(path, name);
            int given =
                    (match.is() == null ? 0 : 1) + (match.regex() == null ? 0 : 1) + (match.present() == null ? 0 : 1);
            if (given != 1 && !report.isBroken(at)) {
                report.errorAtKey(at, "needs exactly one of is, regex and present", "");
            }
        });
    }

    /** Two routes tie if they have the same number of conditions and some request can fulfil both. */
    private void ties(List<Site.Route> routes, TreePath at) {
        if (report.isBroken(at)) {
            return;
        }
        for (int second = 1; second < routes.size(); second++) {
            for (int first = 0; first < second; first++) {
                Site.Conditions a = routes.get(first).when();
                Site.Conditions b = routes.get(second).when();
                if (a.count() != b.count() || disjoint(a, b)) {
                    continue;
                }
                tie(at.index(first), at.index(second), a.count(), a.equals(b));
                break;
            }
        }
    }

    private void tie(TreePath first, TreePath second, int count, boolean same) {
        String other = first + " at " + sources.keyOf(first);
        report.errorAtKey(
                second,
                same
                        ? "is for the same requests as " + other
                        : "can be for the same request as " + other + ", and both have " + conditions(count),
                same ? "give one of them a condition, or remove it" : "give one of them one condition more");
    }

    private static String conditions(int count) {
        return count == 1 ? "one condition" : count + " conditions";
    }

    /** Whether it is certain that no request fulfils both. */
    private static boolean disjoint(Site.Conditions a, Site.Conditions b) {
        boolean methods = !a.method().isEmpty() && !b.method().isEmpty() && noneIn(a.method(), b.method());
        boolean clients = !a.from().isEmpty()
                && !b.from().isEmpty()
                && a.from().stream().noneMatch(block -> b.from().stream().anyMatch(block::overlaps));
        return methods
                || clients
                || valuesDisjoint(a.header(), b.header())
                || valuesDisjoint(a.query(), b.query())
                || valuesDisjoint(a.cookie(), b.cookie());
    }

    private static <T> boolean noneIn(List<T> some, List<T> others) {
        Set<T> set = Set.copyOf(others);
        return some.stream().noneMatch(set::contains);
    }

    private static <K> boolean valuesDisjoint(Map<K, Site.ValueMatch> a, Map<K, Site.ValueMatch> b) {
        return a.entrySet().stream().anyMatch(entry -> {
            Site.ValueMatch other = b.get(entry.getKey());
            return other != null && (excludes(entry.getValue(), other) || excludes(other, entry.getValue()));
        });
    }

    private static boolean excludes(Site.ValueMatch a, Site.ValueMatch b) {
        if (isAbsence(a)) {
            return !isAbsence(b);
        }
        if (a.is() == null) {
            return false;
        }
        return (b.is() != null && !a.is().equals(b.is()))
                || (b.regex() != null && !b.regex().compile().matcher(a.is()).find());
    }

    private static boolean isAbsence(Site.ValueMatch match) {
        return Boolean.FALSE.equals(match.present());
    }
}
