package io.foregate.control.config.effective;

import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A site.
 *
 * @param listeners all listeners that serve it, never none
 * @param tls null when it has no certificate
 * @param routes the most specific first: the first one that matches is the one that wins
 */
public record EffectiveSite(
        HostPattern host,
        Origin origin,
        List<Name> listeners,
        List<EffectiveRoute> routes,
        @Nullable EffectiveTls tls) {}
