package io.foregate.control.reload;

import java.time.Instant;

/**
 * A configuration that was put in force once, or should have been. A value.
 *
 * @param number counted from 1, also over restarts where they are kept on disk
 * @param time when it was put in force
 * @param author who wanted it: a person, or what made the process look, such as {@code SIGHUP}
 * @param message why, in the author's words; may be empty
 * @param outcome what came of it
 * @param note more of the outcome, for people; may be empty
 * @param bytes how long its text is
 */
public record Revision(
        long number, Instant time, String author, String message, Outcome outcome, String note, int bytes) {
    /** What came of a revision. */
    public enum Outcome {
        /** It was put in force. */
        APPLIED,
        /** It could not be put in force, though there was nothing wrong with it: an address that is taken, for instance. */
        FAILED,
        /** It was in force, or was tried beside the one in force, and was taken back. */
        UNDONE,
        /** It is being tried beside the one in force. */
        TRYING
    }

    Revision with(Outcome next, String why) {
        return new Revision(number, time, author, message, next, why, bytes);
    }
}
