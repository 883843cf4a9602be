package io.foregate.control.config.effective;

import io.foregate.control.config.model.HttpsRedirect;
import io.foregate.control.config.model.LiteralPath;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Site;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.config.model.Traffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route, with everything that applies to a request that it matches. */
public record EffectiveRoute(
        Match match,
        Setting<Action> action,
        Edits edits,
        Disclosure disclosure,
        Timeouts timeouts,
        Setting<Size> bodyLimit,
        Https https,
        EffectiveRetry retry,
        Besides besides) {

    /**
     * The most specific first: exact, longest prefix, expression, every path. On one path the route with more conditions
     * comes first, and so it does among expressions, of which the longer comes first then.
     */
    static final Comparator<EffectiveRoute> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
                    (EffectiveRoute route) -> route.match.path.rank())
            .thenComparingInt(route -> route.isExpression() ? -route.match.when.count() : 0)
            .thenComparingInt(route -> -route.match.path.text().length())
            .thenComparing(route -> route.match.path.text())
            .thenComparingInt(route -> -route.match.when.count());

    private boolean isExpression() {
        return match.path.kind() == PathPattern.Kind.REGEX;
    }

    /** Which requests, and where that is written. */
    public record Match(PathPattern path, Site.Conditions when, Origin origin) {}

    /** What is changed on the way. The prefix is stripped before the path is rewritten. */
    public record Edits(
            List<Setting<HeaderEdit>> request,
            List<Setting<HeaderEdit>> response,
            @Nullable Setting<LiteralPath> stripPrefix,
            @Nullable Setting<Rules.Rewrite> rewrite) {}

    /** Who is told what about whom. */
    public record Disclosure(
            Setting<Rules.Forwarded> forwarded, Setting<Rules.Via> via, Setting<Rules.ServerHeader> serverHeader) {}

    /** How clients are brought to https; it matters for sites that have a certificate only. */
    public record Https(Setting<HttpsRedirect> redirect, Setting<Rules.Hsts> hsts) {}

    /**
     * What happens besides one pool's answer.
     *
     * @param perPool of a split what holds with each of its pools; empty otherwise
     */
    public record Besides(
            @Nullable Setting<Traffic.Mirror> mirror,
            @Nullable Setting<Traffic.Fault> fault,
            Map<Name, Exchange> perPool) {}

    /** What holds for an exchange with the servers of a pool. */
    public record Exchange(Timeouts timeouts, EffectiveRetry retry) {}

    /** What holds with a pool that this route asks; null for the first or only one. */
    public Exchange with(@Nullable Name pool) {
        Exchange own = pool == null ? null : besides.perPool.get(pool);
        return own == null ? new Exchange(timeouts, retry) : own;
    }

    /** How long an exchange with a server may take. */
    public record Timeouts(
            Setting<Timeout> connect,
            Setting<Timeout> firstByte,
            Setting<Timeout> idle,
            Setting<Timeout> total,
            Setting<Timeout> tunnelIdle) {
        private void explain(List<Explained> lines) {
            lines.add(Explained.of("timeouts.connect", connect));
            lines.add(Explained.of("timeouts.first-byte", firstByte));
            lines.add(Explained.of("timeouts.idle", idle));
            lines.add(Explained.of("timeouts.total", total));
            lines.add(Explained.of("timeouts.tunnel-idle", tunnelIdle));
        }
    }

    /** Every setting, for people: with its first or only pool, and what is otherwise with the others of a split. */
    public List<Explained> explain() {
        List<Explained> lines = explain(null);
        besides.perPool.forEach((pool, with) -> {
            List<Explained> its = new ArrayList<>();
            with.timeouts.explain(its);
            its.addAll(with.retry.explain());
            its.removeAll(lines);
            its.forEach(line -> lines.add(new Explained(line.key() + " of " + pool, line.value(), line.origin())));
        });
        return lines;
    }

    /** Every setting, for people, where requests go to {@code pool}; null where they go to none. */
    public List<Explained> explain(@Nullable Name pool) {
        List<Explained> lines = new ArrayList<>();
        lines.add(Explained.of("action", action));
        edits.request.forEach(edit -> lines.add(Explained.of("request-headers", edit)));
        edits.response.forEach(edit -> lines.add(Explained.of("response-headers", edit)));
        if (edits.stripPrefix != null) {
            lines.add(Explained.of("strip-prefix", edits.stripPrefix));
        }
        if (edits.rewrite != null) {
            lines.add(Explained.of("rewrite", edits.rewrite));
        }
        if (besides.mirror != null) {
            lines.add(Explained.of("mirror", besides.mirror));
        }
        if (besides.fault != null) {
            lines.add(Explained.of("fault", besides.fault));
        }
        lines.add(Explained.of("limits.body", bodyLimit));
        with(pool).timeouts.explain(lines);
        lines.add(Explained.of("forwarded", disclosure.forwarded));
        lines.add(Explained.of("via", disclosure.via));
        lines.add(Explained.of("server-header", disclosure.serverHeader));
        lines.add(Explained.of("https-redirect", https.redirect));
        lines.add(Explained.of("hsts", https.hsts));
        lines.addAll(with(pool).retry.explain());
        return lines;
    }
}
