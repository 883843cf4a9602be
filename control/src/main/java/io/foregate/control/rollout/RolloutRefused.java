package io.foregate.control.rollout;

/** What somebody wants of a rollout can't be; the message says why, and what to do. */
public final class RolloutRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** What was asked for can't be understood. */
        WRONG,
        /** There is nothing of that name. */
        UNKNOWN,
        /** It doesn't go with how things stand. */
        CONFLICT
    }

    private final Reason reason;

    RolloutRefused(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
