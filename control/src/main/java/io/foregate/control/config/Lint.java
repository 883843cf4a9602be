package io.foregate.control.config;

import io.foregate.control.config.bind.Bound;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.LiteralPath;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Pool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds what works but is hardly meant. Runs on configurations without mistakes only. */
final class Lint {
    private final Bound<Config> bound;
    private final Config config;
    private final EffectiveConfig effective;
    private final Sources sources;
    private final Problems problems;
    private final Report report;

    Lint(Bound<Config> bound, Config config, EffectiveConfig effective) {
        this.bound = bound;
        this.config = config;
        this.effective = effective;
        this.sources = bound.sources();
        this.problems = bound.problems();
        this.report = new Report(sources, problems);
    }

    void run() {
        unused("pools", "pool");
        unused("policies", "policy");
        idleListeners();
        config.pools().forEach(this::repeatedServers);
        effective.pools().values().forEach(this::unverified);
        new BalanceLint(effective, problems).run();
        unservedCertificates();
        new TrustLint(effective, problems).run();
        config.sites().forEach(new ReachLint(report)::run);
        new AdminChecks(report).lint(config.admin());
        RetryLint retries = new RetryLint(problems);
        TrafficLint traffic = new TrafficLint(problems);
        HabitLint habits = new HabitLint(problems);
        for (EffectiveSite site : effective.sites()) {
            habits.run(site);
            for (EffectiveRoute route : site.routes()) {
                retries.run(route);
                traffic.run(route);
                uselessStrip(route);
                impossibleTimeouts(route.timeouts());
            }
        }
    }

    private void unused(String kind, String one) {
        Set<String> used = bound.used().getOrDefault(kind, Set.of());
        sources.names(kind).forEach(name -> {
            if (!used.contains(name) && !waitsForRollout(kind, name)) {
                TreePath path = TreePath.ROOT.key(kind).key(name);
                report.warningAtKey(path, "the " + one + " is never used", "remove it, or use it");
            }
        });
    }

    // A pool that is like another one is there to take its place.
    private boolean waitsForRollout(String kind, String name) {
        Pool pool = kind.equals("pools") ? config.pools().get(new Name(name)) : null;
        return pool != null && pool.like() != null;
    }

    private void idleListeners() {
        Set<Name> serving = new HashSet<>();
        effective.sites().forEach(site -> serving.addAll(site.listeners()));
        for (Name name : config.listeners().keySet()) {
            if (!serving.contains(name)) {
                TreePath path = TreePath.ROOT.key("listeners").key(name.text());
                report.warningAtKey(path, "no site is served on this listener", "name it in listeners: of a site");
            }
        }
    }

    private void unservedCertificates() {
        Set<Name> secure = new HashSet<>();
        effective.listeners().forEach(listener -> {
            if (listener.tls()) {
                secure.add(listener.name());
            }
        });
        for (EffectiveSite site : effective.sites()) {
            if (site.tls() != null
                    && site.listeners().stream().noneMatch(secure::contains)
                    && site.tls().origin().position() != null) {
                problems.warning(
                        site.tls().origin().position(),
                        site.tls().origin().path(),
                        "the certificate is never shown: no listener that serves this site speaks TLS",
                        "write tls: on in one of listeners");
            }
        }
    }

    private void repeatedServers(Name name, Pool pool) {
        TreePath servers = TreePath.ROOT.key("pools").key(name.text()).key("servers");
        Set<Object> seen = new HashSet<>();
        List<Pool.Server> list = pool.servers();
        for (int i = 0; i < list.size(); i++) {
            if (!seen.add(list.get(i).where())) {
                TreePath at = servers.index(i);
                report.warningAtValue(
                        at, list.get(i).where() + " is in this pool already", "to give it more, use weight");
            }
        }
    }

    private void unverified(EffectivePool pool) {
        Setting<Boolean> verify = pool.tls().verify();
        if (!verify.value() && verify.origin().position() != null && pool.secure()) {
            problems.warning(
                    verify.origin().position(),
                    verify.origin().path(),
                    "whoever answers at the servers' addresses is taken for them: their certificates aren't verified",
                    "trust their CA with ca:, or the name in their certificate with name:");
        }
    }

    /** A prefix that no path of the route has is never stripped. */
    private void uselessStrip(EffectiveRoute route) {
        Setting<LiteralPath> strip = route.edits().stripPrefix();
        PathPattern path = route.match().path();
        if (strip == null || strip.origin().position() == null || path.kind() == PathPattern.Kind.REGEX) {
            return;
        }
        String prefix = strip.value().text();
        boolean bare = prefix.endsWith("/") && prefix.length() > 1;
        String base = bare ? prefix.substring(0, prefix.length() - 1) : prefix;
        boolean can = (path.text() + "/").startsWith(base + "/")
                || (path.kind() == PathPattern.Kind.PREFIX && (base + "/").startsWith(path.text() + "/"));
        if (!can) {
            problems.warning(
                    strip.origin().position(),
                    strip.origin().path(),
                    prefix + " is never at the front of a path that " + path + " matches",
                    "");
        }
    }

    private void impossibleTimeouts(EffectiveRoute.Timeouts timeouts) {
        long total = timeouts.total().value().nanos();
        for (var part : List.of(timeouts.connect(), timeouts.firstByte())) {
            boolean chosen = part.origin().position() != null
                    && timeouts.total().origin().position() != null;
            if (chosen && part.origin().position() != null && part.value().nanos() > total) {
                problems.warning(
                        part.origin().position(),
                        part.origin().path(),
                        part.value() + " is never reached: the total timeout is "
                                + timeouts.total().value() + " ("
                                + timeouts.total().origin() + ")",
                        "");
            }
        }
    }
}
