package io.foregate.control.rollout;

import io.foregate.control.config.bind.Suggestion;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool.Server;
import io.foregate.control.pools.PoolPlan;
import io.foregate.control.rollout.RolloutRefused.Reason;
import io.foregate.control.run.Running;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the configuration has to do with a rollout. Stateless. */
final class Ground {
    private Ground() {}

    /** Throws when the configuration in force is none in which such a rollout makes sense. */
    static void check(RolloutPlan plan, Running running) throws RolloutRefused {
        EffectiveConfig config = running.config();
        require(plan.from(), config, Reason.UNKNOWN);
        require(plan.to(), config, Reason.WRONG);
        if (plan.from().equals(plan.to())) {
            throw new RolloutRefused(Reason.WRONG, "both pools are " + plan.from());
        }
        String needless = needless(plan, true, config);
        if (needless != null) {
            throw new RolloutRefused(Reason.CONFLICT, "there is nothing to roll out: " + needless);
        }
        for (PoolPlan pool : running.built().pools()) {
            if (pool.name().equals(plan.to()) && pool.pool().endpoints().up() == 0) {
                throw new RolloutRefused(
                        Reason.CONFLICT, "no server of pool " + plan.to() + " is up; 'foregate status' shows why");
            }
        }
    }

    private static void require(Name pool, EffectiveConfig config, Reason reason) throws RolloutRefused {
        if (!config.pools().containsKey(pool)) {
            List<String> known =
                    config.pools().keySet().stream().map(Name::text).toList();
            String hint = Suggestion.among(pool.text(), known, "there are");
            throw new RolloutRefused(
                    reason, "the configuration has no pool " + pool + (hint.isEmpty() ? "" : "; " + hint));
        }
    }

    /** Whether the difference between the pools is in their settings. */
    static boolean sameServers(RolloutPlan plan, EffectiveConfig config) {
        EffectivePool from = config.pools().get(plan.from());
        EffectivePool to = config.pools().get(plan.to());
        return from != null
                && to != null
                && from.servers().value().equals(to.servers().value());
    }

    /**
     * Why that configuration leaves nothing to roll out; null when there is something.
     *
     * @param sameServers whether there was something although both pools have the same servers
     */
    static @Nullable String needless(RolloutPlan plan, boolean sameServers, EffectiveConfig config) {
        EffectivePool from = config.pools().get(plan.from());
        EffectivePool to = config.pools().get(plan.to());
        if (from == null || to == null) {
            return "the configuration has no pool " + (from == null ? plan.from() : plan.to());
        }
        boolean asked = config.sites().stream()
                .flatMap(site -> site.routes().stream())
                .anyMatch(route -> route.action().value().pools().contains(plan.from()));
        if (!asked) {
            return "no route sends requests to pool " + plan.from();
        }
        return !sameServers && sameServers(plan, config)
                ? "pools " + plan.from() + " and " + plan.to() + " have the same servers"
                : null;
    }

    /** What to write when all requests go to the new pool. */
    static String advice(RolloutPlan plan, boolean sameServers, EffectiveConfig config) {
        if (sameServers) {
            return "write it into the configuration: have the routes of pool " + plan.from() + " name " + plan.to()
                    + ". The rollout ends by itself when that is in force";
        }
        EffectivePool to = config.pools().get(plan.to());
        List<Server> servers = to == null ? List.of() : to.servers().value();
        boolean plain = !servers.isEmpty()
                && servers.stream()
                        .allMatch(server ->
                                server.address() != null && server.toString().equals(server.where()));
        String written = plain
                ? ": ["
                        + servers.stream()
                                .map(server -> '"' + server.where() + '"')
                                .collect(Collectors.joining(", ")) + "]"
                : "";
        return "write it into the configuration: give pool " + plan.from() + " the servers of " + plan.to() + written
                + ", or have its routes name " + plan.to() + ". The rollout ends by itself when that is in force";
    }
}
