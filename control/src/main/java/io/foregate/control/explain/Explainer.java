package io.foregate.control.explain;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.codec.RequestText;
import io.foregate.proxy.route.Route;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.route.RouteTrace;
import io.foregate.proxy.route.SplitKey;
import io.foregate.proxy.upstream.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers questions about one compiled configuration. Stateless but for it. */
public final class Explainer {
    private static final byte[] SOME_ID = Octets.ascii("00000000000000000000000000000000");

    private final EffectiveConfig config;
    private final Built built;

    public Explainer(EffectiveConfig config, Built built) {
        this.config = config;
        this.built = built;
    }

    /** Throws IllegalArgumentException when the client's address is none. */
    public Answer explain(Question question) {
        ClientAddress client = question.client();
        if (client == null) {
            throw new IllegalArgumentException("'" + question.from() + "' is not an IP address");
        }
        PlannedListener listener = listener(question.port(), question.secure());
        RequestHead head = new RequestHead();
        Failure.Kind refused =
                RequestText.read(question.bytes(), listener.settings().http().limits(), head);
        if (refused != null) {
            return new Answer.Refused(
                    refused.status(),
                    refused.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        }
        head.secure(listener.listener().tls());
        RouteTrace trace = listener.plan().routes().explain(head, client);
        EffectiveSite site = trace.site() == null ? null : site(trace.site());
        Route route = trace.route();
        String name = listener.listener().name().text();
        if (route == null || site == null) {
            return new Answer.Nowhere(name, trace, site);
        }
        EffectiveRoute source = Objects.requireNonNull(built.sources().get(route));
        Answer.Outcome outcome = outcome(route, head, client);
        EffectivePool pool =
                outcome instanceof Answer.Forwarded forwarded ? config.pools().get(forwarded.pool()) : null;
        return new Answer.Routed(name, trace, site, source, pool, outcome);
    }

    // The listener on the port asked for, else the first one that speaks what the URL says, else the first one.
    private PlannedListener listener(@Nullable Integer port, @Nullable Boolean secure) {
        for (PlannedListener listener : built.listeners()) {
            ListenAddress other = listener.listener().fallback();
            if (port != null
                    && (listener.listener().address().value().port() == port
                            || other != null && other.port() == port)) {
                return listener;
            }
        }
        for (PlannedListener listener : built.listeners()) {
            if (secure != null && listener.listener().tls() == secure) {
                return listener;
            }
        }
        return built.listeners().getFirst();
    }

    private @Nullable EffectiveSite site(String pattern) {
        for (EffectiveSite site : config.sites()) {
            if (site.host().toString().equals(pattern)) {
                return site;
            }
        }
        return null;
    }

    private Answer.Outcome outcome(Route route, RequestHead head, ClientAddress client) {
        ExplainedExchange context = new ExplainedExchange(head, client.text(), SOME_ID);
        Map<String, String> before = fields(head.headers());
        for (int i = 0; i < route.filterCount(); i++) {
            if (route.filter(i).onRequest(head, context) instanceof Verdict.Respond answer) {
                return answered(answer);
            }
        }
        return switch (route.action()) {
            case RouteAction.Proxy proxy -> forwarded(proxy.pool(), route, context, client, before);
            case RouteAction.Split split -> {
                // Without a key any would do; the first is shown for all.
                boolean turns =
                        split.key() instanceof SplitKey.Each && split.override().of(head, client) < 0;
                RouteAction.Target target = turns ? split.targets().getFirst() : split.choose(context, client, 0);
                yield forwarded(target.pool(), route, context, client, before);
            }
            case RouteAction.Redirect redirect -> {
                byte[] location = redirect.location().toBytes(context);
                yield new Answer.Answered(redirect.status(), Octets.string(location, 0, location.length));
            }
            case RouteAction.Respond(Verdict.Respond answer) -> answered(answer);
        };
    }

    private Answer.Forwarded forwarded(
            Pool asked, Route route, ExplainedExchange context, ClientAddress client, Map<String, String> before) {
        RequestHead head = context.request();
        RouteAction.Target other = route.detour(asked, context, client);
        Name name = new Name(other == null ? asked.name() : other.pool().name());
        HostHeader host =
                Objects.requireNonNull(config.pools().get(name)).host().value();
        return new Answer.Forwarded(
                name,
                other == null ? null : new Name(asked.name()),
                head.methodString() + " " + head.targetString(),
                switch (host.kind()) {
                    case PASS -> head.authorityString();
                    case UPSTREAM -> null;
                    case FIXED -> host.name();
                },
                changes(before, fields(head.headers())));
    }

    private static Answer.Answered answered(Verdict.Respond answer) {
        String location = null;
        for (Verdict.Field field : answer.headers()) {
            if (field.name().equals(HeaderName.LOCATION)) {
                location = Octets.string(field.value(), 0, field.value().length);
            }
        }
        return new Answer.Answered(answer.status(), location);
    }

    private static Map<String, String> fields(Headers headers) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            fields.merge(headers.nameString(i), headers.valueString(i), (a, b) -> a + ", " + b);
        }
        return fields;
    }

    private static List<Answer.Change> changes(Map<String, String> before, Map<String, String> after) {
        List<Answer.Change> changes = new ArrayList<>();
        before.forEach((name, value) -> {
            String now = after.get(name);
            if (!value.equals(now)) {
                changes.add(new Answer.Change(name, value, now));
            }
        });
        after.forEach((name, value) -> {
            if (!before.containsKey(name)) {
                changes.add(new Answer.Change(name, null, value));
            }
        });
        return changes;
    }
}
