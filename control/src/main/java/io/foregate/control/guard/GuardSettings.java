package io.foregate.control.guard;

import io.foregate.proxy.worker.Trial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a change is to be tried.
 *
 * @param time for which both configurations serve, if no harm is found
 * @param share of the clients that get the new one at first, above 0 and at most 1/2
 * @param sticky by what requests stay on one side
 * @param ignored causes that are no harm this time
 * @param insist whether the change is taken back when too little was seen to tell
 */
public record GuardSettings(Duration time, double share, Trial.Sticky sticky, Set<Cause> ignored, boolean insist) {
    /** The shortest time in which anything can be seen. */
    public static final Duration SHORTEST = Duration.ofSeconds(5);

    /** The longest time for which two configurations should have to be thought of. */
    public static final Duration LONGEST = Duration.ofHours(24);

    /** How large a share there may be beside the old side: with more, that would be the one of which too little is seen. */
    public static final double LARGEST_SHARE = 0.5;

    private static final double[] FURTHER = {0.25, 0.5};

    public GuardSettings {
        ignored = Set.copyOf(ignored);
    }

    /** The shares, one after the other, each for the same part of the time; then all. */
    List<Double> steps() {
        List<Double> steps = new ArrayList<>(List.of(share));
        for (double next : FURTHER) {
            if (next > steps.getLast() * 1.2) {
                steps.add(next);
            }
        }
        return steps;
    }
}
