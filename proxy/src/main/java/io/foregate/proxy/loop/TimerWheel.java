package io.foregate.proxy.loop;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All deadlines of one event loop, in a hashed wheel with a coarse tick (Varghese and Lauck's scheme 6).
 *
 * <p>Lazy on purpose: moving a deadline further away only writes a field, and the wheel puts the timer where it belongs when it
 * next comes upon it. A request arms several deadlines and outlives none of them, so nearly all of its timer work is
 * that one write. Deadlines fire late by up to one tick, never early. The tick stops when no timer is linked.
 *
 * <p>Owned by its loop.
 */
public final class TimerWheel {
    /** Coarseness of the data plane's timeouts. */
    public static final long TICK_NANOS = 50_000_000L;

    /** Coarseness of what the data plane waits for before it does something more: pauses between attempts, hedges. */
    public static final long FINE_TICK_NANOS = 2_000_000L;

    /** Hears of every tick: a tick that is late shows how late everything on the loop is. */
    public interface Ticks {
        /**
         * A tick.
         *
         * @param sinceLastNanos since the one before, or since the wheel began to turn
         * @param lateNanos how long after its time it came
         */
        void onTick(long sinceLastNanos, long lateNanos);

        /** There are no more ticks until something is to be waited for again. */
        void onRest();
    }

    private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
    private static final int SLOTS = 1024;

    private final @Nullable Timer[] slots = new @Nullable Timer[SLOTS];
    private final ScheduledExecutorService loop;
    private final LoopClock clock;
    private final long tickNanos;
    private long tick;
    private int linked;
    private boolean ticking;
    private long tickedNanos;
    private @Nullable Ticks ticks;

    public TimerWheel(ScheduledExecutorService loop, LoopClock clock) {
        this(loop, clock, TICK_NANOS);
    }

    /** @param tickNanos by how much deadlines may be late; while any timer is linked the loop wakes as often */
    public TimerWheel(ScheduledExecutorService loop, LoopClock clock, long tickNanos) {
        this.loop = loop;
        this.clock = clock;
        this.tickNanos = tickNanos;
        this.tick = clock.nowNanos() / tickNanos;
    }

    /** Has somebody hear of the ticks. */
    public void watch(Ticks watcher) {
        ticks = watcher;
    }

    /** Sets the deadline to {@code delayNanos} from now; {@link Long#MAX_VALUE} disarms. */
    public void arm(Timer timer, long delayNanos) {
        if (delayNanos == Long.MAX_VALUE) {
            timer.deadlineNanos = Timer.DISARMED;
            return;
        }
        long deadline = clock.nowNanos() + delayNanos;
        timer.deadlineNanos = deadline;
        if (timer.slot >= 0) {
            if (deadline - timer.slotNanos >= 0) {
                return;
            }
            unlink(timer);
        }
        link(timer);
    }

    /** Takes the deadline away. The timer may stay linked for a while, which costs nothing. */
    public void disarm(Timer timer) {
        timer.deadlineNanos = Timer.DISARMED;
    }

    /** Disarms and unlinks, so that the wheel no longer keeps the owner reachable. */
    public void remove(Timer timer) {
        timer.deadlineNanos = Timer.DISARMED;
        if (timer.slot >= 0) {
            unlink(timer);
        }
    }

    private void link(Timer timer) {
        if (!ticking) {
            ticking = true;
            tick = clock.nowNanos() / tickNanos;
            // Not the loop's clock, which may be as late as the loop.
            tickedNanos = System.nanoTime();
            loop.schedule(this::advance, tickNanos, TimeUnit.NANOSECONDS);
        }
        // Beyond the wheel's span a timer waits in the furthest slot and is linked again from there.
        long due = Math.min(Math.floorDiv(timer.deadlineNanos, tickNanos) + 1, tick + SLOTS - 1);
        due = Math.max(due, tick + 1);
        int slot = (int) (due & (SLOTS - 1));
        timer.slot = slot;
        timer.slotNanos = due * tickNanos;
        timer.previous = null;
        Timer head = slots[slot];
        timer.next = head;
        if (head != null) {
            head.previous = timer;
        }
        slots[slot] = timer;
        linked++;
    }

    private void unlink(Timer timer) {
        Timer next = timer.next;
        Timer previous = timer.previous;
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else {
            slots[timer.slot] = next;
        }
        timer.slot = -1;
        timer.next = null;
        timer.previous = null;
        linked--;
    }

    private void advance() {
        long now = clock.refresh();
        Ticks watcher = ticks;
        if (watcher != null) {
            long sinceLast = now - tickedNanos;
            watcher.onTick(sinceLast, sinceLast - tickNanos);
        }
        long target = now / tickNanos;
        // After a long stall every slot is due at most once.
        tick = Math.max(tick, target - SLOTS);
        while (tick < target) {
            tick++;
            expire((int) (tick & (SLOTS - 1)));
        }
        if (linked > 0) {
            tickedNanos = System.nanoTime();
            loop.schedule(this::advance, tickNanos, TimeUnit.NANOSECONDS);
        } else {
            ticking = false;
            if (watcher != null) {
                watcher.onRest();
            }
        }
    }

    // Targets may arm, disarm and remove any timer meanwhile, so the list is taken from its head until it is used up;
    // timers
    // that are linked anew never land in the slot being expired.
    private void expire(int slot) {
        long now = clock.nowNanos();
        for (Timer timer = slots[slot]; timer != null; timer = slots[slot]) {
            unlink(timer);
            if (timer.deadlineNanos == Timer.DISARMED) {
                continue;
            }
            if (timer.deadlineNanos - now > 0) {
                link(timer);
            } else {
                timer.deadlineNanos = Timer.DISARMED;
                try {
                    timer.target.onTimeout(timer);
                } catch (RuntimeException | Error e) {
                    // One owner's mistake must not take all the others' deadlines with it.
                    LOG.error("a timeout could not be handled", e);
                }
            }
        }
    }
}
