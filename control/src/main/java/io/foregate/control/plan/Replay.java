package io.foregate.control.plan;

import io.foregate.control.plan.Fate.Shift;
import io.foregate.proxy.sample.SampledHead;
import java.util.List;

/**
 * What a change would do to recent requests.
 *
 * @param sampled whether requests are sampled at all
 * @param period over which they came
 * @param all of them
 * @param groups those that would fare otherwise, the gravest and most frequent first
 * @param unjudged those of which it can't be said, and why
 * @param same those for which nothing would be different
 */
public record Replay(
        boolean sampled, Period period, Count all, List<Group> groups, List<Unjudged> unjudged, Count same) {
    /** In milliseconds since 1970. */
    public record Period(long fromMillis, long toMillis) {}

    /**
     * How many.
     *
     * @param heads that are in the sample
     * @param requests that they stand for
     */
    public record Count(int heads, long requests) {
        /** Of all requests, in percent. */
        public double percentOf(Count all) {
            return all.requests == 0 ? 0 : 100.0 * requests / all.requests;
        }
    }

    /**
     * Requests that would fare otherwise in the same way.
     *
     * @param examples a few of them
     */
    public record Group(Way way, Count count, List<SampledHead> examples) {}

    /**
     * In which way they would.
     *
     * @param details of their treatment, where they go to the same place
     * @param share of them for which it holds, less than 1 where a split decides
     */
    public record Way(Kind kind, String before, String after, String details, double share) {}

    /** What would be different, the gravest first. */
    public enum Kind {
        /** Another answer of this proxy, one instead of an origin's, or the other way round. */
        ANSWERED_DIFFERENTLY,
        /** Another pool. */
        ELSEWHERE,
        /** The same pool or answer, with other settings. */
        TREATED_DIFFERENTLY;

        static Kind of(Shift shift) {
            return switch (shift.kind()) {
                case ANSWER -> ANSWERED_DIFFERENTLY;
                case ELSEWHERE -> ELSEWHERE;
                case TREATMENT -> TREATED_DIFFERENTLY;
            };
        }
    }

    /** Requests of which too little is known. */
    public record Unjudged(String why, Count count) {}
}
