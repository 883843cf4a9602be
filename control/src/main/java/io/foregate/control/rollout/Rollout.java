package io.foregate.control.rollout;

import io.foregate.control.build.TrafficRegistry.Diverted;
import io.foregate.control.config.model.Percent;
import io.foregate.control.rollout.Progress.Phase;
import io.foregate.control.rollout.RolloutView.Event;
import io.foregate.control.rollout.RolloutView.Origin;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.route.Diversion;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rollout: its plan, how far it is, and the share that follows from that. Used under the lock of its {@link Rollouts}; lives until
 * another one of the same pool begins.
 */
final class Rollout {
    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);
    private static final int MOST_EVENTS = 30;

    private final RolloutPlan plan;
    private final Origin origin;
    private final Diversion diversion;
    private final Deque<Event> events = new ArrayDeque<>();
    private Progress progress;
    private Tally.Reading base = Tally.Reading.NONE;
    private Judgement judgement;
    private long lookedNanos = System.nanoTime();
    private boolean entered;

    /** @param progress of one that is kept on disk, or the first */
    Rollout(RolloutPlan plan, Origin origin, Progress progress, List<Event> events) {
        this.plan = plan;
        this.origin = origin;
        this.progress = progress;
        this.diversion = plan.diversion();
        this.events.addAll(events);
        this.judgement = plan.guard().judge(Tally.Reading.NONE);
    }

    RolloutPlan plan() {
        return plan;
    }

    Origin origin() {
        return origin;
    }

    Progress progress() {
        return progress;
    }

    boolean active() {
        return progress.phase().active();
    }

    List<Event> events() {
        return new ArrayList<>(events);
    }

    Diverted diverted() {
        return new Diverted(plan.from(), plan.to(), diversion);
    }

    /** The share that goes with how far it is. */
    Percent share() {
        return active() ? plan.steps().get(progress.step()) : new Percent(0);
    }

    RolloutView view(String advice) {
        return new RolloutView(plan, origin, progress, share(), judgement, events(), advice);
    }

    // ---- what becomes of it ----

    /** Requests are diverted from now on, and counted from {@code reading} on. */
    void enter(Tally.Reading reading) {
        entered = true;
        base = reading;
        lookedNanos = System.nanoTime();
        judgement = plan.guard().judge(Tally.Reading.NONE);
        diversion.share(share().partsPerMillion());
    }

    /** A process that has started goes on with it. */
    void goesOn(Tally.Reading reading) {
        enter(reading);
        say("the process has started anew and goes on with " + share());
    }

    /** Goes to the last step at once. */
    void skip(String who, Tally.Reading reading) {
        say("what is left of the steps is skipped by " + who);
        goTo(plan.lastStep(), reading);
    }

    /** The step begins anew. */
    void again(String why, Tally.Reading reading) {
        say(why);
        progress = progress.step(progress.step());
        enter(reading);
    }

    void goTo(int step, Tally.Reading reading) {
        progress = progress.step(step);
        enter(reading);
        say("step " + (step + 1) + " of " + plan.steps().size() + ": " + share());
    }

    /** Goes on, or rests, or is done; requests stay where they are. */
    void become(Phase phase, String why) {
        progress = progress.phase(phase, "");
        lookedNanos = System.nanoTime();
        say(why);
    }

    /** Nothing is diverted any more. */
    void end(Phase phase, String why) {
        boolean expected = phase == Phase.ABORTED || progress.phase() == Phase.DONE;
        progress = progress.phase(phase, why);
        diversion.share(0);
        event(why);
        if (expected) {
            LOG.info("{}: {}", this, why);
        } else {
            LOG.warn("{}: {}", this, why);
        }
    }

    /** Looks how the step fares. Returns whether anything has changed but the time. */
    boolean tick(Tally.Reading now, long nanos) {
        if (!entered || !progress.phase().guarded()) {
            return false;
        }
        long millis = (nanos - lookedNanos) / 1_000_000;
        lookedNanos += millis * 1_000_000;
        judgement = plan.guard().judge(now.minus(base));
        if (judgement.kind() == Judgement.Kind.BROKEN) {
            rollBack();
            return true;
        }
        if (progress.phase() == Phase.PAUSED) {
            return false;
        }
        progress = progress.elapsed(progress.elapsedMillis() + millis);
        return progress.elapsedMillis() >= plan.every().nanos() / 1_000_000 && stepIsOver(now);
    }

    private boolean stepIsOver(Tally.Reading now) {
        switch (judgement.kind()) {
            case TOO_FEW -> {
                String waits = "the step goes on until there are " + judgement.needed() + " requests";
                if (progress.note().equals(waits)) {
                    return false;
                }
                progress = progress.note(waits);
                long few = judgement.requests();
                say("only " + few + (few == 1 ? " request" : " requests") + " so far; " + waits);
            }
            // What might be chance in the midst of a step counts at its end.
            case DOUBTFUL, BROKEN -> rollBack();
            case HOLDS, UNGUARDED -> {
                if (progress.step() < plan.lastStep()) {
                    goTo(progress.step() + 1, now);
                } else {
                    become(
                            Phase.DONE,
                            "all requests go to pool " + plan.to() + " for good; the configuration has yet to say so");
                }
            }
        }
        return true;
    }

    private void rollBack() {
        end(Phase.ROLLED_BACK, "back to 0% from " + share() + ": " + judgement.complaint());
    }

    private void say(String text) {
        event(text);
        LOG.info("{}: {}", this, text);
    }

    private void event(String text) {
        if (events.size() == MOST_EVENTS) {
            events.removeFirst();
        }
        events.addLast(new Event(Instant.now(), text));
    }

    @Override
    public String toString() {
        return "rollout of pool " + plan.from() + " to " + plan.to();
    }
}
