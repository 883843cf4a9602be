package io.foregate.control.build;

import io.foregate.control.build.LastGood.GoodPool;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.TrafficRegistry.Diverted;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Name;
import io.foregate.control.pools.PoolPlan;
import io.foregate.proxy.route.Detour;
import io.foregate.proxy.route.RouteAction;
import io.foregate.proxy.upstream.Pool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leads the routes of a snapshot around pools of which there is a rollout. The snapshot may serve already. Stateless. */
public final class Detours {
    private Detours() {}

    /**
     * From now on these are all the detours of the snapshot's routes. What names a pool that it doesn't have is left out. One thread
     * at a time.
     */
    public static void renew(Built built, EffectiveConfig config, List<Diverted> wanted) {
        Map<Name, Pool> pools = new HashMap<>();
        for (PoolPlan plan : built.pools()) {
            pools.put(plan.name(), plan.pool());
        }
        built.sources().forEach((route, source) -> {
            List<Name> asked = source.action().value().pools();
            if (asked.isEmpty()) {
                return;
            }
            List<Detour> ways = new ArrayList<>();
            for (Diverted one : wanted) {
                Pool from = pools.get(one.from());
                Pool to = pools.get(one.to());
                EffectivePool settings = effective(built, config, one.to());
                if (asked.contains(one.from()) && from != null && to != null && settings != null) {
                    RouteAction.Target target = new RouteAction.Target(
                            to, RouteBuilder.settings(source, one.to()), RouteBuilder.fixedHost(settings));
                    ways.add(new Detour(from, target, one.diversion()));
                }
            }
            route.divert(ways);
        });
    }

    // As it could last be used, which may be another than the configuration says.
    private static @Nullable EffectivePool effective(Built built, EffectiveConfig config, Name pool) {
        GoodPool good = built.good().pools().get(pool);
        return good == null ? config.pools().get(pool) : good.pool();
    }
}
