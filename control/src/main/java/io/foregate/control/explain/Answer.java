package io.foregate.control.explain;

import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.route.RouteTrace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would become of a request. */
public sealed interface Answer {
    /** The request would be refused before anyone looks for a route. */
    record Refused(int status, String reason) implements Answer {}

    /**
     * No site or no route is there for it; it would be answered with 404.
     *
     * @param site null when there is no such site
     */
    record Nowhere(
            String listener, RouteTrace trace, @Nullable EffectiveSite site) implements Answer {}

    /**
     * A route takes it.
     *
     * @param pool null when the route answers itself
     */
    record Routed(
            String listener,
            RouteTrace trace,
            EffectiveSite site,
            EffectiveRoute route,
            @Nullable EffectivePool pool,
            Outcome outcome)
            implements Answer {}

    /** What the route does with it. */
    sealed interface Outcome {}

    /**
     * It is sent to a server of the pool.
     *
     * @param pool the one of a split that this request gets; the first one where pools take turns
     * @param insteadOf the pool that the route names, where a rollout leads elsewhere; else null
     * @param requestLine as the server sees it
     * @param host what the server gets as Host; null when that is the server's own address
     */
    record Forwarded(
            Name pool,
            @Nullable Name insteadOf,
            String requestLine,
            @Nullable String host,
            List<Change> changes) implements Outcome {}

    /** One difference between the fields that came and those that are sent on. */
    record Change(
            String field, @Nullable String before, @Nullable String after) {}

    /**
     * It is answered here.
     *
     * @param location of a redirect, or null
     */
    record Answered(int status, @Nullable String location) implements Outcome {}
}
