package io.foregate.control.plan;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What might be better about the things that a change adds or changes. All of it is right for somebody, so it is no warning, is never
 * said of what stays as it is, and is silent where the file says that it is meant.
 */
final class Advice {
    private final EffectiveConfig before;
    private final EffectiveConfig after;
    private final Set<Problem> found = new LinkedHashSet<>();

    private Advice(EffectiveConfig before, EffectiveConfig after) {
        this.before = before;
        this.after = after;
    }

    static List<Problem> of(List<Change> changes, EffectiveConfig before, EffectiveConfig after) {
        if (changes.isEmpty()) {
            return List.of();
        }
        Advice advice = new Advice(before, after);
        Set<Name> asked = new LinkedHashSet<>();
        for (EffectiveSite site : after.sites()) {
            site.routes().forEach(route -> asked.addAll(route.action().value().pools()));
        }
        for (EffectivePool pool : after.pools().values()) {
            if (asked.contains(pool.name())) {
                advice.pool(pool, before.pools().get(pool.name()));
            }
        }
        advice.routes();
        return advice.found.stream().sorted().toList();
    }

    // ---- pools ----

    private void pool(EffectivePool pool, @Nullable EffectivePool old) {
        List<Pool.Server> servers = pool.servers().value();
        if (servers.stream().allMatch(Advice::onThisMachine)) {
            return;
        }
        boolean unchecked =
                !pool.health().checks() && pool.health().check().origin().isDefault();
        if (unchecked && (old == null || old.health().checks())) {
            add(
                    pool.servers().origin(),
                    "nothing checks the servers of pool " + pool.name()
                            + ": that one is down, or back, is found out by requests",
                    "write health: /path or health: { tcp: true }, or health: { tcp: false } if that is meant");
        }
        boolean alone = servers.size() == 1 && servers.getFirst().address() != null;
        if (alone && (old == null || old.servers().value().size() != 1)) {
            add(
                    pool.servers().origin(),
                    "pool " + pool.name() + " has one server: while that is down or restarts, nobody answers",
                    "add another one");
        }
    }

    // Where both are one machine, there is nothing that another server would survive.
    private static boolean onThisMachine(Pool.Server server) {
        String where = server.where().replace("https://", "");
        return server.address() != null
                && (where.startsWith("127.") || where.startsWith("localhost:") || where.startsWith("[::1]:"));
    }

    // ---- routes ----

    private void routes() {
        Map<String, EffectiveRoute> old = new HashMap<>();
        for (EffectiveSite site : before.sites()) {
            site.routes().forEach(route -> old.put(key(site, route), route));
        }
        List<EffectiveRoute> unbounded = new ArrayList<>();
        for (EffectiveSite site : after.sites()) {
            for (EffectiveRoute route : site.routes()) {
                EffectiveRoute then = old.get(key(site, route));
                boolean changed = then == null
                        || !then.action().value().equals(route.action().value());
                boolean bounded = then != null && !then.bodyLimit().value().isNone();
                boolean forwards = !route.action().value().pools().isEmpty();
                boolean none = route.bodyLimit().value().isNone()
                        && route.bodyLimit().origin().isDefault();
                if (forwards && none && (changed || bounded)) {
                    unbounded.add(route);
                }
                if (changed && site.host().kind() == HostPattern.Kind.ANY) {
                    hostOfStrangers(route);
                }
            }
        }
        if (!unbounded.isEmpty()) {
            int others = unbounded.size() - 1;
            add(
                    unbounded.getFirst().match().origin(),
                    "requests may bring bodies of any size"
                            + (others == 0 ? "" : ", here and in " + others + " more that are new or changed"),
                    "write limits: { body: 10MB } here or in defaults, or none if that is meant");
        }
    }

    private static String key(EffectiveSite site, EffectiveRoute route) {
        return site.host() + " " + route.match().path() + " " + route.match().when();
    }

    private void hostOfStrangers(EffectiveRoute route) {
        if (route.action().value() instanceof Action.Redirect(var redirect)
                && redirect.to().toString().matches("[^/]*://[^/]*\\{host}.*")) {
            add(
                    route.action().origin(),
                    "this site takes every host, so whoever sends the request chooses {host}: a cache in front could keep a"
                            + " redirect that leads elsewhere",
                    "name the hosts as sites, and let \"*\" answer 404");
        }
    }

    private void add(Origin origin, String message, String hint) {
        Position position = origin.position();
        if (position != null) {
            found.add(Problem.at(position, origin.path(), message, hint));
        }
    }
}
