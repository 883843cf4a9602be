package io.foregate.control.os;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that the process is alive, as often as it wants to hear it, but only when that is true: when every
 * event loop has answered in time. A process with a loop that hangs is ended by the service manager and started anew.
 *
 * <p>One daemon thread. Lives until {@link #close}.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** Whether all is well. */
    public interface Pulse {
        boolean answers(long patienceNanos) throws InterruptedException;
    }

    private final ServiceManager manager;
    private final Pulse pulse;
    private final long intervalNanos;
    private final Thread thread;

    private Watchdog(ServiceManager manager, Pulse pulse, Duration within) {
        this.manager = manager;
        this.pulse = pulse;
        // Thrice within the time, so that one that comes late does no harm.
        this.intervalNanos = Math.max(1_000_000, within.toNanos() / 3);
        this.thread = Thread.ofPlatform().daemon().name("foregate-watchdog").unstarted(this::watch);
    }

    /** Begins, if the service manager wants it. */
    public static Watchdog start(ServiceManager manager, Pulse pulse) {
        Duration within = manager.watchdog();
        Watchdog watchdog = new Watchdog(manager, pulse, within == null ? Duration.ofDays(1) : within);
        if (within != null) {
            watchdog.thread.start();
        }
        return watchdog;
    }

    private void watch() {
        boolean well = true;
        try {
            while (true) {
                boolean before = well;
                long began = System.nanoTime();
                well = pulse.answers(intervalNanos);
                if (well) {
                    manager.alive();
                } else if (before) {
                    LOG.error("an event loop doesn't answer; the service manager isn't told that all is well");
                }
                long left = intervalNanos - (System.nanoTime() - began);
                if (left > 0) {
                    Thread.sleep(Duration.ofNanos(left));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.debug("the watchdog has ended", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
