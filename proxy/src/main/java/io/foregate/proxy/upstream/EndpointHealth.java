package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.upstream.Condition.Check;
import io.foregate.proxy.upstream.Condition.Verdict;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint fares, as connections, requests and checks show it.
 *
 * <p>A connection that fails makes it rest at once; requests that fail eject it when there are too many of them; a check that fails
 * takes it out for as long as it fails. After a rest or an ejection the next check that passes brings it back, and where there are no
 * checks one request at a time finds out.
 *
 * <p>Thread-safe, without locks: what is known is one immutable {@link Condition}, read by every pick and replaced when something
 * changes.
 */
public final class EndpointHealth {
    private static final long FIRST_REST_NANOS = 1_000_000_000L;
    private static final long LONGEST_REST_NANOS = 8_000_000_000L;

    private static final AtomicReferenceFieldUpdater<EndpointHealth, Condition> CONDITION =
            AtomicReferenceFieldUpdater.newUpdater(EndpointHealth.class, Condition.class, "condition");

    private final int loops;
    private final Runnable onChange;
    private final HealthLog log;
    private volatile Condition condition;
    private volatile @Nullable PassiveWatch passive;
    private volatile boolean slowToFail;

    /** @param onChange runs when the state has changed, on any thread */
    EndpointHealth(String name, int loops, Runnable onChange) {
        this.loops = loops;
        this.onChange = onChange;
        this.log = new HealthLog(name);
        this.condition = Condition.begin(System.nanoTime());
    }

    /** How it fares, whatever somebody wants of it. */
    public EndpointStatus status() {
        return condition.status();
    }

    // ---- what another process has found out ----

    /** For how long it is to be left alone yet because of what requests have met with; 0 when that isn't why it is down. */
    public long restNanos(long nowNanos) {
        Condition now = condition;
        boolean rests = now.rest().present() || now.ejection().present();
        return rests && now.verdict().check() != Check.FAILED
                ? Math.clamp(dueNanos() - nowNanos, 1, LONGEST_REST_NANOS)
                : 0;
    }

    /** Another process knows that it is up. Before it is looked after here; the first check decides. */
    public void inheritUp(String reason) {
        inherit(new Verdict(Check.PASSED, reason));
    }

    /**
     * Another process knows that it is down. Before it is looked after here; the first check decides, or one request after the rest.
     *
     * @param restNanos as {@link #restNanos} has it there
     */
    public void inheritDown(String reason, long restNanos) {
        if (restNanos == 0) {
            inherit(new Verdict(Check.FAILED, reason));
            return;
        }
        Condition before = condition;
        long now = System.nanoTime();
        // An ejection goes on as a rest: how many there may be isn't known before all of the pool are there.
        Absence rest = Absence.NONE.begin(now, Math.clamp(restNanos, 1, LONGEST_REST_NANOS), reason);
        if (!before.known()) {
            replace(before, before.with(rest, before.ejection(), now));
        }
    }

    // Whoever has found out something here knows better.
    private void inherit(Verdict verdict) {
        Condition before = condition;
        if (!before.known()) {
            replace(before, before.with(verdict, System.nanoTime()));
        }
    }

    // ---- for picks ----

    /** Whether a request may be sent. Where one request is to find out how things are, this claims that try. */
    boolean available(long nowNanos) {
        Condition now = condition;
        return now.open() || now.mayTry(nowNanos) && claim(now, nowNanos);
    }

    /** Whether a request may be sent although checks or requests have failed: as long as it can be connected to. */
    boolean availableInPanic(long nowNanos) {
        return !condition.rest().present() || available(nowNanos);
    }

    /** Whether {@link #available} may say yes; claims nothing. */
    boolean usable(long nowNanos) {
        Condition now = condition;
        return now.open() || now.mayTry(nowNanos);
    }

    /** Whether it gets no requests because it has never been checked. */
    public boolean awaitsCheck() {
        return condition.verdict().check() == Check.AWAITED;
    }

    /** Whether requests are kept from here, or come one at a time. */
    boolean resting() {
        return !condition.open();
    }

    /** Whether it takes long to fail, so that asking even so costs much. */
    boolean slowToFail() {
        return slowToFail;
    }

    private boolean claim(Condition before, long nowNanos) {
        PassiveWatch watch = passive;
        long nextTry = watch == null ? FIRST_REST_NANOS : watch.group().rules().firstEjectionNanos();
        Condition after = before.with(
                before.rest().lapse(nowNanos, FIRST_REST_NANOS),
                before.ejection().lapse(nowNanos, nextTry),
                nowNanos);
        return replace(before, after);
    }

    // ---- what connections show ----

    void connectSucceeded() {
        Condition before = condition;
        while (before.rest().present() || !before.known()) {
            long now = System.nanoTime();
            Absence rest = before.rest().end(now).forgotten();
            if (replace(before, before.with(rest, before.ejection(), now))) {
                return;
            }
            before = condition;
        }
    }

