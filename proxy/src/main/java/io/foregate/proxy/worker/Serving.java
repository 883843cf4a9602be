package io.foregate.proxy.worker;

import org.jspecify.annotations.Nullable;

/**
 * What serves: the snapshot in force, and mostly nothing else. A value, replaced as a whole, so that whoever reads it sees what
 * belongs together.
 *
 * @param trial of another snapshot beside the one in force; null when there is none
 */
public record Serving(Snapshot snapshot, @Nullable Trial trial) {
    /** The snapshot for what comes by a listener before it is known whether the other one gets it: that of those who know the listener. */
    public Snapshot at(int slot) {
        return trial == null ? snapshot : trial.at(slot);
    }
}
