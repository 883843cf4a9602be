package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.HttpsRedirect;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds what means one thing in other proxies' configurations and another one here, or nothing. Says each thing once, however
 * many routes it holds for.
 */
final class HabitLint {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?[a-z_]{2,}}?");

    private final Problems problems;
    private final Set<Position> said = new HashSet<>();

    HabitLint(Problems problems) {
        this.problems = problems;
    }

    void run(EffectiveSite site) {
        onePaths(site.routes());
        for (EffectiveRoute route : site.routes()) {
            variables(route);
            if (site.tls() == null) {
                withoutCertificate(site, route);
            }
            Setting<Rules.Rewrite> rewrite = route.edits().rewrite();
            if (rewrite != null
                    && rewrite.value().path() != null
                    && rewrite.value().path().text().indexOf('*') >= 0) {
                warn(
                        rewrite.origin(),
                        "the * is sent as it is: this is one path",
                        "for all below a path write { regex: ^/old/(.*)$, to: /new/$1 }, or strip-prefix");
            }
        }
    }

    // A prefix elsewhere, one path here.
    private void onePaths(List<EffectiveRoute> routes) {
        List<EffectiveRoute> likeFolders = routes.stream()
                .filter(route -> route.match().path().kind() == PathPattern.Kind.EXACT
                        && route.match().path().text().endsWith("/"))
                .toList();
        if (likeFolders.isEmpty()) {
            return;
        }
        Set<String> prefixes = routes.stream()
                .map(route -> route.match().path())
                .filter(path -> path.kind() == PathPattern.Kind.PREFIX)
                .map(PathPattern::text)
                .collect(Collectors.toSet());
        for (EffectiveRoute route : likeFolders) {
            PathPattern path = route.match().path();
            String above = path.text().substring(0, path.text().length() - 1);
            if (!prefixes.contains(above)) {
                warn(
                        route.match().origin(),
                        path + " is for that path alone, and for nothing below it",
                        "write " + path + "* for all below it");
            }
        }
    }

    private void variables(EffectiveRoute route) {
        if (route.action().value() instanceof Action.Redirect(Rules.Redirect redirect)) {
            Matcher variable = VARIABLE.matcher(redirect.to().toString());
            if (variable.find()) {
                warn(
                        route.action().origin(),
                        variable.group() + " is sent as it is: no placeholder is written so",
                        "there are {scheme}, {host}, {path}, {query} and {uri}");
            }
        }
    }

    private void withoutCertificate(EffectiveSite site, EffectiveRoute route) {
        TreePath own = site.origin().place();
        Setting<Rules.Hsts> hsts = route.https().hsts();
        Setting<HttpsRedirect> redirect = route.https().redirect();
        if (isOf(hsts.origin(), own)) {
            warn(hsts.origin(), "it has no effect: this site has no certificate", "add tls: to the site");
        }
        if (isOf(redirect.origin(), own) && redirect.value() != HttpsRedirect.OFF) {
            warn(redirect.origin(), "it has no effect: this site has no certificate", "add tls: to the site");
        }
    }

    private static boolean isOf(Origin origin, TreePath site) {
        return !origin.isDefault() && origin.place().isWithin(site);
    }

    private void warn(Origin at, String message, String hint) {
        Position position = at.position();
        if (position != null && said.add(position)) {
            problems.warning(position, at.path(), message, hint);
        }
    }
}
