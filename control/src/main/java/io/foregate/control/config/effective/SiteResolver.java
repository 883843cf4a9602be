package io.foregate.control.config.effective;

import io.foregate.control.config.bind.Binder;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.Layers.Layer;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Site;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Traffic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes what applies to the routes of one site. */
final class SiteResolver {
    private static final TreePath POLICIES = TreePath.ROOT.key("policies");
    private static final Rules NOTHING = Binder.nothing(Rules.class);

    /** All that applies to a route, but for what it matches and who answers. */
    private record Terms(
            EffectiveRoute.Edits edits,
            EffectiveRoute.Disclosure disclosure,
            EffectiveRoute.Timeouts timeouts,
            Setting<Size> bodyLimit,
            EffectiveRoute.Https https,
            EffectiveRetry retry,
            EffectiveRoute.Besides besides) {}

    private final Resolver resolver;
    private final Sources sources;
    private final Report report;
    private final Site site;
    private final TreePath path;
    private final List<Layer> sitePolicies;
    private final Layer siteItself;
    // Up to the site, for each pool; null for no pool.
    private final Map<@Nullable Name, Layers> bases = new HashMap<>();
    // Of routes that say nothing of their own, which are most of those in large configurations.
    private final Map<List<Name>, Terms> silent = new HashMap<>();

    SiteResolver(Resolver resolver, Site site, TreePath path, Report report) {
        this.resolver = resolver;
        this.sources = report.sources();
        this.report = report;
        this.site = site;
        this.path = path;
        this.sitePolicies = used(site.use(), path);
        this.siteItself = new Layer(site.rules(), path, null);
    }

    /** The most specific first. */
    List<EffectiveRoute> routes() {
        TreePath routesPath = path.key("routes");
        List<EffectiveRoute> routes = new ArrayList<>();
        site.routes().forEach((pattern, alternatives) -> {
            TreePath at = sources.entry(routesPath, pattern);
            for (int i = 0; i < alternatives.size(); i++) {
                add(routes, pattern, alternatives.get(i), at.index(i));
            }
        });
        if (site.routes().isEmpty() && !sources.has(routesPath)) {
            everything(routes);
        }
        routes.sort(EffectiveRoute.MOST_SPECIFIC_FIRST);
        return List.copyOf(routes);
    }

    /** A site without routes answers everything itself, if it says how. */
    private void everything(List<EffectiveRoute> routes) {
        Setting<Action> action = action(null, path, List.of(siteItself), sitePolicies);
        if (action != null) {
            Site.Conditions always = new Site.Conditions(List.of(), Map.of(), Map.of(), Map.of(), List.of());
            EffectiveRoute.Match match = new EffectiveRoute.Match(
                    new PathPattern(PathPattern.Kind.PREFIX, ""), always, Layers.origin(sources, path));
            routes.add(route(match, action, List.of()));
        } else if (!report.isBroken(path)) {
            report.errorAtKey(path, "answers nothing", "add routes:, or redirect: or respond: for all requests");
        }
    }

    private void add(List<EffectiveRoute> routes, PathPattern pattern, Site.Route route, TreePath at) {
        List<Layer> policies = used(route.use(), at);
        boolean says = route.rules() != NOTHING && !route.rules().equals(NOTHING);
        List<Layer> itself = says ? List.of(new Layer(route.rules(), at, null)) : List.of();
        Origin here = Layers.origin(sources, at);
        Setting<Action> action = action(route.to(), at, itself, policies);
        if (action == null) {
            action = action(null, path, List.of(siteItself), sitePolicies);
        }
        if (action == null) {
            if (!isExcused(route, at)) {
                report.errorAtKey(at, "answers nothing", "add to:, split:, redirect: or respond:");
            }
            return;
        }
        EffectiveRoute.Match match = new EffectiveRoute.Match(pattern, route.when(), here);
        // In the short form both are the same place.
        Setting<Action> answer = action.origin().equals(here) ? new Setting<>(action.value(), here) : action;
        routes.add(route(match, answer, says || !policies.isEmpty() ? List.of(policies, itself) : List.of()));
    }

    /** Whether an answer may be missing because of another mistake, which is known already. */
    private boolean isExcused(Site.Route route, TreePath at) {
        return report.isBroken(at)
                || report.isBroken(path.key("redirect"))
                || report.isBroken(path.key("respond"))
                || report.isBroken(path.key("split"))
                || report.isBroken(path.key("use"))
                || usesBroken(site.use())
                || usesBroken(route.use());
    }

    private boolean usesBroken(List<Name> policies) {
        return policies.stream().anyMatch(name -> report.isBroken(POLICIES.key(name.text())));
    }

