package io.foregate.control.run;

import io.foregate.control.build.Standing;
import io.foregate.control.config.model.Timeout;
import io.foregate.proxy.server.DataPlane;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the place of a {@link Foregate} to another process, step by step; until the last, {@link #leave}, each can be taken back.
 * Thread-safe.
 */
public final class Departure {
    /** How long a connection may be open that nobody asks anything of, once another process serves. */
    private static final Duration UNASKED = Duration.ofSeconds(10);

    private final Foregate foregate;
    private final DataPlane plane;
    private final Doors doors;
    private final Standing standing;

    Departure(Foregate foregate, DataPlane plane, Doors doors, Standing standing) {
        this.foregate = foregate;
        this.plane = plane;
        this.doors = doors;
        this.standing = standing;
    }

    /** Keeps changes of the configuration waiting until {@link #release}. Returns why that can't be, or null when they wait. */
    public @Nullable String hold() {
        return foregate.hold();
    }

    /** Changes are made again. */
    public void release() {
        foregate.release();
    }

    /** What another process gets. While changes are held: another one might close the sockets. */
    public Estate estate() {
        return new Estate(doors.passed(), standing.certificates().ticketKeys(), standing.stickyKey());
    }

    /** Accepts no more connections for now: another process that has the same sockets does. */
    public void pause() {
        doors.pause();
    }

    /** Accepts connections again. */
    public void resume() {
        doors.resume();
    }

    /**
     * Ends the proxy, whose sockets another process has. Unlike {@link Foregate#stop} it is in no hurry: each connection ends with
     * its next answer, so that no request crosses a close on its way. Blocks for that time, at most {@code grace}.
     *
     * @return whether every exchange could end; true also when it was stopped before
     */
    public boolean leave(Timeout grace) throws InterruptedException {
        return foregate.end(grace, () -> plane.windDown(UNASKED.toNanos(), grace.nanos()));
    }
}
