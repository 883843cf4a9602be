package io.foregate.control.build;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.pools.EndpointRegistry;

/** Compiles configurations that tests write down. */
public final class Builds {
    private Builds() {}

    public static EffectiveConfig config(String yaml) {
        return switch (ConfigLoader.load("test.yaml", yaml)) {
            case Loaded.Ok ok -> ok.effective();
            case Loaded.Invalid invalid -> throw new AssertionError(invalid.problems());
        };
    }

    public static SnapshotBuilder.Built build(String yaml) throws UnbuildableException {
        return SnapshotBuilder.build(1, config(yaml), new EndpointRegistry(2));
    }
}
