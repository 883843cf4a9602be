package io.foregate.api.spi;

import java.nio.file.Path;
import java.util.Map;

/**
 * Whose servers are wanted.
 *
 * @param pool the name of the pool
 * @param options as in the configuration
 * @param folder where relative paths start
 */
public record DiscoveryRequest(String pool, Map<String, String> options, Path folder) {
    public DiscoveryRequest {
        options = Map.copyOf(options);
    }
}
