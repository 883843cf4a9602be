package io.foregate.control.guard;

import io.foregate.proxy.observe.Ending;
import io.foregate.proxy.observe.SideTally.Reading;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with a guarded change. A value.
 *
 * @param revision that is tried, or was
 * @param against the revision that is in force beside it
 * @param share of the clients that get it, from 0 to 1
 * @param secondsLeft until it is in force, if nothing happens; 0 when it is over
 * @param before all requests of the old side
 * @param after all requests of the new side
 * @param outcome for people; empty as long as it goes on
 * @param harm that was found; null when there was none
 * @param harmed to how many requests it happened
 * @param secondsToUndo from the beginning until no request got it any more; 0 when that isn't what happened
 */
public record GuardState(
        long revision,
        long against,
        Phase phase,
        Instant begun,
        double share,
        double secondsLeft,
        Side before,
        Side after,
        List<RouteNumbers> routes,
        String outcome,
        @Nullable Harm harm,
        long harmed,
        double secondsToUndo) {
    /** Where it stands. */
    public enum Phase {
        /** Both configurations serve. */
        TRYING,
        /** The new one is in force. */
        APPLIED,
        /** The old one is. */
        UNDONE
    }

    /** A route of the configuration in force, and how its requests fared. */
    public record RouteNumbers(String route, Side before, Side after) {}

    /** What became of the requests of one side. */
    public record Side(
            long requests,
            long errors,
            long notFound,
            long denied,
            long medianNanos,
            long slowestTenthNanos,
            int groups) {
        static Side of(Reading reading) {
            return new Side(
                    reading.requests(),
                    reading.ended(Ending.SERVER_ERROR)
                            + reading.ended(Ending.ORIGIN_FAILED)
                            + reading.ended(Ending.PROXY_FAILED),
                    reading.ended(Ending.NOT_FOUND),
                    reading.ended(Ending.DENIED),
                    reading.quantileNanos(0.5),
                    reading.quantileNanos(0.9),
                    reading.groups());
        }
    }
}
