package io.foregate.control.build;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.LiteralPath;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Template;
import io.foregate.control.config.model.Traffic;
import io.foregate.proxy.filters.HeaderEdit;
import io.foregate.proxy.filters.HeaderFilter;
import io.foregate.proxy.filters.PathRewriteFilter;
import io.foregate.proxy.filters.SplitCookieFilter;
import io.foregate.proxy.route.Regex;
import io.foregate.proxy.route.RetryPolicy;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteSettings;
import io.foregate.proxy.route.RouteTraffic;
import io.foregate.proxy.route.SplitKey;
import io.foregate.proxy.route.ValueTemplate;
import io.foregate.proxy.upstream.Timeouts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one route after another. Filters stand in this order: https redirect, strip-prefix, rewrite, header edits; so what headers say of
 * the path is what the origin gets. One build, one thread.
 */
final class RouteBuilder {
    private static final HeaderName X_POWERED_BY = HeaderName.of("x-powered-by");
    private static final byte[] PLAIN_TEXT = Octets.ascii("text/plain; charset=utf-8");

    /** All that filters are made of; they keep nothing, so that routes may share them. */
    private record Shaping(
            EffectiveSite site,
            Action action,
            EffectiveRoute.Edits edits,
            EffectiveRoute.Disclosure disclosure,
            EffectiveRoute.Https https) {
        // Of one build, in which a site is one object; it may have ten thousand routes.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Shaping that
                    && site == that.site
                    && action.equals(that.action)
                    && edits.equals(that.edits)
                    && disclosure.equals(that.disclosure)
                    && https.equals(that.https);
        }

