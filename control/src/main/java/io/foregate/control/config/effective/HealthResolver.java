package io.foregate.control.config.effective;

import io.foregate.control.config.model.Health;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.RequestFailure;
import io.foregate.control.config.model.StatusRange;
import io.foregate.control.config.model.Timeout;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes how the servers of one pool are looked after. What is asked of them is one thing: a pool that says {@code tcp} takes nothing
 * of the {@code http} of the one that it is like. One thread, one use.
 *
 * <ul>
 *   <li>interval 5s, timeout 2s, rise 2, fall 3: a server that hangs is out after a quarter of a minute at the latest, one lost packet
 *       is no reason.
 *   <li>failures 5, rate 50% of 20 or more within 10s: nothing that happens to a server that works.
 *   <li>ejection 10s, then 20s, up to 5m: long enough for a restart, and a server that is ill for good costs ever fewer requests.
 *   <li>share 50%: half of a pool can mostly carry the whole, and less mostly can't.
 * </ul>
 */
final class HealthResolver {
    private static final List<StatusRange> GOOD = List.of(new StatusRange(200, 399));
    private static final List<RequestFailure> FAILURES = List.of(
            RequestFailure.RESET, RequestFailure.TIMEOUT, RequestFailure.of(500, 500), RequestFailure.of(502, 504));

    private final Resolver resolver;
    private final List<Name> lineage;

    HealthResolver(Resolver resolver, List<Name> lineage) {
        this.resolver = resolver;
        this.lineage = lineage;
    }

    EffectiveHealth health() {
        return new EffectiveHealth(
                check(),
                of("interval", Health::interval, Timeout.ofSeconds(5)),
                of("timeout", Health::timeout, Timeout.ofSeconds(2)),
                of("rise", Health::rise, 2),
                of("fall", Health::fall, 3),
                only("port", Health::port),
                only("tls", Health::tls),
                of("unchecked", Health::unchecked, Health.Unchecked.SERVE),
                passive());
    }

    private Setting<EffectiveHealth.Check> check() {
        for (Name name : lineage) {
            Pool pool = resolver.config().pools().get(name);
            EffectiveHealth.Check own = pool == null ? null : check(pool.health());
            if (own != null) {
                String key = switch (own) {
                    case EffectiveHealth.Http http -> "health.http";
                    case EffectiveHealth.Grpc grpc -> "health.grpc";
                    case EffectiveHealth.Tcp tcp -> "health.tcp";
                    case EffectiveHealth.Nothing nothing -> "health.tcp";
                };
                return resolver.at(name, key, own);
            }
        }
        return Setting.byDefault(new EffectiveHealth.Nothing());
    }

    private static EffectiveHealth.@Nullable Check check(Health health) {
        Health.Http http = health.http();
        if (http != null) {
            // Where the binder found a mistake there is a hole.
            String path = http.path() == null ? "/" : http.path().text();
            return new EffectiveHealth.Http(
                    http.method() == null ? "GET" : http.method().text(),
                    path,
                    http.host(),
                    http.status().isEmpty() ? GOOD : http.status(),
                    http.body());
        }
        if (health.grpc() != null) {
            return new EffectiveHealth.Grpc(health.grpc());
        }
        if (health.tcp() != null) {
            return health.tcp() ? new EffectiveHealth.Tcp() : new EffectiveHealth.Nothing();
        }
        return null;
    }

    private EffectiveHealth.Passive passive() {
        return new EffectiveHealth.Passive(
                of("passive.mode", h -> h.passive().mode(), Health.Mode.ON),
                of(
                        "passive.on",
                        h -> h.passive().on().isEmpty() ? null : h.passive().on(),
                        FAILURES),
                of("passive.failures", h -> h.passive().failures(), 5),
                of("passive.rate", h -> h.passive().rate(), Percent.of(50)),
                of("passive.window", h -> h.passive().window(), Timeout.ofSeconds(10)),
                of("passive.min-requests", h -> h.passive().minRequests(), 20),
                of("passive.ejection", h -> h.passive().ejection(), Timeout.ofSeconds(10)),
                of("passive.longest", h -> h.passive().longest(), Timeout.ofSeconds(300)),
                of("passive.share", h -> h.passive().share(), Percent.of(50)));
    }

    private <T> Setting<T> of(String key, Function<Health, @Nullable T> get, T otherwise) {
        return resolver.ofPoolOr(lineage, "health." + key, pool -> get.apply(pool.health()), otherwise);
    }

    private <T> @Nullable Setting<T> only(String key, Function<Health, @Nullable T> get) {
        return resolver.ofPoolOnly(lineage, "health." + key, pool -> get.apply(pool.health()));
    }
}