    void connectFailed(long nowNanos, Failure failure) {
        slowToFail = failure.kind() == Failure.Kind.CONNECT_TIMEOUT || failure.kind() == Failure.Kind.TLS_TIMEOUT;
        while (true) {
            Condition before = condition;
            Absence rest = before.rest();
            // Requests that fail together have found out one thing, not many.
            if (rest.present() && nowNanos - rest.changedNanos() < FIRST_REST_NANOS / 2) {
                return;
            }
            long lasts = Math.min(FIRST_REST_NANOS << Math.min(rest.count(), 8), LONGEST_REST_NANOS);
            Absence longer = rest.begin(nowNanos, lasts, "can't be reached: " + failure.detail());
            if (replace(before, before.with(longer, before.ejection(), nowNanos))) {
                return;
            }
        }
    }

    // ---- what requests show ----

    /** From now on requests are judged by the rules of that group; null is not at all. An ejection by other rules ends. */
    public void judgeBy(@Nullable PassiveGroup group) {
        PassiveWatch before = passive;
        if (before != null && before.group() == group || before == null && group == null) {
            return;
        }
        passive = null;
        if (before != null) {
            before.group().leave(before);
            endEjection(before, System.nanoTime());
        }
        if (group != null) {
            PassiveWatch after = new PassiveWatch(group, loops);
            group.join(after);
            passive = after;
        }
    }

    void answered(int loop, int status, long nowNanos) {
        PassiveWatch watch = passive;
        if (watch == null) {
            return;
        }
        PassiveWatch.Outcome outcome = watch.answered(loop, status, nowNanos);
        if (outcome != PassiveWatch.Outcome.FINE) {
            judge(watch, outcome, status, nowNanos);
        } else if (endsTrial(condition)) {
            slowToFail = false;
            endEjection(watch, nowNanos);
        }
    }

    private static boolean endsTrial(Condition now) {
        return now.ejection().lapsed() && !now.checked();
    }

    void failed(int loop, Failure failure, long nowNanos) {
        PassiveWatch watch = passive;
        if (watch == null || failure.source() != Failure.Source.ORIGIN) {
            return;
        }
        boolean timeout = isTimeout(failure.kind());
        if (timeout
                ? !watch.group().rules().timeouts()
                : !isReset(failure.kind()) || !watch.group().rules().resets()) {
            return;
        }
        PassiveWatch.Outcome outcome = watch.failed(loop, nowNanos);
        if (judge(watch, outcome, failure, nowNanos)) {
            slowToFail = timeout;
        }
    }

    private static boolean isTimeout(Failure.Kind kind) {
        return kind == Failure.Kind.FIRST_BYTE_TIMEOUT
                || kind == Failure.Kind.IDLE_TIMEOUT
                || kind == Failure.Kind.TOTAL_TIMEOUT;
    }

    private static boolean isReset(Failure.Kind kind) {
        return kind == Failure.Kind.RESET
                || kind == Failure.Kind.CLOSED_EARLY
                || kind == Failure.Kind.STREAM_RESET
                || kind == Failure.Kind.RESPONSE_MALFORMED
                || kind == Failure.Kind.RESPONSE_TOO_LARGE
                || kind == Failure.Kind.RESPONSE_TRUNCATED;
    }

    private void judge(PassiveWatch watch, PassiveWatch.Outcome outcome, int status, long nowNanos) {
        if (mayEject(outcome)) {
            eject(watch, outcome, "status " + status, nowNanos);
        }
    }

    private boolean judge(PassiveWatch watch, PassiveWatch.Outcome outcome, Failure failure, long nowNanos) {
        return mayEject(outcome) && eject(watch, outcome, String.valueOf(failure.detail()), nowNanos);
    }

    private boolean mayEject(PassiveWatch.Outcome outcome) {
        return outcome == PassiveWatch.Outcome.TOO_MANY || condition.ejection().lapsed();
    }

    /** Ejects the endpoint if there is reason to, and leave. Returns whether so. */
    private boolean eject(PassiveWatch watch, PassiveWatch.Outcome outcome, String last, long nowNanos) {
        boolean claimed = false;
        while (true) {
            Condition before = condition;
            Absence ejection = before.ejection();
            boolean again = ejection.lapsed();
            boolean first = outcome == PassiveWatch.Outcome.TOO_MANY && !ejection.present();
            // Requests that were under way when it was ejected tell nothing new.
            if (!again && !first || first && !claimed && !watch.group().tryEject()) {
                giveBack(watch, claimed);
                return false;
            }
            claimed |= first;
            PassiveRules rules = watch.group().rules();
            Absence history = again || isRecent(ejection, rules, nowNanos) ? ejection : ejection.forgotten();
            long lasts = rules.ejectionNanos(history.count());
            String reason = "ejected for " + duration(lasts) + ": " + watch.reason(last, nowNanos);
            Absence longer = history.begin(nowNanos, lasts, reason);
            if (replace(before, before.with(before.rest(), longer, nowNanos))) {
                watch.beginAnew();
                // Who is ejected again has its place.
                giveBack(watch, claimed && again);
                return true;
            }
        }
    }