        @Override
        public int hashCode() {
            return action.hashCode();
        }
    }

    /** All that settings are made of. */
    private record Bounds(
            EffectiveRoute.Exchange exchange, Setting<Size> bodyLimit, EffectiveRoute.Disclosure disclosure) {}

    private final PoolBuilder pools;
    private final TlsBuilder tls;
    private final TrafficBuilder traffic;
    // Routes that stand side by side mostly have the same.
    private @Nullable Shaping lastShaping;
    private List<Filter> lastFilters = List.of();
    private @Nullable Bounds lastBounds;
    private @Nullable RouteSettings lastSettings;

    RouteBuilder(PoolBuilder pools, TlsBuilder tls, TrafficBuilder traffic) {
        this.pools = pools;
        this.tls = tls;
        this.traffic = traffic;
    }

    Route build(EffectiveSite site, EffectiveRoute route) throws UnbuildableException {
        List<Name> asked = route.action().value().pools();
        Route built = new Route(
                site.host().toString(),
                route.match().path().toString(),
                sharedFilters(site, route),
                sharedSettings(route, asked.isEmpty() ? null : asked.getFirst()),
                action(site, route));
        RouteTraffic besides = traffic.besides(site, route, pools::pool, this::fixedHost);
        return besides == RouteTraffic.NONE ? built : built.with(besides);
    }

    private List<Filter> sharedFilters(EffectiveSite site, EffectiveRoute route) throws UnbuildableException {
        Shaping shaping = new Shaping(site, route.action().value(), route.edits(), route.disclosure(), route.https());
        if (!shaping.equals(lastShaping)) {
            lastFilters = filters(site, route);
            lastShaping = shaping;
        }
        return lastFilters;
    }

    private RouteSettings sharedSettings(EffectiveRoute route, @Nullable Name pool) {
        Bounds bounds = new Bounds(route.with(pool), route.bodyLimit(), route.disclosure());
        if (lastSettings == null || !bounds.equals(lastBounds)) {
            lastSettings = settings(route, pool);
            lastBounds = bounds;
        }
        return lastSettings;
    }

    private List<Filter> filters(EffectiveSite site, EffectiveRoute route) throws UnbuildableException {
        List<Filter> filters = new ArrayList<>();
        tls.filters(site, route, filters);
        Setting<LiteralPath> strip = route.edits().stripPrefix();
        if (strip != null) {
            filters.add(at(
                    strip.origin(),
                    () -> PathRewriteFilter.stripPrefix(strip.value().text())));
        }
        Setting<Rules.Rewrite> rewrite = route.edits().rewrite();
        if (rewrite != null) {
            filters.add(at(rewrite.origin(), () -> rewrite(rewrite.value())));
        }
        List<HeaderEdit> request = requestEdits(route);
        List<HeaderEdit> response = responseEdits(route);
        if (!request.isEmpty() || !response.isEmpty()) {
            filters.add(at(route.match().origin(), () -> new HeaderFilter(request, response)));
        }
        if (route.action().value() instanceof Action.Split(Traffic.Split split)) {
            SplitKey.OwnCookie cookie = TrafficBuilder.cookie(split);
            if (cookie != null) {
                filters.add(new SplitCookieFilter(cookie));
            }
        }
        return filters;
    }

    private static PathRewriteFilter rewrite(Rules.Rewrite rewrite) {
        if (rewrite.path() != null) {
            return PathRewriteFilter.replace(rewrite.path().text());
        }
        // The configuration's "to" is the whole new path, the filter's only what stands for the match: so the
        // expression
        // is made to match the path from end to end, which shifts the numbers of the groups by one.
        Regex whole = Regex.of("^.*?(" + Objects.requireNonNull(rewrite.regex()).source() + ").*$");
        return PathRewriteFilter.regex(whole, shiftGroups(Objects.requireNonNull(rewrite.to())));
    }

    private static String shiftGroups(String to) {
        StringBuilder shifted = new StringBuilder();
        for (int i = 0; i < to.length(); i++) {
            char c = to.charAt(i);
            if (c == '$' && i + 1 < to.length()) {
                int group = Character.digit(to.charAt(++i), 10);
                shifted.append("${").append(group + 1).append('}');
            } else {
                shifted.append(c);
            }
        }
        return shifted.toString();
    }

    // ---- header edits ----

    private List<HeaderEdit> requestEdits(EffectiveRoute route) throws UnbuildableException {
        List<HeaderEdit> edits = new ArrayList<>();
        for (Setting<io.foregate.control.config.effective.HeaderEdit> edit :
                route.edits().request()) {
            edits.add(compile(edit));
        }
        return edits;
    }

    private List<HeaderEdit> responseEdits(EffectiveRoute route) throws UnbuildableException {
        List<HeaderEdit> edits = new ArrayList<>();
        // First, so that a Server field that the user sets stays.
        if (route.disclosure().serverHeader().value() == Rules.ServerHeader.REMOVE) {
            edits.add(new HeaderEdit.Remove(HeaderName.SERVER));
            edits.add(new HeaderEdit.Remove(X_POWERED_BY));
        }
        if (route.action().value() instanceof Action.Respond(Rules.Respond respond)) {
            for (var field : respond.headers().entrySet()) {
                if (!field.getValue().isLiteral()) {
                    HeaderName name = HeaderName.of(field.getKey().text());
                    edits.add(at(route.action().origin(), () -> new HeaderEdit.Set(name, template(field.getValue()))));
                }
            }
        }
        for (Setting<io.foregate.control.config.effective.HeaderEdit> edit :
                route.edits().response()) {
            edits.add(compile(edit));
        }
        return edits;
    }

    private static HeaderEdit compile(Setting<io.foregate.control.config.effective.HeaderEdit> setting)
            throws UnbuildableException {
        return at(setting.origin(), () -> {
            HeaderName name = HeaderName.of(setting.value().name().text());
            return switch (setting.value()) {
                case io.foregate.control.config.effective.HeaderEdit.Remove _ -> new HeaderEdit.Remove(name);
                case io.foregate.control.config.effective.HeaderEdit.Set set ->
                    new HeaderEdit.Set(name, template(set.value()));
                case io.foregate.control.config.effective.HeaderEdit.Add add ->
                    new HeaderEdit.Add(name, template(add.value()));
            };
        });
    }

    private static ValueTemplate template(Template template) {
        return ValueTemplate.parse(template.toString());
    }

    // ---- action and settings ----

    private RouteAction action(EffectiveSite site, EffectiveRoute route) throws UnbuildableException {
        return switch (route.action().value()) {
            case Action.Forward(Name pool) -> new RouteAction.Proxy(pools.pool(pool), fixedHost(pool));
            case Action.Split(Traffic.Split split) ->
                traffic.split(
                        site,
                        route,
                        split,
                        pool -> new RouteAction.Target(pools.pool(pool), settings(route, pool), fixedHost(pool)));
            case Action.Redirect(Rules.Redirect redirect) ->
                at(
                        route.action().origin(),
                        () -> new RouteAction.Redirect(
                                redirect.status(),
                                ValueTemplate.parseLocation(redirect.to().toString())));
            case Action.Respond(Rules.Respond respond) ->
                at(route.action().origin(), () -> new RouteAction.Respond(answer(respond)));
        };
    }

    private static Verdict.Respond answer(Rules.Respond respond) {
        List<Verdict.Field> fields = new ArrayList<>();
        boolean typed = false;
        for (var field : respond.headers().entrySet()) {
            HeaderName name = HeaderName.of(field.getKey().text());
            typed |= name.equals(HeaderName.CONTENT_TYPE);
            if (field.getValue().isLiteral()) {
                fields.add(new Verdict.Field(name, literal(field.getValue())));
            }
        }
        if (respond.body() != null && !typed) {
            fields.add(new Verdict.Field(HeaderName.CONTENT_TYPE, PLAIN_TEXT));
        }
        byte[] body = respond.body() == null ? null : respond.body().getBytes(StandardCharsets.UTF_8);
        return new Verdict.Respond(respond.status(), List.copyOf(fields), body);
    }

    private static byte[] literal(Template template) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Literal(String piece) -> text.append(piece);
                case Template.Slot slot -> throw new IllegalStateException(slot + " in a literal");
            }
        }
        return Octets.ascii(text.toString());
    }

    private byte @Nullable [] fixedHost(Name pool) {
        return fixedHost(pools.effective(pool));
    }

    /** The Host that a pool's servers get, or null where that isn't the same for all requests. */
    static byte @Nullable [] fixedHost(EffectivePool pool) {
        HostHeader host = pool.host().value();
        return host.kind() == HostHeader.Kind.FIXED ? Octets.ascii(host.name()) : null;
    }

    /** Answers every request for a site of which nothing can be used. */
    static Route unusable(HostPattern host) {
        long none = Long.MAX_VALUE;
        RouteSettings settings = new RouteSettings(
                none,
                new Timeouts(none, none, none, none, none),
                RetryPolicy.of(1),
                RouteSettings.ForwardedMode.OFF,
                false);
        Verdict.Respond answer = new Verdict.Respond(503, List.of(), null);
        return new Route(host.toString(), "/*", List.of(), settings, new RouteAction.Respond(answer));
    }

    /** What holds for a route's exchanges with a pool. */
    static RouteSettings settings(EffectiveRoute route, @Nullable Name pool) {
        EffectiveRoute.Exchange with = route.with(pool);
        EffectiveRoute.Timeouts timeouts = with.timeouts();
        RouteSettings.ForwardedMode forwarded =
                switch (route.disclosure().forwarded().value()) {
                    case OFF -> RouteSettings.ForwardedMode.OFF;
                    case X -> RouteSettings.ForwardedMode.X;
                    case RFC7239 -> RouteSettings.ForwardedMode.RFC7239;
                    case BOTH -> RouteSettings.ForwardedMode.BOTH;
                };
        return new RouteSettings(
                route.bodyLimit().value().bytes(),
                new Timeouts(
                        Units.nanos(timeouts.connect().value()),
                        Units.nanos(timeouts.firstByte().value()),
                        Units.nanos(timeouts.idle().value()),
                        Units.nanos(timeouts.tunnelIdle().value()),
                        Units.nanos(timeouts.total().value())),
                Retries.policy(with.retry()),
                forwarded,
                route.disclosure().via().value() == Rules.Via.ON);
    }

    private static <T> T at(Origin origin, Supplier<T> make) throws UnbuildableException {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw new UnbuildableException(origin, e);
        }
    }
}
