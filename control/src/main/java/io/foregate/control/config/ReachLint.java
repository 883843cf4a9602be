package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.PathPattern.Kind;
import io.foregate.control.config.model.Site;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds routes that no request ever gets to, because others take all that they are for. One use. */
final class ReachLint {
    private static final String OPERATORS = "\\.[](){}*+?|$^";
    private static final String QUANTIFIERS = "*+?{";

    private final Report report;

    ReachLint(Report report) {
        this.report = report;
    }

    void run(HostPattern host, Site site) {
        TreePath routes =
                report.sources().entry(TreePath.ROOT.key("sites"), host).key("routes");
        boolean expressions = site.routes().keySet().stream().anyMatch(path -> path.kind() == Kind.REGEX);
        Set<String> takeAll = expressions ? takeAll(site) : Set.of();
        site.routes().forEach((path, alternatives) -> {
            if (path.kind() == Kind.REGEX) {
                expression(path, report.sources().entry(routes, path), takeAll);
            }
            for (int i = 0; alternatives.size() > 1 && i < alternatives.size(); i++) {
                alternative(
                        alternatives, i, report.sources().entry(routes, path).index(i));
            }
        });
    }

    /** The prefixes below which everything goes one way. */
    private static Set<String> takeAll(Site site) {
        Set<String> prefixes = new HashSet<>();
        site.routes().forEach((path, alternatives) -> {
            if (path.kind() == Kind.PREFIX
                    && !path.text().isEmpty()
                    && alternatives.stream().anyMatch(route -> route.when().count() == 0)) {
                prefixes.add(path.text());
            }
        });
        return prefixes;
    }

    // Prefixes outrank expressions, whatever those say.
    private void expression(PathPattern path, TreePath at, Set<String> takeAll) {
        String start = literalStart(path.text());
        for (int slash = start.indexOf('/', 1); slash > 0; slash = start.indexOf('/', slash + 1)) {
            String prefix = start.substring(0, slash);
            if (takeAll.contains(prefix)) {
                report.warningAtKey(
                        at,
                        "no request ever gets here: all that the expression can match is below " + prefix
                                + "/*, and prefixes come before expressions",
                        "write " + prefix + "/* with when:, or move the expression's paths to a prefix of their own");
                return;
            }
        }
    }

    /** What every path that an expression matches begins with; empty where that isn't clear. */
    private static String literalStart(String expression) {
        if (!expression.startsWith("^/") || expression.indexOf('|') >= 0) {
            return "";
        }
        int end = 1;
        while (end < expression.length() && OPERATORS.indexOf(expression.charAt(end)) < 0) {
            end++;
        }
        boolean repeated = end < expression.length() && QUANTIFIERS.indexOf(expression.charAt(end)) >= 0;
        return expression.substring(1, repeated ? end - 1 : end);
    }

    /** Of one path the routes with more conditions come first; two of them that ask for opposite things may leave nothing. */
    private void alternative(List<Site.Route> alternatives, int position, TreePath at) {
        Map<String, Object> own = conditions(alternatives.get(position).when());
        Set<String> with = new HashSet<>();
        Set<String> without = new HashSet<>();
        for (Site.Route other : alternatives) {
            Map<String, Object> rest = conditions(other.when());
            rest.entrySet().removeAll(own.entrySet());
            if (rest.size() == 1
                    && other.when().count() > alternatives.get(position).when().count()) {
                var only = rest.entrySet().iterator().next();
                if (only.getValue() instanceof Site.ValueMatch match && match.present() != null) {
                    (match.present() ? with : without).add(only.getKey());
                }
            }
        }
        with.retainAll(without);
        if (!with.isEmpty()) {
            String what = with.iterator().next();
            report.warningAtKey(
                    at,
                    "no request ever gets here: one route takes those with " + what + " and another those without",
                    "remove it, or one of the two");
        }
    }

    private static Map<String, Object> conditions(Site.Conditions when) {
        Map<String, Object> conditions = new HashMap<>();
        if (!when.method().isEmpty()) {
            conditions.put("method", Set.copyOf(when.method()));
        }
        if (!when.from().isEmpty()) {
            conditions.put("from", Set.copyOf(when.from()));
        }
        when.header().forEach((name, match) -> conditions.put("header " + name, match));
        when.query().forEach((name, match) -> conditions.put("query " + name, match));
        when.cookie().forEach((name, match) -> conditions.put("cookie " + name, match));
        return conditions;
    }
}