    private static String duration(long nanos) {
        long millis = nanos / 1_000_000;
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    // Whoever has been well for twice as long as the last ejection, and a window, begins anew.
    private static boolean isRecent(Absence ejection, PassiveRules rules, long nowNanos) {
        long last = rules.ejectionNanos(ejection.count() - 1);
        return nowNanos - ejection.changedNanos() < 2 * last + rules.window().nanos();
    }

    private static void giveBack(PassiveWatch watch, boolean claimed) {
        if (claimed) {
            watch.group().ejectionEnded();
        }
    }

    private void endEjection(PassiveWatch watch, long nowNanos) {
        for (Condition before = condition; before.ejection().present(); before = condition) {
            Condition after = before.with(before.rest(), before.ejection().end(nowNanos), nowNanos);
            if (replace(before, after)) {
                watch.group().ejectionEnded();
                watch.beginAnew();
                return;
            }
        }
    }

    // ---- what checks show ----

    /**
     * From now on checks tell how it fares.
     *
     * @param waits whether it gets no requests until the first has passed, where nothing is known yet
     */
    public void checksBegin(boolean waits) {
        Condition before = condition;
        while (!before.checked()) {
            Verdict due = new Verdict(waits && !before.known() ? Check.AWAITED : Check.DUE, "");
            if (replace(before, before.with(due, System.nanoTime()))) {
                return;
            }
            before = condition;
        }
    }

    /** Nobody checks it any more. */
    public void checksEnd() {
        Condition before = condition;
        while (before.checked() && !replace(before, before.with(Verdict.NONE, System.nanoTime()))) {
            before = condition;
        }
    }

    /**
     * A check has passed.
     *
     * @param enough whether that makes it up, should it be down: there have been as many in a row as it takes
     */
    public void checkPassed(boolean enough, String reason) {
        long now = System.nanoTime();
        slowToFail = false;
        while (true) {
            Condition before = condition;
            if (!before.checked()) {
                return;
            }
            boolean ends = before.ejection().present() && before.ejection().over(now);
            Condition after = before;
            if (enough && before.verdict().check() != Check.PASSED) {
                after = after.with(new Verdict(Check.PASSED, reason), now);
            }
            if (ends || before.rest().present() && before.rest().over(now)) {
                Absence rest = before.rest().over(now) ? before.rest().end(now) : before.rest();
                Absence ejection = ends ? before.ejection().end(now) : before.ejection();
                after = after.with(rest, ejection, now);
            }
            if (after == before || replace(before, after)) {
                PassiveWatch watch = passive;
                if (ends && watch != null) {
                    watch.group().ejectionEnded();
                    watch.beginAnew();
                }
                return;
            }
        }
    }

    /**
     * A check has failed.
     *
     * @param enough whether that takes it down, should it be up
     * @param slow whether the failure took as long as a check may take
     */
    public void checkFailed(boolean enough, String reason, boolean slow) {
        Condition before = condition;
        while (enough && before.checked()) {
            slowToFail = slow;
            Verdict failed = new Verdict(Check.FAILED, reason);
            if (failed.equals(before.verdict()) || replace(before, before.with(failed, System.nanoTime()))) {
                return;
            }
            before = condition;
        }
    }

    /** When a rest or an ejection is over, as {@link System#nanoTime()} has it; 0 when there is none that waits to be over. */
    public long dueNanos() {
        Condition now = condition;
        long rest = now.rest().lapsed() ? 0 : now.rest().untilNanos();
        long ejection = now.ejection().lapsed() ? 0 : now.ejection().untilNanos();
        return rest == 0 || ejection != 0 && ejection - rest > 0 ? ejection : rest;
    }

    /** Says so, if the rest or the ejection is over, and a request is to find out how things are. */
    public void lapse() {
        long now = System.nanoTime();
        Condition before = condition;
        while (!before.open() && before.mayTry(now)) {
            boolean waits = before.rest().present() && !before.rest().lapsed()
                    || before.ejection().present() && !before.ejection().lapsed();
            Condition after =
                    before.with(before.rest().lapse(now, 0), before.ejection().lapse(now, 0), now);
            if (!waits || replace(before, after)) {
                return;
            }
            before = condition;
        }
    }

    private boolean replace(Condition before, Condition after) {
        if (!CONDITION.compareAndSet(this, before, after)) {
            return false;
        }
        if (before.status().state() != after.status().state()) {
            onChange.run();
            log.changed(after.status());
        }
        return true;
    }
}
