package io.foregate.proxy.exchange;

import io.foregate.proxy.codec.HttpStream;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Pumps one direction of an exchange from stream to stream under the sink's watermarks. Holds no data itself: what the sink
 * can't take is bounded by stopping the source. Owned by its exchange.
 */
final class Relay {
    private @Nullable HttpStream source;
    private @Nullable HttpStream sink;
    private boolean paused;

    void begin(HttpStream from, HttpStream to) {
        source = from;
        sink = to;
        paused = false;
    }

    void clear() {
        source = null;
        sink = null;
        paused = false;
    }

    /** Whether the source waits for the sink. */
    boolean paused() {
        return paused;
    }

    /** Passes data on, whose ownership goes with it. */
    void data(ByteBuf data, boolean end) {
        HttpStream to = sink;
        if (to == null) {
            data.release();
            return;
        }
        to.writeData(data, end);
        if (!end) {
            check();
        }
    }

    /** Stops the source when the sink has enough. A flush often makes room, and spares two system calls. */
    void check() {
        HttpStream to = sink;
        if (to == null || paused || to.writable()) {
            return;
        }
        to.flush();
        HttpStream from = source;
        if (!to.writable() && from != null) {
            paused = true;
            from.pauseRead();
        }
    }

    /** The sink has room again. */
    void resume() {
        HttpStream from = source;
        if (paused && from != null) {
            paused = false;
            from.resumeRead();
        }
    }
}
