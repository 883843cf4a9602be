package io.foregate.control.config;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.model.Config;
import java.util.List;

/** What came of a configuration file. */
public sealed interface Loaded {
    /** What is doubtful, in the order of the file; for {@link Ok} it is all there is to say. */
    List<Problem> warnings();

    /**
     * A configuration that can be used.
     *
     * @param config what the user wrote, in its long form
     * @param effective what applies, with the place that each value came from
     * @param sources where in the file each value of {@code config} is
     * @param outside what is wrong with other files that it names; the text is sound, and only what needs them can't be used
     */
    record Ok(Config config, EffectiveConfig effective, Sources sources, List<Problem> warnings, List<Problem> outside)
            implements Loaded {}

    /** A configuration with mistakes: all of them, in the order of the file; never none. */
    record Invalid(List<Problem> problems, List<Problem> warnings) implements Loaded {}
}
