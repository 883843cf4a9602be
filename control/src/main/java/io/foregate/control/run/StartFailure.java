package io.foregate.control.run;

import io.foregate.control.config.bind.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Why the process can't start with a configuration, or go over to it, in one line for the user: what, where, and what to do
 * about it.
 */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Problem problem;

    StartFailure(String message, Throwable cause) {
        super(message, cause);
        this.problem = null;
    }

    StartFailure(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    /** The same with its place in the configuration; null when it has none. */
    public @Nullable Problem problem() {
        return problem;
    }
}
