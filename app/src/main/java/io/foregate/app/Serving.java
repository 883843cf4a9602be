package io.foregate.app;

import io.foregate.control.build.TrafficRegistry.Diverted;
import io.foregate.control.config.Loaded;
import io.foregate.control.handover.Takeover;
import io.foregate.control.handover.Upgrade;
import io.foregate.control.os.InheritedSockets;
import io.foregate.control.os.ServiceManager;
import io.foregate.control.os.Watchdog;
import io.foregate.control.run.ErrorLog;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.Inheritance;
import io.foregate.control.run.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Runs a proxy in the foreground until a signal ends it. SIGTERM and SIGINT end it gracefully with exit code 0, and at once when
 * they come a second time; SIGUSR1 opens log files anew, and SIGHUP also reads the configuration anew where there is a file of it.
 */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final int KILLED = 130;
    private static final String READY = "serving";

    /** Who has started this process, and hears how it is. */
    static final ServiceManager MANAGER =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid());

    private Serving() {}

    /** Starts a proxy; the level of the error log is that of the configuration from now on. */
    static Foregate start(Loaded.Ok loaded, Path folder) throws InterruptedException {
        return start(loaded, folder, null, List.of());
    }

    /** The same with rollouts that are under way, and in place of another process, where {@code takeover} isn't null. */
    static Foregate start(Loaded.Ok loaded, Path folder, @Nullable Takeover takeover, List<Diverted> diverted)
            throws InterruptedException {
        ErrorLog.level(loaded.config().logs().error().level());
        loaded.warnings().forEach(warning -> LOG.warn("{}", warning));
        try {
            Inheritance inheritance = takeover != null
                    ? takeover.inheritance()
                    : Inheritance.of(InheritedSockets.of(
                            System.getenv(), ProcessHandle.current().pid()));
            Foregate foregate = Foregate.start(loaded, Foregate.Settings.of(folder), inheritance.with(diverted));
            // Ends with the loops. From now on, since after a hand-over it may take a while until the admin API is
            // there, too.
            Watchdog.start(MANAGER, foregate.plane()::answers);
            return foregate;
        } catch (StartFailure | IOException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    /** Makes a proxy run. */
    interface Start {
        Served start() throws InterruptedException;
    }

    /**
     * A proxy that runs.
     *
     * @param reload what SIGHUP does besides opening log files anew
     * @param afterwards what is left to do when it has stopped, or another process has taken over
     * @param upgrade leaves the service to another process; null where there can't be one
     */
    record Served(
            Foregate foregate,
            Reload reload,
            Runnable afterwards,
            @Nullable Upgrade upgrade) {
        /** One whose configuration stays as it is. */
        Served(Foregate foregate) {
            this(foregate, () -> {}, () -> {}, null);
        }
    }

    /** Reads the configuration anew. */
    interface Reload {
        void reload() throws InterruptedException;
    }

    /** Runs what {@code start} starts until a signal ends it. Returns the exit code. */
    static int run(Start start) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean hungUp = new AtomicBoolean();
        AtomicBoolean rotated = new AtomicBoolean();
        AtomicReference<@Nullable Served> running = new AtomicReference<>();
        // Before the start, so that a signal in its midst isn't the death of the process.
        for (String name : new String[] {"TERM", "INT"}) {
            on(name, () -> {
                if (ended.getCount() == 0) {
                    Runtime.getRuntime().halt(KILLED);
                }
                ended.countDown();
            });
        }
        on("USR1", () -> {
            rotated.set(true);
            Served served = running.get();
            if (served != null && rotated.getAndSet(false)) {
                served.foregate.reopenLogs();
            }
        });
        on("HUP", () -> {
            hungUp.set(true);
            Served served = running.get();
            if (served != null && hungUp.getAndSet(false)) {
                hangup(served);
            }
        });
        Served served = start.start();
        running.set(served);
        // Those that came in the midst of the start.
        if (rotated.getAndSet(false)) {
            served.foregate.reopenLogs();
        }
        if (hungUp.getAndSet(false)) {
            hangup(served);
        }
        if (served.upgrade != null) {
            served.upgrade.afterwards(ended::countDown);
        }
        MANAGER.ready(READY);
        ended.await();
        end(served);
        LOG.info("stopped");
        return Main.FINE;
    }

    private static void end(Served served) throws InterruptedException {
        Upgrade upgrade = served.upgrade;
        if (upgrade == null || upgrade.cancel()) {
            LOG.info("stopping: no new connections; requests that are under way may finish");
            MANAGER.stopping();
            served.foregate.stop();
            served.afterwards.run();
        } else {
            served.afterwards.run();
            upgrade.adminIsFree();
            LOG.info("leaving: requests that are under way may finish, and each connection ends with its next answer");
            upgrade.leave();
        }
    }

    private static void hangup(Served served) {
        served.foregate.reopenLogs();
        MANAGER.reloading();
        try {
            served.reload.reload();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("the configuration could not be read anew", e);
        } finally {
            MANAGER.ready(READY);
        }
    }

    private static void on(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // Not on this system, or taken by the JVM: then it does what it does.
            LOG.debug("SIG{} can't be handled: {}", name, e.getMessage());
        }
    }
}
