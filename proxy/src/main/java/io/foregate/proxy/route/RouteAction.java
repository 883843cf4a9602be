package io.foregate.proxy.route;

import io.foregate.api.filter.Verdict;
import io.foregate.proxy.upstream.Pool;

/** Who answers. */
public sealed interface RouteAction {
    /** An endpoint of a pool. */
    record Proxy(Pool pool) implements RouteAction {}

    /**
     * A redirect.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location the Location value, maybe with placeholders
     */
    record Redirect(int status, ValueTemplate location) implements RouteAction {}

    /** A fixed answer, kept in memory. */
    record Respond(Verdict.Respond answer) implements RouteAction {}
}
