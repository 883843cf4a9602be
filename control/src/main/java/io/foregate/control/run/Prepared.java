package io.foregate.control.run;

/** A configuration for which everything is there that may fail, so that it can be in force the next moment. Made by {@link Preparation}. */
record Prepared(Running next, Logs.Change logs, Doors.Move move) {
    /** Closes what was opened for it. */
    void abandon() {
        move.abandon();
        logs.abandon();
    }
}
