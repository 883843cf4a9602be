package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveHealth;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Health;
import io.foregate.control.config.model.HostHeader;
import io.foregate.control.config.model.RequestFailure;
import io.foregate.control.config.model.StatusRange;
import io.foregate.control.health.CheckPlan;
import io.foregate.control.health.PoolHealth;
import io.foregate.proxy.upstream.PassiveRules;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Compiles how the servers of a pool are looked after. Stateless. */
final class HealthPlans {
    private HealthPlans() {}

    static PoolHealth of(EffectivePool pool) {
        EffectiveHealth health = pool.health();
        boolean judges = health.passive().mode().value() == Health.Mode.ON;
        return new PoolHealth(checks(health, pool.host().value()), judges ? rules(health.passive()) : null);
    }

    private static @Nullable CheckPlan checks(EffectiveHealth health, HostHeader host) {
        CheckPlan.Question question = switch (health.check().value()) {
            case EffectiveHealth.Nothing nothing -> null;
            case EffectiveHealth.Tcp tcp -> new CheckPlan.Tcp();
            case EffectiveHealth.Grpc grpc -> new CheckPlan.Grpc(grpc.service());
            case EffectiveHealth.Http http ->
                new CheckPlan.Http(http.method(), http.path(), host(http, host), http.statuses(), http.body());
        };
        if (question == null) {
            return null;
        }
        Integer port = health.port() == null ? null : health.port().value();
        boolean plain = health.tls() != null && !health.tls().value();
        return new CheckPlan(
                question,
                new CheckPlan.Pace(
                        health.interval().value().nanos(),
                        health.timeout().value().nanos()),
                health.rise().value(),
                health.fall().value(),
                new CheckPlan.Place(port == null ? 0 : port, plain),
                health.unchecked().value() == Health.Unchecked.WAIT);
    }

    private static @Nullable String host(EffectiveHealth.Http http, HostHeader host) {
        if (http.host() != null) {
            return http.host();
        }
        return host.kind() == HostHeader.Kind.FIXED ? host.name() : null;
    }

    private static PassiveRules rules(EffectiveHealth.Passive passive) {
        BitSet statuses = new BitSet(600);
        boolean resets = false;
        boolean timeouts = false;
        for (RequestFailure failure : passive.on().value()) {
            StatusRange range = failure.statuses();
            if (range != null) {
                statuses.set(range.first(), range.last() + 1);
            }
            resets |= failure.kind() == RequestFailure.Kind.RESET;
            timeouts |= failure.kind() == RequestFailure.Kind.TIMEOUT;
        }
        return new PassiveRules(
                statuses,
                resets,
                timeouts,
                passive.failures().value(),
                percent(passive.rate().value().hundredths()),
                new PassiveRules.Window(
                        passive.window().value().nanos(), passive.minRequests().value()),
                passive.ejection().value().nanos(),
                passive.longest().value().nanos(),
                percent(passive.share().value().hundredths()));
    }

    // Whole percent are fine enough here; a little is not nothing.
    private static int percent(int hundredths) {
        return hundredths == 0 ? 0 : Math.max(hundredths / 100, 1);
    }
}
