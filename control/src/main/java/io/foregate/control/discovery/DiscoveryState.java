package io.foregate.control.discovery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one source of a pool's servers.
 *
 * @param source as in the configuration
 * @param servers how many it gave last
 * @param failure why there is no newer answer at present; null when there is nothing wrong
 * @param since when the list or the failure was last another one
 */
public record DiscoveryState(
        String pool, String source, int servers, @Nullable String failure, Instant since) {}
