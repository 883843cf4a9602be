package io.foregate.proxy.worker;

import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.loop.TimerWheel;
import io.foregate.proxy.observe.Overloads;
import io.foregate.proxy.observe.Overloads.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Refuses part of the requests of one loop while it can't keep up, so that the rest is answered in good time.
 *
 * <p>Whether it keeps up is seen from how late the ticks of its timers are: a tick waits for everything that is ready before it, as
 * a request does. The mean over about four ticks counts, and no single one for more than twice the threshold, so a pause of
 * the garbage collector, however long, is no overload. Beyond the threshold the share that is refused grows by half within a
 * second, below half of the threshold it falls by a fifth, in between it stays: it settles where the loop just keeps up. Which
 * requests it meets is chance; some always pass, which is how the end of the overload is found out.
 *
 * <p>Owned by its loop. Costs one comparison for each request as long as there is no overload.
 */
public final class Shedding implements TimerWheel.Ticks {
    private static final Failure LAG = Failure.proxy(
            Failure.Kind.OVERLOADED, "the event loop lags behind, so part of the requests is refused (overload.lag)");
    private static final Failure MEMORY = Failure.proxy(
            Failure.Kind.OVERLOADED,
            "the memory for buffers is nearly used up, so requests are refused, large bodies first (overload.memory)");

    private static final int WHOLE = 1 << 16;
    private static final int MOST = WHOLE * 95 / 100;
    private static final int MOST_AT_ONCE = WHOLE / 4;
    private static final double GROWS_PER_NANO = WHOLE * 0.5e-9;
    private static final double FALLS_PER_NANO = WHOLE * 0.2e-9;
    private static final long LARGE_BODY_BYTES = 64 * 1024;
    private static final long SAY_NANOS = 10_000_000_000L;

    private final int loop;
    private final Runtime runtime;
    private final MemoryGuard memory;
    private final Overloads overloads;
    private OverloadPolicy policy = OverloadPolicy.NONE;
    private long meanNanos;
    // Of WHOLE; 0 while all is well.
    private int share;
    private MemoryGuard.Level level = MemoryGuard.Level.FINE;
    private boolean active;
    private long random;
    private long refused;
    private long nextSayNanos;
    private long nowNanos;

    Shedding(int loop, Runtime runtime, MemoryGuard memory, Overloads overloads) {
        this.loop = loop;
        this.runtime = runtime;
        this.memory = memory;
        this.overloads = overloads;
        this.random = (loop + 1) * 0x9e3779b97f4a7c15L;
    }

    /** Null when the request may go on. */
    public @Nullable Failure refusal(RequestHead head) {
        if (!active || policy.spares(head)) {
            return null;
        }
        boolean large = head.bodyLength() < 0 || head.bodyLength() > LARGE_BODY_BYTES;
        if (level == MemoryGuard.Level.FULL || (level == MemoryGuard.Level.TIGHT && large)) {
            return refuse(Cause.MEMORY, MEMORY);
        }
        return share > 0 && random() < share ? refuse(Cause.LAG, LAG) : null;
    }

    /** Whether so little memory is left that a new connection is refused too. */
    public boolean refusesConnection() {
        if (level != MemoryGuard.Level.FULL) {
            return false;
        }
        refuse(Cause.MEMORY, MEMORY);
        return true;
    }

    private Failure refuse(Cause cause, Failure failure) {
        refused++;
        overloads.refused(cause);
        return failure;
    }

    private int random() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) (random >>> 48);
    }

    // ---- how it stands ----

    @Override
    public void onTick(long sinceLastNanos, long lateNanos) {
        nowNanos += sinceLastNanos;
        policy = runtime.current().overload();
        level = policy.memory() ? memory.level() : MemoryGuard.Level.FINE;
        adjust(sinceLastNanos, lateNanos);
        report();
    }

    private void adjust(long sinceLastNanos, long lateNanos) {
        long threshold = policy.lagNanos();
        if (threshold == Long.MAX_VALUE) {
            share = 0;
            meanNanos = 0;
            return;
        }
        meanNanos += (Math.min(Math.max(lateNanos, 0), 2 * threshold) - meanNanos) / 4;
        if (meanNanos > threshold) {
            share = Math.min(MOST, share + (int) Math.min(MOST_AT_ONCE, GROWS_PER_NANO * sinceLastNanos));
        } else if (meanNanos < threshold / 2 && share > 0) {
            share = Math.max(0, share - (int) Math.min(WHOLE, FALLS_PER_NANO * sinceLastNanos));
        }
    }

    /** Nothing waits for anything on this loop: it has nothing to do. */
    @Override
    public void onRest() {
        share = 0;
        meanNanos = 0;
        level = MemoryGuard.Level.FINE;
        report();
    }

    private void report() {
        boolean now = share > 0 || level != MemoryGuard.Level.FINE;
        if (now && (!active || nowNanos - nextSayNanos >= 0)) {
            overloads.say(new Overloads.State(
                    loop,
                    share > 0 ? Cause.LAG : Cause.MEMORY,
                    meanNanos / 1_000_000,
                    (int) (share * 100L / WHOLE),
                    memory.percent(),
                    refused));
            refused = 0;
            nextSayNanos = nowNanos + SAY_NANOS;
        } else if (active && !now) {
            overloads.sayOver(loop, refused);
            refused = 0;
        }
        active = now;
    }
}
