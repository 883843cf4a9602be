package io.foregate.control.config;

import com.google.re2j.Pattern;
import io.foregate.control.config.bind.Binder;
import io.foregate.control.config.bind.Bound;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.Suggestion;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Cidr;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.FieldName;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.LiteralPath;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Rules;
import io.foregate.control.config.model.Template;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is wrong beyond the shape of single values: names of things that aren't there, contradictions, values that
 * need each other. The configuration may have holes where the binder found mistakes.
 */
final class Checks {
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
    private static final Map<String, String> KINDS =
            Map.of("pools", "pool", "policies", "policy", "listeners", "listener");

    /** Fields that say how a message is framed or that concern one connection; they are this proxy's own business. */
    private static final Set<String> OWN_FIELDS = Set.of(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Rules NOTHING = Binder.nothing(Rules.class);

    private final Bound<Config> bound;
    private final Config config;
    private final Sources sources;
    private final Report report;

    Checks(Bound<Config> bound, Config config) {
        this.bound = bound;
        this.config = config;
        this.sources = bound.sources();
        this.report = new Report(bound.sources(), bound.problems());
    }

    void run() {
        if (config.sites().isEmpty() && !report.isBroken(TreePath.ROOT)) {
            report.errorAtKey(TreePath.ROOT, "serves nothing", "add sites:, such as sites: {\"*\": web}");
        }
        names();
        listeners();
        pools();
        new TlsChecks(config, report).run();
        new AdminChecks(report).run(config.admin());
        TreePath policies = TreePath.ROOT.key("policies");
        config.policies().forEach((name, rules) -> rules(rules, policies.key(name.text())));
        TreePath defaults = TreePath.ROOT.key("defaults");
        new BalanceChecks(report).balance(config.defaults().balance(), defaults.key("balance"));
        headers(config.defaults().requestHeaders(), defaults.key("request-headers"), true);
        headers(config.defaults().responseHeaders(), defaults.key("response-headers"), false);
        new RetryChecks(report).run(config.defaults().retry(), defaults.key("retry"));
        LimitChecks limits = new LimitChecks(report);
        limits.heads(config.defaults().limits().head(), defaults.key("limits"));
        limits.connections(config.defaults().connections(), defaults.key("connections"));
        TreePath sites = TreePath.ROOT.key("sites");
        config.sites().forEach((host, site) -> {
            TreePath path = sources.entry(sites, host);
            rules(site.rules(), path);
            new RouteChecks(site, path, report).run(this::rules);
        });
    }

    private void names() {
        for (Bound.Use use : bound.astray()) {
            Set<String> known = sources.names(use.of());
            String kind = KINDS.getOrDefault(use.of(), use.of());
            String hint = known.isEmpty()
                    ? "there are no " + use.of() + " in this file"
                    : Suggestion.among(use.name(), known, use.of() + " are");
            bound.problems()
                    .error(
                            use.position(),
                            sources.asWritten(use.path()),
                            "there is no " + kind + " " + Nodes.quote(use.name()),
                            hint);
        }
    }

    private void listeners() {
        Map<ListenAddress, Name> addresses = new HashMap<>();
        TreePath listeners = TreePath.ROOT.key("listeners");
        config.listeners().forEach((name, listener) -> {
            new Http2Checks(report).run(listener, listeners.key(name.text()));
            new LimitChecks(report)
                    .heads(listener.limits(), listeners.key(name.text()).key("limits"));
            announcers(listener, listeners.key(name.text()));
            TreePath path = listeners.key(name.text()).key("address");
            ListenAddress address = listener.address();
            if (address == null || address.port() == 0) {
                return;
            }
            Name other = addresses.putIfAbsent(address, name);
            if (other != null) {
                report.errorAtValue(
                        path,
                        address + " is taken by listener " + other + " at "
                                + sources.valueOf(listeners.key(other.text()).key("address")),
                        "give one of them another port");
            }
        });
    }

    // Without anybody to trust, nobody could connect, or nobody be believed.
    private void announcers(Listener listener, TreePath path) {
        Listener.ProxyProtocol protocol = listener.proxyProtocol();
        TreePath at = path.key("proxy-protocol");
        if (protocol == null || protocol.mode() == Listener.ProxyProtocol.Mode.OFF || report.isBroken(at)) {
            return;
        }
        List<Cidr> trusted = listener.trustedProxies() != null ? listener.trustedProxies() : config.trustedProxies();
        if (protocol.from() != null ? protocol.from().isEmpty() : trusted.isEmpty()) {
            report.errorAtKey(
                    at,
                    "trusts nobody to announce clients",
                    "add from: with the addresses of the load balancers, such as {mode: required, from: [10.0.0.0/8]}");
        }
    }

    private void pools() {
        TreePath pools = TreePath.ROOT.key("pools");
        config.pools().forEach((name, pool) -> {
            TreePath path = pools.key(name.text());
            new RetryChecks(report).run(pool.retry(), path.key("retry"));
            new LimitChecks(report).run(pool, path);
            new BalanceChecks(report).pool(pool, path);
            new DiscoveryChecks(report).pool(pool, path);
            Set<Name> chain = new LinkedHashSet<>();
            Name at = name;
            boolean hasServers = false;
            boolean known = true;
            while (at != null && chain.add(at)) {
                Pool one = config.pools().get(at);
                known &= one != null && !report.isBroken(pools.key(at.text()));
                hasServers |= one != null && !one.servers().isEmpty();
                at = one == null ? null : one.like();
            }
            boolean reported = chain.stream()
                    .anyMatch(one -> report.isBroken(pools.key(one.text()).key("like")));
            if (reported) {
                return;
            }
            if (at != null && at.equals(name)) {
                StringBuilder circle = new StringBuilder();
                chain.forEach(link -> circle.append(link).append(" → "));
                report.errorAtValue(path.key("like"), "the pool is like itself: " + circle + name, "break the circle");
            } else if (at == null && !hasServers && known) {
                report.errorAtKey(path, "has no servers", "add servers: [\"host:port\"]");
            }
        });
    }

    private void strip(@Nullable LiteralPath prefix, TreePath path) {
        if (prefix == null || report.isBroken(path)) {
            return;
        }
        if (prefix.text().matches("/+")) {
            report.errorAtValue(
                    path, prefix + " is at the front of every path: nothing would be stripped", "remove it");
        } else if (prefix.text().indexOf('*') >= 0) {
            report.errorAtValue(
                    path,
                    Nodes.quote(prefix.text()) + " has a *",
                    "write " + prefix.text().replaceFirst("/?\\*.*", ""));
        }
    }

    private void rules(Rules rules, TreePath path) {
        if (rules == NOTHING) {
            return;
        }
        strip(rules.stripPrefix(), path.key("strip-prefix"));
        new RetryChecks(report).run(rules.retry(), path.key("retry"));
        headers(rules.requestHeaders(), path.key("request-headers"), true);
        headers(rules.responseHeaders(), path.key("response-headers"), false);
        if (rules.rewrite() != null) {
            rewrite(rules.rewrite(), path.key("rewrite"));
        }
        if (rules.redirect() != null) {
            redirect(rules.redirect(), path.key("redirect"));
        }
        new TrafficChecks(report).run(rules.traffic(), path);
        if (rules.respond() != null) {
            Rules.Respond respond = rules.respond();
            TreePath at = path.key("respond");
            boolean bodiless = respond.status() == 204 || respond.status() == 205 || respond.status() == 304;
            if (bodiless && respond.body() != null) {
                report.errorAtValue(
                        at.key("body"),
                        "a " + respond.status() + " response has no body",
                        "remove it or use status 200");
            }
            respond.headers()
                    .keySet()
                    .forEach(name -> own(name, at.key("headers").key(name.text())));
        }
    }

    private void headers(Rules.HeaderEdits edits, TreePath path, boolean request) {
        edits.set().keySet().forEach(name -> editable(name, path.key("set").key(name.text()), request));
        edits.add().keySet().forEach(name -> editable(name, path.key("add").key(name.text()), request));
        for (int i = 0; i < edits.remove().size(); i++) {
            FieldName name = edits.remove().get(i);
            TreePath at = path.key("remove").index(i);
            editable(name, at, request);
            if (edits.set().containsKey(name)) {
                TreePath set = sources.entry(path.key("set"), name);
                report.errorAtValue(
                        at, name + " is set too, at " + sources.keyOf(set), "to replace a field, set alone is enough");
            }
        }
    }

    private void editable(FieldName name, TreePath path, boolean request) {
        own(name, path);
        if (request && name.lowerCase().equals("host")) {
            report.errorAtKey(path, "Host can't be edited", "use host: of the pool or of defaults");
        }
    }

    private void own(FieldName name, TreePath path) {
        if (OWN_FIELDS.contains(name.lowerCase())) {
            report.errorAtKey(
                    path,
                    name + " can't be edited",
                    "it belongs to the connection or the framing, which the proxy does itself");
        }
    }

    private void rewrite(Rules.Rewrite rewrite, TreePath path) {
        if (report.isBroken(path)) {
            return;
        }
        boolean pair = rewrite.regex() != null && rewrite.to() != null;
        boolean half = rewrite.regex() != null || rewrite.to() != null;
        if (rewrite.path() != null ? half : !pair) {
            report.errorAtKey(path, "needs either path, or both regex and to", "");
            return;
        }
        if (rewrite.regex() == null || rewrite.to() == null) {
            return;
        }
        String to = rewrite.to();
        int groups = Pattern.compile(rewrite.regex().source()).groupCount();
        for (int i = to.indexOf('$'); i >= 0; i = to.indexOf('$', i + 1)) {
            char digit = i + 1 < to.length() ? to.charAt(i + 1) : ' ';
            if (digit < '0' || digit > '9') {
                report.errorAtValue(
                        path.key("to"),
                        "$ stands before something else than a digit",
                        "write $1 to $9, or %24 for a dollar sign");
            } else if (digit - '0' > groups) {
                report.errorAtValue(
                        path.key("to"),
                        "$" + digit + " names no group: regex has " + groups,
                        "groups are made with ( )");
            }
        }
        boolean fromGroup = to.startsWith("$");
        if (!to.startsWith("/") && !fromGroup) {
            report.errorAtValue(path.key("to"), Nodes.quote(to) + " is not a path", "paths begin with /");
        } else if (!to.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#')) {
            report.errorAtValue(
                    path.key("to"), Nodes.quote(to) + " holds a character that a path can't", "percent-encode it");
        }
    }

    private void redirect(Rules.Redirect redirect, TreePath path) {
        if (!REDIRECTS.contains(redirect.status())) {
            report.errorAtValue(
                    path.key("status"), redirect.status() + " is not a redirect", "write 301, 302, 303, 307 or 308");
        }
        Template to = redirect.to();
        if (to == null) {
            return;
        }
        String text = to.toString();
        boolean placed = text.startsWith("/") || text.startsWith("http://") || text.startsWith("https://");
        if (!placed && !text.startsWith("{scheme}://") && !text.startsWith("{path}") && !text.startsWith("{uri}")) {
            report.errorAtValue(
                    path.key("to"),
                    Nodes.quote(text) + " is neither a URL nor a path",
                    "write for example https://" + (text.contains("://") ? "example.com" : text) + " or /elsewhere");
        } else if (text.indexOf(' ') >= 0) {
            report.errorAtValue(path.key("to"), Nodes.quote(text) + " holds a blank", "write %20");
        }
    }
}
