package io.foregate.control.run;

import io.foregate.control.build.Standing;
import io.foregate.control.build.TrafficRegistry.Diverted;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.os.InheritedSockets;
import io.foregate.control.pools.EndpointRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process begins with that was there before it.
 *
 * @param sockets that listen already
 * @param ticketKeys with which sessions are resumed, the one that seals first; none for keys of its own
 * @param stickyKey for sticky cookies whose key isn't configured; null for one of its own
 * @param wishes what the process before has been told, or has found out
 */
public record Inheritance(
        InheritedSockets sockets, List<byte[]> ticketKeys, byte @Nullable [] stickyKey, Wishes wishes) {
    /** What was set or found out at run time, rather than written in the configuration. */
    public interface Wishes {
        Wishes NONE = standing -> {};

        /** Nothing has been built yet. */
        void begun(Standing standing);
    }

    /** Nothing. */
    public static final Inheritance NOTHING = of(InheritedSockets.none());

    /** Sockets and nothing else. */
    public static Inheritance of(InheritedSockets sockets) {
        return new Inheritance(sockets, List.of(), null, Wishes.NONE);
    }

    /** And with rollouts that are under way. */
    public Inheritance with(List<Diverted> diverted) {
        Wishes others = wishes;
        return new Inheritance(sockets, ticketKeys, stickyKey, standing -> {
            others.begun(standing);
            diverted.forEach(standing.traffic()::divert);
        });
    }

    Standing standing(EffectiveConfig config, EndpointRegistry endpoints) {
        Standing standing =
                stickyKey == null ? Standing.first(config, endpoints) : Standing.first(config, endpoints, stickyKey);
        if (!ticketKeys.isEmpty()) {
            standing.certificates().ticketKeys(ticketKeys);
        }
        wishes.begun(standing);
        return standing;
    }
}