    /** @param own the steps below the site's */
    private EffectiveRoute route(EffectiveRoute.Match match, Setting<Action> action, List<List<Layer>> own) {
        List<Name> pools = action.value().pools();
        Terms terms = own.isEmpty() ? silent.computeIfAbsent(pools, asked -> terms(asked, own)) : terms(pools, own);
        return new EffectiveRoute(
                match,
                action,
                terms.edits,
                terms.disclosure,
                terms.timeouts,
                terms.bodyLimit,
                terms.https,
                terms.retry,
                terms.besides);
    }

    private Terms terms(List<Name> pools, List<List<Layer>> own) {
        Layers layers = layers(pools.isEmpty() ? null : pools.getFirst(), own);
        Map<Name, EffectiveRoute.Exchange> perPool = new LinkedHashMap<>();
        if (pools.size() > 1) {
            for (Name pool : pools) {
                Layers its = layers(pool, own);
                perPool.put(pool, new EffectiveRoute.Exchange(timeouts(its), EffectiveRetry.of(its)));
            }
        }
        return new Terms(
                new EffectiveRoute.Edits(
                        layers.headers("request-headers", Rules::requestHeaders),
                        layers.headers("response-headers", Rules::responseHeaders),
                        layers.find("strip-prefix", Rules::stripPrefix),
                        layers.find("rewrite", Rules::rewrite)),
                new EffectiveRoute.Disclosure(
                        layers.get("forwarded", Rules::forwarded),
                        layers.get("via", Rules::via),
                        layers.get("server-header", Rules::serverHeader)),
                timeouts(layers),
                layers.get("limits.body", rules -> rules.limits().body()),
                new EffectiveRoute.Https(
                        layers.get("https-redirect", Rules::httpsRedirect), layers.get("hsts", Rules::hsts)),
                EffectiveRetry.of(layers),
                new EffectiveRoute.Besides(
                        layers.find("mirror", rules -> rules.traffic().mirror()),
                        layers.find("fault", rules -> rules.traffic().fault()),
                        Collections.unmodifiableMap(perPool)));
    }

    private Layers layers(@Nullable Name pool, List<List<Layer>> own) {
        Layers base = bases.get(pool);
        if (base == null) {
            List<List<Layer>> steps = resolver.general(pool);
            steps.add(sitePolicies);
            steps.add(List.of(siteItself));
            base = new Layers(steps, report);
            bases.put(pool, base);
        }
        return base.and(own);
    }

    private static EffectiveRoute.Timeouts timeouts(Layers layers) {
        return new EffectiveRoute.Timeouts(
                layers.get("timeouts.connect", rules -> rules.timeouts().connect()),
                layers.get("timeouts.first-byte", rules -> rules.timeouts().firstByte()),
                layers.get("timeouts.idle", rules -> rules.timeouts().idle()),
                layers.get("timeouts.total", rules -> rules.timeouts().total()),
                layers.get("timeouts.tunnel-idle", rules -> rules.timeouts().tunnelIdle()));
    }

    /** What answers, said in this place or by a policy that is used in it. Two different answers are an error. */
    private @Nullable Setting<Action> action(@Nullable Name to, TreePath at, List<Layer> itself, List<Layer> policies) {
        Setting<Action> pool =
                to == null ? null : new Setting<>(new Action.Forward(to), Layers.origin(sources, at.key("to")));
        if (pool != null && itself.isEmpty() && policies.isEmpty()) {
            return pool;
        }
        List<Setting<Action>> answers = new ArrayList<>();
        if (pool != null) {
            answers.add(pool);
        }
        collect(answers, itself);
        collect(answers, policies);
        if (answers.isEmpty()) {
            return null;
        }
        Setting<Action> first = answers.getFirst();
        for (Setting<Action> other : answers) {
            if (!other.value().equals(first.value())) {
                report.errorAtKey(
                        at,
                        "has two answers: " + first.value() + " (" + first.origin() + ") and " + other.value() + " ("
                                + other.origin() + ")",
                        "keep one of them");
                break;
            }
        }
        return first;
    }

    private void collect(List<Setting<Action>> answers, List<Layer> layers) {
        for (Layer layer : layers) {
            TreePath at = layer.path();
            Rules.Redirect redirect = layer.rules().redirect();
            Rules.Respond respond = layer.rules().respond();
            if (redirect != null && at != null) {
                answers.add(new Setting<>(new Action.Redirect(redirect), Layers.origin(sources, at.key("redirect"))));
            }
            Traffic.Split split = layer.rules().traffic().split();
            if (split != null && at != null) {
                answers.add(new Setting<>(new Action.Split(split), Layers.origin(sources, at.key("split"))));
            }
            if (respond != null && at != null) {
                answers.add(new Setting<>(new Action.Respond(respond), Layers.origin(sources, at.key("respond"))));
            }
        }
    }

    private List<Layer> used(List<Name> names, TreePath at) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Rules rules = resolver.config().policies().get(names.get(i));
            if (rules != null) {
                layers.add(new Layer(
                        rules, POLICIES.key(names.get(i).text()), at.key("use").index(i)));
            }
        }
        return List.copyOf(layers);
    }
}
