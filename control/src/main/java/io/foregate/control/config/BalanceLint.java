package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Sticky;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds ways of choosing servers that work but are hardly meant. One use. */
final class BalanceLint {
    private final EffectiveConfig effective;
    private final Problems problems;
    // What pools take over from one another is said once.
    private final Set<String> said = new HashSet<>();

    BalanceLint(EffectiveConfig effective, Problems problems) {
        this.effective = effective;
        this.problems = problems;
    }

    void run() {
        for (EffectivePool pool : effective.pools().values()) {
            forgetful(pool);
            List<Pool.Server> servers = pool.servers().value();
            if (!servers.isEmpty() && servers.stream().allMatch(Pool.Server::backup)) {
                warn(pool.servers().origin(), "every server is a backup", "remove backup: true");
            }
            if (pool.division().zone() == null && servers.stream().anyMatch(server -> server.zone() != null)) {
                warn(
                        pool.servers().origin(),
                        "zones of servers mean nothing without the one of this process",
                        "add process: { zone: … }");
            }
        }
        Name own = effective.process().zone();
        boolean used = effective.pools().values().stream()
                .flatMap(pool -> pool.servers().value().stream())
                .anyMatch(server -> server.zone() != null && server.zone().equals(own));
        if (own != null && !used && !effective.pools().isEmpty()) {
            Setting<Name> zone =
                    effective.pools().values().iterator().next().division().zone();
            if (zone != null) {
                warn(zone.origin(), "no server is in zone " + own, "add zone: " + own + " to those that are");
            }
        }
    }

    private void forgetful(EffectivePool pool) {
        Setting<Sticky> sticky = pool.division().sticky();
        if (sticky != null && sticky.value().key() == null) {
            warn(
                    sticky.origin(),
                    "clients lose their server when this process restarts, and several processes don't understand each"
                            + " other's cookies",
                    "add key: env:NAME or key: file:path, with the same key for all");
        }
    }

    private void warn(Origin origin, String message, String hint) {
        Position position = origin.position();
        if (position != null && said.add(position + message)) {
            problems.warning(position, origin.path(), message, hint);
        }
    }
}
