package io.foregate.control.plan;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.control.build.Conditions;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.explain.ExplainedExchange;
import io.foregate.control.sample.SampledRequest;
import io.foregate.proxy.filters.HttpsRedirectFilter;
import io.foregate.proxy.filters.PathRewriteFilter;
import io.foregate.proxy.filters.RedirectFilter;
import io.foregate.proxy.filters.RespondFilter;
import io.foregate.proxy.route.Condition;
import io.foregate.proxy.route.Detour;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.route.RouteTrace;
import io.foregate.proxy.route.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One of the two configurations that are compared, compiled: its tables, as requests meet them. One thread. */
final class Side {
    private static final byte[] SOME_ID = Octets.ascii("00000000000000000000000000000000");

    /**
     * A route that may take a request.
     *
     * @param route null when none does, and the answer is 404
     * @param fate what follows
     * @param doubts of which it isn't known whether the request met them; if it met all, this is its route
     */
    record Option(@Nullable Route route, Fate fate, List<Condition> doubts) {}

    private final Map<String, RouteTable> tables = new HashMap<>();
    private final Map<Route, EffectiveRoute> sources;
    /** The sites of which a route has conditions. */
    private final Set<String> conditional = new HashSet<>();

    private final Map<Route, List<Condition>> conditions = new IdentityHashMap<>();
    private final Map<Route, Outcome> outcomes = new IdentityHashMap<>();

    Side(Built built) {
        this.sources = built.sources();
        sources.forEach((route, source) -> {
            if (source.match().when().count() > 0) {
                conditional.add(route.site());
            }
        });
        for (PlannedListener listener : built.listeners()) {
            tables.put(listener.listener().name().text(), listener.plan().routes());
        }
    }

    /** What may become of a request, the first one whose doubts are none being certain, so it is the last. */
    List<Option> options(SampledRequest request) {
        String listener = request.kept().origin().listener();
        RouteTable table = tables.get(listener);
        if (table == null) {
            Outcome gone = new Outcome("no listener " + listener, Map.of());
            return List.of(nowhere(gone));
        }
        VirtualHost host = table.host(request.head());
        if (host == null || !conditional.contains(host.pattern())) {
            return List.of(certain(host, request));
        }
        RouteTrace trace = table.explain(request.head(), request.client());
        List<Option> options = new ArrayList<>();
        for (RouteTrace.Step step : trace.steps()) {
            if (step.outcome() != RouteTrace.Outcome.PATH_DIFFERS) {
                List<Condition> doubts = doubts(step.route(), request);
                if (doubts != null) {
                    options.add(new Option(step.route(), fate(step.route(), request), doubts));
                    if (doubts.isEmpty()) {
                        return options;
                    }
                }
            }
        }
        options.add(nowhere(Outcome.NO_ROUTE));
        return options;
    }

    // Where nothing is asked beyond host and path, there is nothing to explain.
    private Option certain(@Nullable VirtualHost host, SampledRequest request) {
        Route route = host == null ? null : host.match(request.head(), request.client());
        if (route == null) {
            return nowhere(host == null ? Outcome.NO_SITE : Outcome.NO_ROUTE);
        }
        return new Option(route, fate(route, request), List.of());
    }

    private static Option nowhere(Outcome why) {
        return new Option(null, Fate.answered(why, null), List.of());
    }

    // Null when the request certainly didn't meet a condition.
    private @Nullable List<Condition> doubts(Route route, SampledRequest request) {
        List<Condition> asked = conditions.computeIfAbsent(route, this::conditions);
        List<Condition> doubts = new ArrayList<>();
        for (Condition condition : asked) {
            switch (request.test(condition)) {
                case YES -> {}
                case NO -> {
                    return null;
                }
                case UNKNOWN -> doubts.add(condition);
            }
        }
        return doubts;
    }

    private List<Condition> conditions(Route route) {
        EffectiveRoute source = sources.get(route);
        return source == null ? List.of() : Conditions.of(source.match().when());
    }

    // ---- what follows ----

    private Fate fate(Route route, SampledRequest request) {
        EffectiveRoute source = sources.get(route);
        Outcome outcome = outcomes.computeIfAbsent(
                route,
                // Of a site that can't be used at all.
                one -> source == null ? new Outcome("respond 503", Map.of()) : Outcome.of(source));
        long body = request.kept().end().bodyBytes();
        if (body > route.settings().maxBodyBytes()) {
            String limit = source == null ? "" : " of " + source.bodyLimit().value();
            return Fate.answered(outcome.as("413, its body is beyond the limit" + limit), source);
        }
        String answer = filtered(route, request);
        if (answer != null) {
            return Fate.answered(outcome.as(answer), source);
        }
        return switch (route.action()) {
            case RouteAction.Proxy proxy ->
                new Fate(outcome, diverted(route, Map.of(proxy.pool().name(), Fate.WHOLE)), source);
            case RouteAction.Split split -> new Fate(outcome, diverted(route, shares(split, request)), source);
            case RouteAction.Redirect _, RouteAction.Respond _ -> Fate.answered(outcome, source);
        };
    }

    /** The same with what rollouts lead elsewhere at present. */
    private static Map<String, Integer> diverted(Route route, Map<String, Integer> shares) {
        List<Detour> detours = route.detours();
        if (detours.isEmpty()) {
            return shares;
        }
        Map<String, Integer> pools = new HashMap<>(shares);
        for (Detour detour : detours) {
            String from = detour.from().name();
            // None begins where another one ends.
            int led = (int)
                    ((long) shares.getOrDefault(from, 0) * detour.diversion().share() / Fate.WHOLE);
            pools.merge(from, -led, Integer::sum);
            pools.merge(detour.to().pool().name(), led, Integer::sum);
        }
        return pools;
    }

    private static Map<String, Integer> shares(RouteAction.Split split, SampledRequest request) {
        int named = split.override().of(request.head(), request.client());
        if (named >= 0) {
            return Map.of(split.targets().get(named).pool().name(), Fate.WHOLE);
        }
        int[] shares = split.shares().shares();
        Map<String, Integer> pools = new HashMap<>();
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                pools.merge(split.targets().get(i).pool().name(), shares[i], Integer::sum);
            }
        }
        return pools;
    }

    /** How a filter answers in the route's stead; null when it is let through. */
    private static @Nullable String filtered(Route route, SampledRequest request) {
        RequestHead head = null;
        ExplainedExchange context = null;
        for (int i = 0; i < route.filterCount(); i++) {
            Filter filter = route.filter(i);
            if (!looksAtTheHeadAlone(filter)) {
                continue;
            }
            if (head == null || context == null) {
                head = new RequestHead();
                head.copyFrom(request.head());
                context = new ExplainedExchange(head, request.client().text(), SOME_ID);
            }
            if (filter.onRequest(head, context) instanceof Verdict.Respond answer) {
                return filter instanceof HttpsRedirectFilter && answer.status() == 308
                        ? "redirect 308 to https"
                        : "refused with " + answer.status();
            }
        }
        return null;
    }

    // Others might count what they see, or ask somebody.
    private static boolean looksAtTheHeadAlone(Filter filter) {
        return filter instanceof HttpsRedirectFilter
                || filter instanceof PathRewriteFilter
                || filter instanceof RedirectFilter
                || filter instanceof RespondFilter;
    }
}
