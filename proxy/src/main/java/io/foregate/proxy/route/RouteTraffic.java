package io.foregate.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * What is done with a route's requests besides answering them. Immutable but for what its parts count.
 *
 * @param fault a fault that some of them meet, or null
 * @param mirror where copies of them go, or null
 */
public record RouteTraffic(
        @Nullable TrafficFault fault, @Nullable TrafficMirror mirror) {
    /** Nothing. */
    public static final RouteTraffic NONE = new RouteTraffic(null, null);
}
