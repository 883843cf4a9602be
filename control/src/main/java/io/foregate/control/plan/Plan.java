package io.foregate.control.plan;

import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the configuration would do.
 *
 * @param changes in the user's words
 * @param regions which requests would go elsewhere or be answered differently
 * @param warnings what is doubtful in the new configuration
 * @param advice what might be better about the things that change
 * @param replay what recent requests would meet; null where no process runs, or nothing changes
 */
public record Plan(
        List<Change> changes,
        List<Region> regions,
        List<Problem> warnings,
        List<Problem> advice,
        @Nullable Replay replay) {
    /** Compares two sound configurations; touches nothing. */
    public static Plan of(Loaded.Ok before, Loaded.Ok after) {
        List<Change> changes = Changes.between(before.config(), after.config());
        return new Plan(
                changes,
                Regions.between(before.effective(), after.effective()),
                after.warnings(),
                Advice.of(changes, before.effective(), after.effective()),
                null);
    }

    /** The same, with more that is doubtful. */
    public Plan warned(List<Problem> more) {
        List<Problem> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new Plan(changes, regions, all.stream().distinct().sorted().toList(), advice, replay);
    }

    /** The same, in which problems of the file {@code from} name {@code to} instead. */
    public Plan named(String from, String to) {
        return new Plan(changes, regions, named(warnings, from, to), named(advice, from, to), replay);
    }

    private static List<Problem> named(List<Problem> problems, String from, String to) {
        return problems.stream()
                .map(problem -> problem.file().equals(from) ? problem.in(to) : problem)
                .toList();
    }

    /** The same, with what recent requests would meet. */
    public Plan replayed(Built before, Built after, Sample sample) {
        Replaying.Result result = Replaying.of(before, after, sample);
        List<Problem> all = new ArrayList<>(advice);
        all.addAll(result.advice());
        return new Plan(
                changes, regions, warnings, all.stream().distinct().sorted().toList(), result.replay());
    }

    /** Whether nothing would be different. */
    public boolean empty() {
        return changes.isEmpty() && regions.isEmpty();
    }
}
