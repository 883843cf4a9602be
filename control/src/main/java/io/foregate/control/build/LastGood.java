package io.foregate.control.build;

import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.upstream.OriginTls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the configuration in force as they were when they could last be used: what goes on where the next configuration's
 * are broken. A value.
 *
 * @param quarantined what is broken at present
 */
public record LastGood(Map<Name, GoodPool> pools, Map<HostPattern, EffectiveSite> sites, List<Quarantine> quarantined) {
    /** Before the first configuration. */
    public static final LastGood NOTHING = new LastGood(Map.of(), Map.of(), List.of());

    /**
     * A pool that could be used.
     *
     * @param tls towards its servers, read from its files; null when none is reached by TLS
     * @param balancing how it chooses, with what of that was read from files
     */
    public record GoodPool(EffectivePool pool, @Nullable OriginTls tls, Balancing balancing) {}

    public LastGood {
        pools = Map.copyOf(pools);
        sites = Map.copyOf(sites);
        quarantined = List.copyOf(quarantined);
    }
}
