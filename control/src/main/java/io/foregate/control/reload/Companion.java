package io.foregate.control.reload;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import org.jspecify.annotations.Nullable;

/** Something beside the data plane that goes by the configuration too. */
public interface Companion {
    /** Why it couldn't go along with {@code next}, or null when it can. Nothing changes. On any thread. */
    @Nullable
    Problem obstacle(Loaded.Ok next);

    /** {@code next} is in force. It never throws. Called by one thread at a time. */
    void follow(Loaded.Ok next);
}
