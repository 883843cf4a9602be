package io.foregate.control.reload;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.model.Config;
import io.foregate.control.guard.Guard;
import io.foregate.control.guard.GuardSettings;
import io.foregate.control.plan.Change;
import io.foregate.control.plan.Changes;
import io.foregate.control.run.Candidate;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.StartFailure;
import io.foregate.proxy.worker.Trial;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the configuration of a proxy that runs, one change after the other, and keeps what there was. Whoever wants a change
 * comes here: a signal, the watch over the file, the admin API.
 *
 * <p>Thread-safe; blocks. Lives as long as its {@link Foregate}.
 */
public final class Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** As in the launcher, from where on the process is made for such texts. */
    private static final int LARGE_BYTES = 64 << 10;

    private static final Duration WARMING_DELAY = Duration.ofSeconds(2);
    private static final int WARMING_ROUNDS = 2;

    private final Foregate foregate;
    private final Revisions revisions;
    private final List<Companion> companions = new CopyOnWriteArrayList<>();
    private final Object planning = new Object();
    // Written under the lock, read by all: who looks doesn't wait for a change that is under way.
    private volatile InForce now;
    private volatile @Nullable Tryout trying;
    private volatile @Nullable Guard guard;

    /**
     * @param started the text that {@code foregate} was started with
     * @param revisions where what there was is kept
     */
    public Reloader(Foregate foregate, Source started, Revisions revisions) {
        this.foregate = foregate;
        this.revisions = revisions;
        this.now = new InForce(revisions.start(started), started);
    }

    /**
     * Plans the text in force, in the background, for nothing but that its code has been compiled when the first change comes: of
     * thousands of routes it would take several times as long as later ones. Does nothing for a small text.
     */
    public void warmUp() {
        if (now.source.text().length < LARGE_BYTES) {
            return;
        }
        Thread.ofPlatform().daemon().name("foregate-warm-up").start(() -> {
            try {
                // The first requests, perhaps of a hand-over, find their own code cold.
                Thread.sleep(WARMING_DELAY);
                for (int round = 0; round < WARMING_ROUNDS && !foregate.stopping(); round++) {
                    plan(now.source);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** From now on {@code companion} goes along with the configuration. */
    public void goesAlong(Companion companion) {
        companions.add(companion);
    }

    /** The revision in force. */
    public Revision current() {
        return now.revision;
    }

    /** The revision in force, and its text. */
    public record InForce(Revision revision, Source source) {}

    /** Both at one time. */
    public InForce now() {
        return now;
    }

    /** The text in force. */
    public Source inForce() {
        return now.source;
    }

    public Revisions revisions() {
        return revisions;
    }

    /** What would come of {@code wanted}, as far as reading it and recent requests tell. Changes nothing, and opens nothing but files. */
    public Result plan(Source wanted) throws InterruptedException {
        // One at a time: each takes the memory of a configuration.
        synchronized (planning) {
            return planned(wanted);
        }
    }

    private Result planned(Source wanted) throws InterruptedException {
        return switch (load(wanted)) {
            case Loaded.Invalid invalid -> new Result.Refused(invalid.problems(), invalid.warnings());
            case Loaded.Ok ok -> {
                List<Problem> doubts = warnings(ok);
                companions.forEach(companion -> {
                    Problem obstacle = companion.obstacle(ok);
                    if (obstacle != null) {
                        doubts.add(obstacle);
                    }
                });
                yield new Result.Planned(
                        Rehearsal.of(foregate, ok, folder(wanted)).warned(doubts));
            }
        };
    }

    private Loaded load(Source wanted) {
        Tryout tried = trying;
        List<Source> besides = tried == null
                ? List.of(now.source)
                : List.of(now.source, tried.text().source());
        Problem lack = Room.lack(wanted, besides, Room.heapBytes());
        return lack == null ? wanted.load() : new Loaded.Invalid(List.of(lack), List.of());
    }

    private static Path folder(Source source) {
        Path folder = Path.of(source.name()).toAbsolutePath().getParent();
        return folder == null ? Path.of("/") : folder;
    }

    /**
     * Puts {@code wanted} in force, or says why not.
     *
     * @param author who wants it
     * @param message why; may be empty
     */
    public synchronized Result apply(Source wanted, String author, String message) throws InterruptedException {
        long began = System.nanoTime();
        return switch (load(wanted)) {
            case Loaded.Invalid invalid ->
                refused(new Result.Refused(invalid.problems(), invalid.warnings()), wanted, author);
            case Loaded.Ok ok -> apply(wanted, ok, new Wish(author, message, began));
        };
    }

    /**
     * As {@link #apply}, but only while that revision is in force; null when it is another one.
     *
     * @param expected the number of a revision
     */
    public synchronized @Nullable Result applyUpon(long expected, Source wanted, String author, String message)
            throws InterruptedException {
        return now.revision.number() == expected ? apply(wanted, author, message) : null;
    }

    // ---- trying one beside the one in force ----

    /**
     * Tries {@code wanted} beside what is in force, and puts it in force if it does no harm. Until that is settled there is no other
     * change.
     *
     * @param expected the revision that it is to replace; null for whichever it is
     * @param message why; may be empty
     */
    public synchronized Begun tryOut(
            @Nullable Long expected, Source wanted, GuardSettings settings, String author, String message)
            throws InterruptedException {
        if (expected != null && expected != now.revision.number()) {
            return new Begun.Superseded();
        }
        Wish wish = new Wish(author, message, System.nanoTime());
        return switch (load(wanted)) {
            case Loaded.Invalid invalid ->
                new Begun.Settled(refused(new Result.Refused(invalid.problems(), invalid.warnings()), wanted, author));
            case Loaded.Ok ok when now.source.sameText(wanted) -> new Begun.Settled(apply(wanted, ok, wish));
            case Loaded.Ok ok -> tryOut(wanted, ok, settings, wish);
        };
    }

    private Begun tryOut(Source wanted, Loaded.Ok next, GuardSettings settings, Wish wish) throws InterruptedException {
        List<Problem> warnings = warnings(next);
        Result.Refused obstacle = obstacle(wanted, next, wish, warnings);
        if (obstacle != null) {
            return new Begun.Settled(obstacle);
        }
        Candidate candidate;
        try {
            candidate = foregate.begin(
                    next,
                    new Trial.Lot(settings.sticky(), ThreadLocalRandom.current().nextLong()));
        } catch (StartFailure e) {
            return new Begun.Settled(failed(e, wanted, wish, warnings));
        }
        Revision revision = revisions.add(
                wanted, wish.author, wish.message, Revision.Outcome.TRYING, "beside revision " + now.revision.number());
        Tryout made = new Tryout(this, candidate, revision, now.revision.number(), new Tryout.Text(wanted, next));
        trying = made;
        Guard begun = Guard.begin(made, settings);
        guard = begun;
        List<Change> changes = Changes.between(foregate.running().loaded().config(), next.config());
        warnings.forEach(warning -> LOG.warn("{}", warning));
        LOG.info(
                "revision {} is tried for {} s beside revision {} ({}): {}",
                revision.number(),
                settings.time().toSeconds(),
                now.revision.number(),
                wish.author,
                Summary.of(changes));
        return new Begun.Trying(begun, changes, warnings, candidate.quarantined());
    }

    /** The guard over the configuration that is tried, or was tried last; null when there was none. */
    public @Nullable Guard guard() {
        return guard;
    }

    /** Whether a configuration is being tried, so that there can't be another change. */
    public boolean isTrying() {
        return trying != null;
    }

    boolean isLost(Tryout tried) {
        return !foregate.tries(tried.candidate());
    }

    synchronized boolean finish(Tryout tried) {
        if (!foregate.finish(tried.candidate())) {
            return false;
        }
        companions.forEach(companion -> companion.follow(tried.text().loaded()));
        return true;
    }

    synchronized boolean abandon(Tryout tried) {
        return foregate.abandon(tried.candidate());
    }

    synchronized void settle(Tryout tried, boolean applied, String note) {
        Revision.Outcome outcome = applied ? Revision.Outcome.APPLIED : Revision.Outcome.UNDONE;
        revisions.outcome(tried.revision(), outcome, note);
        if (applied) {
            now = new InForce(tried.stored().with(outcome, note), tried.text().source());
            LOG.info("the configuration is revision {} now: {}", now.revision.number(), note);
        } else {
            LOG.warn(
                    "revision {} is undone: {}; revision {} stays in force",
                    tried.revision(),
                    note,
                    now.revision.number());
        }
        if (trying == tried) {
            trying = null;
        }
    }

    private Result.@Nullable Refused obstacle(Source wanted, Loaded.Ok next, Wish wish, List<Problem> warnings) {
        Guard going = guard;
        Tryout tried = trying;
        if (tried != null && going != null) {
            Problem busy = Problem.at(
                    new Position(wanted.name(), 1, 1),
                    "",
                    "revision %d is being tried beside revision %d, for %.0f s more"
                            .formatted(
                                    tried.revision(),
                                    now.revision.number(),
                                    going.state().secondsLeft()),
                    "wait for that, or end it: foregate apply --finish, or foregate apply --abort");
            return refused(new Result.Refused(List.of(busy), warnings), wanted, wish.author);
        }
        for (Companion companion : companions) {
            Problem problem = companion.obstacle(next);
            if (problem != null) {
                revisions.add(wanted, wish.author, wish.message, Revision.Outcome.FAILED, problem.toString());
                return refused(new Result.Refused(List.of(problem), warnings), wanted, wish.author);
            }
        }
        return null;
    }

    private Result.Refused failed(StartFailure e, Source wanted, Wish wish, List<Problem> warnings) {
        Problem problem = e.problem() != null
                ? e.problem()
                : Problem.at(new Position(wanted.name(), 1, 1), "", String.valueOf(e.getMessage()), "");
        if (!foregate.stopping()) {
            // Otherwise the history may be another process's by now.
            revisions.add(wanted, wish.author, wish.message, Revision.Outcome.FAILED, problem.toString());
        }
        return refused(new Result.Refused(List.of(problem), warnings), wanted, wish.author);
    }

    // ---- without a trial ----

    private record Wish(String author, String message, long beganNanos) {}

    private Result apply(Source wanted, Loaded.Ok next, Wish wish) throws InterruptedException {
        Config old = foregate.running().loaded().config();
        List<Problem> warnings = warnings(next);
        Result.Refused obstacle = obstacle(wanted, next, wish, warnings);
        if (obstacle != null) {
            return obstacle;
        }
        try {
            foregate.apply(next);
        } catch (StartFailure e) {
            return failed(e, wanted, wish, warnings);
        }
        companions.forEach(companion -> companion.follow(next));
        Duration took = Duration.ofNanos(System.nanoTime() - wish.beganNanos);
        // After the fact, since it takes a while where there are many routes.
        List<Change> changes = Changes.between(old, next.config());
        Revision current = now.source.sameText(wanted)
                ? now.revision
                : revisions.add(wanted, wish.author, wish.message, Revision.Outcome.APPLIED, "");
        now = new InForce(current, wanted);
        warnings.forEach(warning -> LOG.warn("{}", warning));
        LOG.info(
                "the configuration is revision {} now ({}, {} ms): {}",
                current.number(),
                wish.author,
                took.toMillis(),
                Summary.of(changes));
        return new Result.Applied(current, changes, warnings, foregate.quarantined(), took);
    }

    private Result.Refused refused(Result.Refused refused, Source wanted, String author) {
        refused.problems().forEach(problem -> LOG.error("{}", problem));
        LOG.error(
                "{} isn't used ({}); revision {} stays in force, and nothing has changed",
                wanted.name(),
                author,
                now.revision.number());
        return refused;
    }

    /** Puts what stands in {@code file} in force, or says why not. */
    public Result reload(Path file, String author) throws InterruptedException {
        Source wanted;
        try {
            wanted = Source.of(file);
        } catch (IOException e) {
            String why =
                    e instanceof NoSuchFileException ? "there is no such file" : "can't be read: " + e.getMessage();
            Problem problem = Problem.at(new Position(file.toString(), 1, 1), "", why, "");
            Source none = new Source(file.toString(), new byte[0]);
            synchronized (this) {
                return refused(new Result.Refused(List.of(problem), List.of()), none, author);
            }
        }
        return apply(wanted, author, "");
    }

    /** Puts the text in force in force anew, since files that it names have changed. */
    public synchronized Result again(String author) throws InterruptedException {
        return apply(now.source, author, "");
    }

    /**
     * Puts an older revision in force, by the same way as any other. The file stays as it is.
     *
     * @param number of the revision, or null for the one that was in force before the current one
     */
    public synchronized Result rollback(@Nullable Long number, String author) throws InterruptedException {
        Long target = number == null ? before(now.revision.number()) : number;
        Source source = target == null ? null : revisions.source(target);
        if (target == null || source == null) {
            String which = target == null
                    ? "there is no revision before " + now.revision.number()
                    : "there is no revision " + target;
            Problem problem = Problem.at(new Position(now.source.name(), 1, 1), "", which, "");
            return new Result.Refused(List.of(problem), List.of());
        }
        return apply(source, author, "rollback to revision " + target);
    }

    private @Nullable Long before(long number) {
        for (Revision revision : revisions.history()) {
            if (revision.number() < number && revision.outcome() == Revision.Outcome.APPLIED) {
                return revision.number();
            }
        }
        return null;
    }

    // What is known of the process at the start stays until its end.
    private List<Problem> warnings(Loaded.Ok next) {
        List<Problem> warnings = new ArrayList<>(next.warnings());
        Config.Machine running = foregate.startedWith();
        Config.Machine wanted = next.effective().process();
        if (!running.equals(wanted)) {
            Position position = new Position(now.source.name(), 1, 1);
            warnings.add(Problem.at(
                    position, "process", "loops and transport stay as they are until the process starts anew", ""));
        }
        return warnings;
    }
}
