package io.foregate.proxy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a request was matched, for people.
 *
 * @param host the host asked for
 * @param site the site that was chosen, or null when no site has that name
 * @param siteReason why that site
 * @param steps the routes of the site that came into question, the most specific first
 * @param route the route that was chosen, or null
 */
public record RouteTrace(
        String host,
        @Nullable String site,
        String siteReason,
        List<Step> steps,
        @Nullable Route route) {

    /**
     * One route that came into question.
     *
     * @param rank what kind of path it has: exact path, prefix, expression or catch-all
     * @param reason why it was chosen or passed over
     */
    public record Step(Route route, String rank, Outcome outcome, String reason) {}

    /** What became of a route. */
    public enum Outcome {
        CHOSEN,
        /** The path doesn't match after all. */
        PATH_DIFFERS,
        CONDITION_NOT_MET,
        /** It would match too, but is less specific than the one chosen. */
        OUTRANKED
    }
}
