package io.foregate.control.reload;

import io.foregate.control.build.Quarantine;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.plan.Change;
import io.foregate.control.plan.Plan;
import java.time.Duration;
import java.util.List;

/** What came of the wish to change the configuration. */
public sealed interface Result {
    /** What is doubtful about the text, in its order. */
    List<Problem> warnings();

    /**
     * It is in force.
     *
     * @param revision that it is
     * @param changes against what was in force before
     * @param quarantined what of it can't be used as it is
     * @param took from the text to the moment at which requests saw it
     */
    record Applied(
            Revision revision,
            List<Change> changes,
            List<Problem> warnings,
            List<Quarantine> quarantined,
            Duration took)
            implements Result {}

    /**
     * It could be put in force, and nothing has changed.
     *
     * @param plan what would be different
     */
    record Planned(Plan plan) implements Result {
        @Override
        public List<Problem> warnings() {
            return plan.warnings();
        }
    }

    /**
     * It is not, and nothing has changed.
     *
     * @param problems why, with their places; never none
     */
    record Refused(List<Problem> problems, List<Problem> warnings) implements Result {}
}
