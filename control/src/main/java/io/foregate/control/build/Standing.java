package io.foregate.control.build;

import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.HandshakeLimit;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a build takes from the process: that which outlives configurations.
 *
 * @param traffic whose turn it is in splits, the shares of rollouts, and how mirrors fare
 * @param slots which places the configuration's listeners have among the plans
 * @param tallies where the requests of each route are counted; a route that stays goes on with its own
 * @param lastGood what goes on where the configuration is broken
 * @param stickyKey for cookies whose key isn't configured; the same for all snapshots, so that clients survive a change of
 *     configuration
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
        byte[] stickyKey,
        boolean strict) {
    private static final int STICKY_KEY_BYTES = 32;

    /** For a configuration that is the first in this process. */
    public static Standing first(EffectiveConfig config, EndpointRegistry endpoints) {
        return of(config, endpoints, null, LastGood.NOTHING, false);
    }

    /** The same with the key for sticky cookies of another process. */
    public static Standing first(EffectiveConfig config, EndpointRegistry endpoints, byte[] stickyKey) {
        return of(config, endpoints, stickyKey, LastGood.NOTHING, false);
    }

    /** For a configuration that runs nowhere. */
    static Standing none(EffectiveConfig config, EndpointRegistry endpoints) {
        return of(config, endpoints, null, LastGood.NOTHING, true);
    }

    /** For a configuration that might come after one of which that could be used. */
    static Standing rehearsed(EffectiveConfig config, EndpointRegistry endpoints, LastGood inForce) {
        return of(config, endpoints, null, inForce, false);
    }

    private static Standing of(
            EffectiveConfig config,
            EndpointRegistry endpoints,
            byte @Nullable [] stickyKey,
            LastGood lastGood,
            boolean strict) {
        return new Standing(
                endpoints,
                new CertificateStore(),
                new HandshakeLimit(config.tls().handshakes().max().value()),
                new TrafficRegistry(endpoints.loops()),
                Slots.inOrder(config.listeners()),
                Map.of(),
                lastGood,
                stickyKey == null ? randomKey() : stickyKey,
                strict);
    }

    private static byte[] randomKey() {
        byte[] key = new byte[STICKY_KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /** The same for the configuration that comes after {@code running}. */
    public Standing after(SnapshotBuilder.Built running, Slots next) {
        return new Standing(
                endpoints,
                certificates,
                handshakes,
                traffic,
                next,
                running.tallies(),
                running.good(),
                stickyKey,
                strict);
    }
}
