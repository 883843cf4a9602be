package io.foregate.control.handover;

import io.foregate.control.config.model.Timeout;
import io.foregate.control.os.ServiceManager;
import io.foregate.control.reload.Reloader;
import io.foregate.control.rollout.Rollouts;
import io.foregate.control.run.Departure;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.server.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves the service to another process: starts it, passes it the listening sockets themselves, so that who waits in one isn't lost,
 * and stops accepting once it serves. Both accept for a moment. Whatever goes wrong before that, this process goes on as if nothing
 * had been.
 *
 * <p>Thread-safe; one hand-over at a time. Lives as long as the process.
 */
public final class Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

    /** How long the new process serves before this one gives up its sockets: what dies at the first requests dies in this time. */
    private static final Duration TRIAL = Duration.ofSeconds(1);

    /**
     * What is wanted.
     *
     * @param binary the program to start; null for this one's own, as it is on disk now
     * @param config the file to run with; null for the configuration in force
     * @param ready how long the new process may take until it serves
     * @param grace how long this one may take to end what it has; null for {@code shutdown.grace}
     */
    public record Wish(
            @Nullable Path binary,
            @Nullable Path config,
            Duration ready,
            @Nullable Timeout grace) {}

    /** What came of it. */
    public sealed interface Outcome {
        /** The new process serves, and this one is about to end. */
        record Done(long pid, String version, Duration took) implements Outcome {}

        /** This process goes on; {@code why} tells what was wrong with the other one. */
        record Failed(String why) implements Outcome {}
    }

    private final Foregate foregate;
    private final Departure departure;
    private final Reloader reloader;
    private final Rollouts rollouts;
    private final StartCommand command;
    private final ServiceManager manager;
    private volatile @Nullable Runnable afterwards;
    private @Nullable Successor successor;
    private @Nullable Timeout grace;
    private boolean done;
    private boolean cancelled;

    /** What another process would go on with. */
    public record Subject(Foregate foregate, Reloader reloader, Rollouts rollouts) {}

    public Upgrade(Subject subject, StartCommand command, ServiceManager manager) {
        this.foregate = subject.foregate;
        this.departure = foregate.departure();
        this.reloader = subject.reloader;
        this.rollouts = subject.rollouts;
        this.command = command;
        this.manager = manager;
    }

    /** Runs {@code action} once another process has taken over: it sees to it that this one ends, and doesn't wait for that. */
    public void afterwards(Runnable action) {
        afterwards = action;
    }

    /** Hands over, or says why not. Blocks for as long as the other process takes to start. */
    public Outcome run(Wish wish) throws InterruptedException {
        String obstacle = obstacle();
        if (obstacle != null) {
            return failed(obstacle);
        }
        String busy = departure.hold();
        if (busy != null) {
            return failed(busy);
        }
        boolean done = false;
        try {
            Outcome.Done outcome = handOver(wish, System.nanoTime());
            done = true;
            return outcome;
        } catch (Successor.Unfit e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.debug("the hand-over has failed", e);
            return failed(String.valueOf(e.getMessage()));
        } finally {
            if (!done) {
                departure.release();
            }
        }
    }

    private Outcome.Failed failed(String why) {
        LOG.error("no other process has taken over: {}; this one goes on as if nothing had been", why);
        return new Outcome.Failed(why);
    }

    private @Nullable String obstacle() {
        if (afterwards == null) {
            return "the process has only just been started";
        }
        if (foregate.plane().transport() != Transport.EPOLL) {
            return "with process.transport: " + foregate.plane().transport().text()
                    + " sockets can't be passed to another process; epoll can";
        }
        if (ProcessHandle.current().pid() == 1) {
            return "this process is the first of its container, which would end with it;"
                    + " start another container instead";
        }
        return null;
    }

    private Outcome.Done handOver(Wish wish, long beganNanos)
            throws IOException, InterruptedException, Successor.Unfit {
        Successor next = Successor.start(command.with(wish.binary, wish.config), wish.ready);
        boolean kept = false;
        try {
            begun(next);
            Messages.Hello who = next.hello();
            next.give(new Messages.Offer(
                    wish.config == null ? reloader.inForce() : null, departure.estate(), KnownServers.of(foregate)));
            next.awaitServing();
            departure.pause();
            next.tried(TRIAL);
            keep(next, wish.grace);
            kept = true;
            manager.replaced(who.pid());
            Runnable then = afterwards;
            if (then != null) {
                then.run();
            }
            LOG.info("process {} (version {}) serves now", who.pid(), who.version());
            return new Outcome.Done(who.pid(), who.version(), Duration.ofNanos(System.nanoTime() - beganNanos));
        } finally {
            if (!kept) {
                forgotten();
                next.close();
                departure.resume();
            }
        }
    }

    private synchronized void begun(Successor next) throws Successor.Unfit {
        successor = next;
        heedEnd();
    }

    private synchronized void keep(Successor next, @Nullable Timeout wanted) throws IOException, Successor.Unfit {
        heedEnd();
        rollouts.leave();
        boolean kept = false;
        try {
            next.keep();
            kept = true;
        } finally {
            if (!kept) {
                rollouts.stay();
            }
        }
        grace = wanted;
        done = true;
    }

    private void heedEnd() throws Successor.Unfit {
        if (cancelled) {
            throw new Successor.Unfit("this process was told to end");
        }
    }

    private synchronized void forgotten() {
        successor = null;
    }

    /** This process is about to end: no other one is to take over. False when one has. */
    public synchronized boolean cancel() {
        cancelled = true;
        if (!done && successor != null) {
            successor.end();
        }
        return !done;
    }

    /** The admin API of this process is closed: the one that has taken over may have its place. */
    public synchronized void adminIsFree() {
        if (done && successor != null) {
            successor.free();
            successor.close();
        }
    }

    /** Ends what this process has, which takes as long as that takes. */
    public void leave() throws InterruptedException {
        Timeout given = given();
        departure.leave(given == null ? foregate.running().config().shutdownGrace() : given);
    }

    private synchronized @Nullable Timeout given() {
        return grace;
    }
}
