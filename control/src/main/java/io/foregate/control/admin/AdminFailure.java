package io.foregate.control.admin;

import io.foregate.control.config.bind.Problem;

/** Why the admin API can't be as the configuration says, with its place. */
public final class AdminFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    AdminFailure(Problem problem, Throwable cause) {
        super(problem.toString(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
