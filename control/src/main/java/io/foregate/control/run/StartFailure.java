package io.foregate.control.run;

/** Why the process can't start, in one line for the user: what, where, and what to do about it. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
