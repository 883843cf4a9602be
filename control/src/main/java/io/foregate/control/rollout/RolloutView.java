package io.foregate.control.rollout;

import io.foregate.control.config.model.Percent;
import java.time.Instant;
import java.util.List;

/**
 * How it stands with a rollout at one moment. A value.
 *
 * @param share of the pool's requests that the other one gets now
 * @param judgement what the guard says of the step
 * @param events what has happened, the oldest first
 * @param advice what is left to do, for people; empty when nothing is
 */
public record RolloutView(
        RolloutPlan plan,
        Origin origin,
        Progress progress,
        Percent share,
        Judgement judgement,
        List<Event> events,
        String advice) {
    /**
     * How it came to be.
     *
     * @param author who wanted it
     * @param sameServers whether both pools have the same servers, and the difference is in their settings
     */
    public record Origin(String author, Instant started, boolean sameServers) {}

    /** Something that has happened. */
    public record Event(Instant time, String text) {}
}
