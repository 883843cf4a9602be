package io.foregate.control.build;

import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Timeout;

/** Turns configured quantities into what the data plane counts in. */
final class Units {
    private Units() {}

    /** Nanoseconds; {@link Long#MAX_VALUE} for none. */
    static long nanos(Timeout timeout) {
        return timeout.isNone() ? Long.MAX_VALUE : timeout.nanos();
    }

    /** Bytes of what is held in memory, which an int counts. */
    static int bytes(Size size) {
        return (int) Math.min(size.bytes(), Integer.MAX_VALUE);
    }
}
