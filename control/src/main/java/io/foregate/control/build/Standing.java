package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.HandshakeLimit;
import java.util.Map;

/**
 * What a build takes from the process: that which outlives configurations.
 *
 * @param traffic splits whose shares may have been changed, and how mirrors fare
 * @param slots which places the configuration's listeners have among the plans
 * @param tallies where the requests of each route are counted; a route that stays goes on with its own
 * @param lastGood what goes on where the configuration is broken
 * @param strict whether nothing may be broken, since it is only looked at
 */
public record Standing(
        EndpointRegistry endpoints,
        CertificateStore certificates,
        HandshakeLimit handshakes,
        TrafficRegistry traffic,
        Slots slots,
        Map<TrafficRegistry.RouteKey, Tally> tallies,
        LastGood lastGood,
        boolean strict) {
    /** For a configuration that is the first in this process. */
    public static Standing first(EffectiveConfig config, EndpointRegistry endpoints) {
        return of(config, endpoints, false);
    }

    /** For a configuration that runs nowhere. */
    static Standing none(EffectiveConfig config, EndpointRegistry endpoints) {
        return of(config, endpoints, true);
    }

    private static Standing of(EffectiveConfig config, EndpointRegistry endpoints, boolean strict) {
        return new Standing(
                endpoints,
                new CertificateStore(),
                new HandshakeLimit(config.tls().handshakes().max().value()),
                new TrafficRegistry(endpoints.loops()),
                Slots.inOrder(config.listeners()),
                Map.of(),
                LastGood.NOTHING,
                strict);
    }

    /** The same for the configuration that comes after {@code running}. */
    public Standing after(SnapshotBuilder.Built running, Slots next) {
        return new Standing(
                endpoints, certificates, handshakes, traffic, next, running.tallies(), running.good(), strict);
    }
}
