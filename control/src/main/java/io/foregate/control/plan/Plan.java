package io.foregate.control.plan;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import java.util.List;

/**
 * What a change of the configuration would do.
 *
 * @param changes in the user's words
 * @param regions which requests would go elsewhere or be answered differently
 * @param warnings what is doubtful in the new configuration
 */
public record Plan(List<Change> changes, List<Region> regions, List<Problem> warnings) {
    /** Compares two sound configurations; touches nothing. */
    public static Plan of(Loaded.Ok before, Loaded.Ok after) {
        return new Plan(
                Changes.between(before.config(), after.config()),
                Regions.between(before.effective(), after.effective()),
                after.warnings());
    }

    /** Whether nothing would be different. */
    public boolean empty() {
        return changes.isEmpty() && regions.isEmpty();
    }
}
