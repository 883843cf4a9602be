package io.foregate.proxy.route;

/**
 * Two routes between which nothing decides.
 *
 * @param kind how they clash
 * @param site the host pattern of both
 * @param path the path pattern of both, in its normal form
 * @param first the one that was added earlier
 * @param second the one that was added later
 */
public record RouteConflict(Kind kind, String site, String path, Route first, Route second) {
    /** How two routes clash. */
    public enum Kind {
        /** Same host, path and conditions: the second could never be chosen. */
        DUPLICATE,
        /** Same host, path and number of conditions, and a request may meet the conditions of both. */
        AMBIGUOUS
    }

    /** What is wrong, without saying where: the caller knows the lines. */
    public String message() {
        return switch (kind) {
            case DUPLICATE -> "two routes for " + path + " of " + site + " ask for the same; remove one of them";
            case AMBIGUOUS ->
                "two routes for " + path + " of " + site + " have equally many conditions and a request may meet both;"
                        + " add a condition to one of them";
        };
    }
}
