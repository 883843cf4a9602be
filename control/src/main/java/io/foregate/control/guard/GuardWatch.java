package io.foregate.control.guard;

import io.foregate.control.guard.GuardState.Phase;
import io.foregate.control.guard.GuardState.Side;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over a configuration that is tried beside the one in force: gives it more of the traffic step by step, looks four times a
 * second whether it does harm, and then ends the trial, one way or the other. One virtual thread, until that.
 */
final class GuardWatch {
    private static final Logger LOG = LoggerFactory.getLogger(GuardWatch.class);
    private static final long LAST_REQUESTS_MILLIS = 1_000;
    private static final int SHOWN_ROUTES = 20;
    // Twice a second is as often as anybody looks.
    private static final int SAID_EVERY = 2;
    private static final String LOST = "the process ended while it was tried";
    private static final String BY_CONNECTION = "--by connection tells apart what comes from one address";
    private static final int FEW_REQUESTS = 100;
    private static final int FEW_GROUPS = 3;

    private final Guard.Tried tried;
    private final GuardSettings settings;
    private final Jury jury;
    private final Instant begun = Instant.now();
    private final long beganNanos = System.nanoTime();
    private final List<Double> steps;
    private final Guard guard;
    private int step;
    private int looks;

    private GuardWatch(Guard.Tried tried, GuardSettings settings) {
        this.tried = tried;
        this.settings = settings;
        this.steps = settings.steps();
        this.jury = new Jury(tried.trial(), settings.ignored(), beganNanos);
        this.guard = new Guard(stateNow(Phase.TRYING, "", null, 0));
    }

    static Guard begin(Guard.Tried tried, GuardSettings settings) {
        GuardWatch watch = new GuardWatch(tried, settings);
        tried.trial().share(watch.steps.getFirst(), 0);
        Thread.ofVirtual().name("foregate-guard-" + tried.revision()).start(watch::watch);
        return watch.guard;
    }

    private void watch() {
        try {
            while (!isOver(guard.pause())) {
                if (++looks % SAID_EVERY == 0) {
                    guard.is(stateNow(Phase.TRYING, "", null, 0));
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            LOG.error("the guard over revision {} has failed; it is taken back", tried.revision(), e);
            undo("the guard itself has failed: " + e, null);
        } finally {
            guard.over();
        }
    }

    /** Looks, and acts. Returns whether the trial is over. */
    private boolean isOver(Guard.Wish wanted) {
        long now = System.nanoTime();
        Harm harm = jury.look(now);
        if (tried.lost()) {
            end(false, LOST, null);
            return true;
        }
        switch (wanted) {
            case FINISH -> {
                apply("finished early by " + guard.whose());
                return true;
            }
            case ABORT -> {
                undo("aborted by " + guard.whose(), null);
                return true;
            }
            case NONE -> {}
        }
        if (harm != null) {
            undo(harm.text(), harm);
            return true;
        }
        long stepNanos = settings.time().toNanos() / steps.size();
        if (now - beganNanos < stepNanos * (step + 1)) {
            return false;
        }
        if (++step < steps.size()) {
            jury.nextStep(now);
            tried.trial().share(steps.get(step), step);
            LOG.info("revision {} gets {} of the clients now", tried.revision(), Harm.percent(steps.get(step)));
            return false;
        }
        decide();
        return true;
    }

    private void decide() {
        String little = tooLittle();
        if (little.isEmpty()) {
            Side after = Side.of(jury.after());
            apply(String.format(
                    Locale.ROOT,
                    "no harm seen in %,d requests with it, beside %,d without",
                    after.requests(),
                    jury.before().requests()));
        } else if (settings.insist()) {
            undo("too little evidence: " + little, null);
        } else {
            apply("too little evidence: " + little);
        }
    }

    private String tooLittle() {
        long before = jury.before().requests();
        long after = jury.after().requests();
        if (after < FEW_REQUESTS || before < FEW_REQUESTS) {
            String counted = String.format(Locale.ROOT, "%,d requests with it and %,d without", after, before);
            if (after == 0) {
                return counted + (before < FEW_REQUESTS ? "" : ", all of few addresses; " + BY_CONNECTION);
            }
            String unseen = Harm.percent(Math.min(1, 3.0 / after));
            return counted + "; with so few, failures of up to " + unseen + " go unseen";
        }
        return jury.after().groups() < FEW_GROUPS
                ? String.format(Locale.ROOT, "its %,d requests came from one or two groups of clients; ", after)
                        + BY_CONNECTION
                : "";
    }

    private void apply(String note) {
        boolean done = tried.finish();
        end(done, done ? note : LOST, null);
    }

    private void undo(String note, @Nullable Harm harm) {
        boolean done = tried.abandon();
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        if (done && harm != null) {
            // Requests that are under way count, too.
            pauseForLast();
            jury.look(System.nanoTime());
        }
        end(false, done ? note : LOST, harm, seconds);
    }

    private void pauseForLast() {
        long deadline = System.nanoTime() + LAST_REQUESTS_MILLIS * 1_000_000;
        try {
            while (!tried.trial().candidate().closed().isDone() && System.nanoTime() - deadline < 0) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(boolean applied, String note, @Nullable Harm harm) {
        end(applied, note, harm, 0);
    }

    private void end(boolean applied, String note, @Nullable Harm harm, double seconds) {
        String outcome = applied || harm == null
                ? note
                : String.format(
                        Locale.ROOT,
                        "%s (%s; undone after %.1f s, %,d requests harmed)",
                        note,
                        harm.cause().text(),
                        seconds,
                        jury.harmed(harm.cause()));
        tried.outcome(applied, outcome);
        guard.is(stateNow(applied ? Phase.APPLIED : Phase.UNDONE, outcome, harm, applied ? 0 : seconds));
    }

    private GuardState stateNow(Phase phase, String outcome, @Nullable Harm harm, double secondsToUndo) {
        double left = (settings.time().toNanos() - (System.nanoTime() - beganNanos)) / 1e9;
        boolean going = phase == Phase.TRYING;
        return new GuardState(
                tried.revision(),
                tried.against(),
                phase,
                begun,
                going ? steps.get(Math.min(step, steps.size() - 1)) : phase == Phase.APPLIED ? 1 : 0,
                going ? Math.max(0, left) : 0,
                Side.of(jury.before()),
                Side.of(jury.after()),
                jury.busiest(SHOWN_ROUTES),
                outcome,
                harm,
                harm == null ? 0 : jury.harmed(harm.cause()),
                secondsToUndo);
    }
}
