package io.foregate.control.rollout;

/** A guard that can't be understood: where, why, and what to write instead. */
public final class BadGuard extends Exception {
    private static final long serialVersionUID = 1L;

    BadGuard(int at, String message) {
        super("the guard can't be understood at column " + (at + 1) + ": " + message, null, false, false);
    }
}
