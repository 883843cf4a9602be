package io.foregate.control.pools;

import io.foregate.api.spi.DiscoveredServer;
import java.util.Map;
import java.util.function.Function;

/**
 * Where servers of a pool come from, other than from the configuration.
 *
 * @param factory the name of a {@link io.foregate.api.spi.DiscoveryFactory}
 * @param options for it
 * @param text what it is in the configuration, for people
 * @param maker makes a server of the pool of what was found; throws {@link IllegalArgumentException} saying why it can't be used
 */
public record DiscoverySource(
        String factory, Map<String, String> options, String text, Function<DiscoveredServer, PoolServer> maker) {
    public DiscoverySource {
        options = Map.copyOf(options);
    }
}
