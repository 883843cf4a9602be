package io.foregate.control.build;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.Origin;

/** A configuration that passed its checks and yet can't be compiled; says where, as the checks do. */
public final class UnbuildableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    UnbuildableException(Origin origin, IllegalArgumentException cause) {
        this(problem(origin, String.valueOf(cause.getMessage())), cause);
    }

    private UnbuildableException(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    private static Problem problem(Origin origin, String message) {
        Position position = origin.position();
        return Problem.at(position != null ? position : new Position("defaults", 1, 1), origin.path(), message, "");
    }

    public Problem problem() {
        return problem;
    }
}
