package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Sources;
import io.foregate.control.config.effective.EffectiveConfig;

/**
 * A configuration in force. A value.
 *
 * @param loaded as it was read, but for its sources
 * @param built what became of it
 */
public record Running(Loaded.Ok loaded, Built built) {
    /** Without the places of single values, which are many and have done their work. */
    static Running of(Loaded.Ok loaded, Built built) {
        Loaded.Ok lighter = new Loaded.Ok(
                loaded.config(), loaded.effective(), new Sources(""), loaded.warnings(), loaded.outside());
        return new Running(lighter, built);
    }

    public EffectiveConfig config() {
        return loaded.effective();
    }

    /** Of the snapshots of this process, counted from 1. */
    public long number() {
        return built.snapshot().revision();
    }
}
