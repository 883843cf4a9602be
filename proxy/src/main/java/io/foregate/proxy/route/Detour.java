package io.foregate.proxy.route;

import io.foregate.proxy.upstream.Pool;

/**
 * Where some of a route's requests go instead of one of its pools. Immutable but for the share; part of one snapshot.
 *
 * @param from the pool of the route
 * @param to with the settings that the route has with it
 */
public record Detour(Pool from, RouteAction.Target to, Diversion diversion) {}
