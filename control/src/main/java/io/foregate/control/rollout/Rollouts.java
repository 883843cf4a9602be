package io.foregate.control.rollout;

import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.build.TrafficRegistry.Diverted;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Name;
import io.foregate.control.reload.Companion;
import io.foregate.control.reload.Reloader;
import io.foregate.control.rollout.Progress.Phase;
import io.foregate.control.rollout.RolloutRefused.Reason;
import io.foregate.control.rollout.RolloutView.Origin;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.observe.Tally;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollouts of a process. While there are any, a thread looks five times a second how they fare; their shares are read by the
 * loops, and change at once. On disk where there is a file for them, so that the next process goes on with them.
 *
 * <p>Thread-safe. Lives as long as its {@link Foregate}.
 */
public final class Rollouts implements Companion, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
    private static final long LOOK_MILLIS = 200;
    private static final long KEEP_MILLIS = 5_000;

    private final @Nullable RolloutFile file;
    private final Map<Name, Rollout> rollouts = new LinkedHashMap<>();
    private @Nullable Foregate foregate;
    private @Nullable Thread looker;
    private @Nullable Config inForce;
    private long keptNanos;
    private boolean closed;

    private Rollouts(@Nullable RolloutFile file) {
        this.file = file;
        if (file != null) {
            file.read().forEach(rollout -> rollouts.put(rollout.plan().from(), rollout));
        }
    }

    /** Those that end with the process. */
    public static Rollouts inMemory() {
        return new Rollouts(null);
    }

    /** With those that are kept in {@code file}, which is written when there is something to write. */
    public static Rollouts in(Path file) {
        return new Rollouts(new RolloutFile(file));
    }

    /** What a process has to divert from its first request on. */
    public synchronized List<Diverted> diverted() {
        List<Diverted> all = new ArrayList<>();
        for (Rollout rollout : rollouts.values()) {
            if (rollout.active()) {
                rollout.enter(Tally.Reading.NONE);
                all.add(rollout.diverted());
            }
        }
        return all;
    }

    /**
     * Goes on with those that there are, from where they were: the same share, what is left of the step's time, and the guard anew.
     *
     * @param started with what {@link #diverted} said, here or when the file was read before
     */
    public synchronized void begin(Foregate started, Reloader reloader) {
        foregate = started;
        traffic().diversions().forEach(one -> traffic().undivert(one.from()));
        diverted().forEach(traffic()::divert);
        started.renewDetours();
        for (Rollout rollout : rollouts.values()) {
            if (rollout.active()) {
                rollout.goesOn(reading(rollout));
            }
        }
        reloader.goesAlong(this);
        follow(started.running().loaded());
        look();
    }

    // ---- what somebody wants ----

    /** Begins one. */
    public RolloutView start(RolloutPlan plan, String author) throws RolloutRefused {
        Rollout rollout;
        synchronized (this) {
            heedEnd();
            Ground.check(plan, foregate().running());
            if (foregate().stopping()) {
                throw new RolloutRefused(Reason.CONFLICT, "the process is about to end");
            }
            for (Rollout other : rollouts.values()) {
                if (other.active()) {
                    refuseBeside(plan, other);
                }
            }
            boolean same = Ground.sameServers(plan, foregate().running().config());
            rollout = new Rollout(plan, new Origin(author, Instant.now(), same), Progress.first(), List.of());
            rollouts.put(plan.from(), rollout);
            traffic().divert(rollout.diverted());
        }
        // It waits for a change of the configuration that is under way, for which nobody else should have to wait here.
        foregate().renewDetours();
        synchronized (this) {
            if (rollout.active()) {
                rollout.goTo(0, reading(rollout));
                keep();
                look();
            }
            return view(rollout);
        }
    }

    private static void refuseBeside(RolloutPlan plan, Rollout other) throws RolloutRefused {
        RolloutPlan there = other.plan();
        if (there.from().equals(plan.from())) {
            throw new RolloutRefused(
                    Reason.CONFLICT,
                    "there is a " + other + " already, at " + other.share() + "; 'foregate rollout abort "
                            + there.from() + "' ends it");
        }
        if (there.from().equals(plan.to()) || there.to().equals(plan.from())) {
            throw new RolloutRefused(
                    Reason.CONFLICT,
                    "there is a " + other
                            + ", and rollouts aren't chained; abort it, or write into the configuration what it has"
                            + " come to");
        }
    }

    /** Stays at its step until somebody says otherwise. The guard goes on. */
    public synchronized RolloutView pause(Name from, String who) throws RolloutRefused {
        Rollout rollout = active(from);
        require(rollout, Phase.RUNNING, "paused");
        rollout.become(Phase.PAUSED, "paused by " + who);
        keep();
        return view(rollout);
    }

    /** Goes on after a pause. */
    public synchronized RolloutView resume(Name from, String who) throws RolloutRefused {
        Rollout rollout = active(from);
        require(rollout, Phase.PAUSED, "resumed");
        rollout.become(Phase.RUNNING, "resumed by " + who);
        keep();
        look();
        return view(rollout);
    }

    private static void require(Rollout rollout, Phase phase, String what) throws RolloutRefused {
        Phase now = rollout.progress().phase();
        if (now != phase) {
            throw new RolloutRefused(
                    Reason.CONFLICT,
                    "the " + rollout + " can't be " + what + ": it is "
                            + (now == Phase.DONE ? "done" : now == Phase.PAUSED ? "paused already" : "running"));
        }
    }

    /** No request that begins from now on goes to the new pool. */
    public synchronized RolloutView abort(Name from, String who) throws RolloutRefused {
        Rollout rollout = active(from);
        rollout.end(Phase.ABORTED, "back to 0% from " + rollout.share() + ": aborted by " + who);
        letGo(rollout);
        keep();
        return view(rollout);
    }

    /** Goes to the last step at once, where the guard watches as ever; where it is done already, nothing changes. */
    public synchronized RolloutView finish(Name from, String who) throws RolloutRefused {
        Rollout rollout = active(from);
        boolean last = rollout.progress().step() == rollout.plan().lastStep();
        if (rollout.progress().phase() == Phase.PAUSED) {
            rollout.become(Phase.RUNNING, "resumed by " + who);
        }
        if (!last) {
            rollout.skip(who, reading(rollout));
        }
        keep();
        look();
        return view(rollout);
    }

    private void heedEnd() throws RolloutRefused {
        if (closed) {
            throw new RolloutRefused(Reason.CONFLICT, "this process ends, or another one has taken over; ask again");
        }
    }

    private Rollout active(Name from) throws RolloutRefused {
        heedEnd();
        Rollout rollout = rollouts.get(from);
        if (rollout == null || !rollout.active()) {
            throw new RolloutRefused(
                    Reason.UNKNOWN,
                    "there is no rollout of pool " + from
                            + (rollout == null
                                    ? ""
                                    : "; the last one is over: "
                                            + rollout.progress().note()));
        }
        return rollout;
    }

    // ---- what there is ----

    /** All rollouts, and the last of each pool that has none now. */
    public synchronized List<RolloutView> all() {
        return rollouts.values().stream().map(this::view).toList();
    }

    /** The rollout of a pool, or its last one; null when there has been none. */
    public synchronized @Nullable RolloutView of(Name from) {
        Rollout rollout = rollouts.get(from);
        return rollout == null ? null : view(rollout);
    }

    private RolloutView view(Rollout rollout) {
        boolean done = rollout.progress().phase() == Phase.DONE;
        return rollout.view(
                done
                        ? Ground.advice(
                                rollout.plan(),
                                rollout.origin().sameServers(),
                                foregate().running().config())
                        : "");
    }

    // ---- as time goes by ----

    private void look() {
        boolean any = rollouts.values().stream()
                .anyMatch(rollout -> rollout.progress().phase().guarded());
        if (any && looker == null && !closed) {
            looker = Thread.ofVirtual().name("foregate-rollouts").start(this::run);
        }
    }

    private void run() {
        try {
            while (tickSafely()) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A rollout that nobody looks at any more would be worse than a line in the log.
    private boolean tickSafely() {
        try {
            return tick();
        } catch (RuntimeException e) {
            LOG.error("rollouts can't be looked at; it is tried again", e);
            return true;
        }
    }

    private synchronized boolean tick() {
        // A process that ends leaves the rest to the next one, which may be there already.
        if (closed || foregate().stopping()) {
            looker = null;
            return false;
        }
        boolean any = false;
        boolean changed = System.nanoTime() - keptNanos > KEEP_MILLIS * 1_000_000;
        for (Rollout rollout : rollouts.values()) {
            changed |= rollout.tick(reading(rollout), System.nanoTime());
            any |= rollout.progress().phase().guarded();
            if (!rollout.active()) {
                letGo(rollout);
            }
        }
        if (changed) {
            keep();
        }
        if (!any) {
            looker = null;
        }
        return any;
    }

    private Tally.Reading reading(Rollout rollout) {
        return foregate().endpoints().load(rollout.plan().to()).tally().read();
    }

    // Routes needn't hurry: nothing goes that way any more.
    private void letGo(Rollout rollout) {
        traffic().undivert(rollout.plan().from());
    }

    private void keep() {
        keptNanos = System.nanoTime();
        if (file != null && !closed) {
            file.write(rollouts.values());
        }
    }

    // ---- Companion ----

    @Override
    public @Nullable Problem obstacle(Loaded.Ok next) {
        return null;
    }

    @Override
    public synchronized void follow(Loaded.Ok next) {
        Config before = inForce;
        inForce = next.config();
        boolean changed = false;
        for (Rollout rollout : rollouts.values()) {
            if (rollout.active()) {
                String why = Ground.needless(rollout.plan(), rollout.origin().sameServers(), next.effective());
                Name to = rollout.plan().to();
                if (why != null) {
                    changed = true;
                    rollout.end(
                            Phase.ENDED,
                            "ended at " + rollout.share() + ", requests go where the configuration says: " + why);
                    letGo(rollout);
                } else if (before != null
                        && rollout.progress().phase().guarded()
                        && !Objects.equals(
                                before.pools().get(to), next.config().pools().get(to))) {
                    changed = true;
                    rollout.again(
                            "the configuration of pool " + to + " has changed, so the step begins anew",
                            reading(rollout));
                }
            }
        }
        if (changed) {
            keep();
        }
    }

    private Foregate foregate() {
        return Objects.requireNonNull(foregate);
    }

    private TrafficRegistry traffic() {
        return foregate().traffic();
    }

    /** Another process goes on with them from now on, with what is kept. */
    public synchronized void leave() {
        if (!rollouts.isEmpty()) {
            keep();
        }
        close();
    }

    /** It doesn't, after all. */
    public synchronized void stay() {
        closed = false;
        look();
    }

    /** Looks no more; the shares stay as they are. */
    @Override
    public synchronized void close() {
        closed = true;
    }
}
