package io.foregate.control.rollout;

import java.time.Instant;

/**
 * How far a rollout is. A value.
 *
 * @param step counted from 0
 * @param elapsedMillis how long the step has lasted, pauses left out
 * @param note why it is so, for people; may be empty
 * @param since when the phase or the step began
 */
public record Progress(Phase phase, int step, long elapsedMillis, String note, Instant since) {
    /** What a rollout is doing. */
    public enum Phase {
        /** It goes from step to step. */
        RUNNING,
        /** It stays at its step. The guard goes on. */
        PAUSED,
        /** All requests go to the new pool, and will until the configuration says something else. */
        DONE,
        /** The guard has ended it: no requests go to the new pool any more. */
        ROLLED_BACK,
        /** Somebody has ended it: no requests go to the new pool any more. */
        ABORTED,
        /** The configuration has ended it: requests go where that says. */
        ENDED;

        /** Whether requests may be diverted. */
        public boolean active() {
            return this == RUNNING || this == PAUSED || this == DONE;
        }

        /** Whether the guard looks. */
        boolean guarded() {
            return this == RUNNING || this == PAUSED;
        }
    }

    static Progress first() {
        return new Progress(Phase.RUNNING, 0, 0, "", Instant.now());
    }

    Progress elapsed(long millis) {
        return new Progress(phase, step, millis, note, since);
    }

    Progress note(String text) {
        return new Progress(phase, step, elapsedMillis, text, since);
    }

    Progress phase(Phase next, String why) {
        return new Progress(next, step, elapsedMillis, why, Instant.now());
    }

    Progress step(int next) {
        return new Progress(phase, next, 0, "", Instant.now());
    }
}
