package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;

/**
 * A configuration in force. A value.
 *
 * @param loaded as it was read
 * @param built what became of it
 */
public record Running(Loaded.Ok loaded, Built built) {
    public EffectiveConfig config() {
        return loaded.effective();
    }

    /** Of the snapshots of this process, counted from 1. */
    public long number() {
        return built.snapshot().revision();
    }
}
