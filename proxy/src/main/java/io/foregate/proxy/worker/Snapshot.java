package io.foregate.proxy.worker;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One compiled configuration. Immutable but for its pins: every exchange pins the snapshot that it began with and sees no
 * other, so a snapshot may serve beside its successor until its last exchange has ended.
 *
 * <p>Pins are counted by each loop for itself, without a shared write; {@link #retire} makes each loop look at its own count
 * once the successor is published.
 */
public final class Snapshot {
    private static final int STRIDE = 16;
    private static final Snapshot NONE = new Snapshot(0, List.of(), 0);

    private final long revision;
    private final List<ListenerPlan> plans;
    private final OverloadPolicy overload;
    private final int[] pins;
    private final boolean[] retired;
    private final AtomicInteger loopsLeft;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    /**
     * @param plans one for each listener slot
     * @param loops how many event loops there are
     */
    public Snapshot(long revision, List<ListenerPlan> plans, int loops) {
        this(revision, plans, OverloadPolicy.NONE, loops);
    }

    /**
     * @param plans one for each listener slot
     * @param overload when loops refuse requests
     * @param loops how many event loops there are
     */
    public Snapshot(long revision, List<ListenerPlan> plans, OverloadPolicy overload, int loops) {
        this.revision = revision;
        this.plans = List.copyOf(plans);
        this.overload = overload;
        this.pins = new int[loops * STRIDE];
        this.retired = new boolean[loops * STRIDE];
        this.loopsLeft = new AtomicInteger(loops);
    }

    /** How many event loops pin it. */
    int loops() {
        return pins.length / STRIDE;
    }

    public long revision() {
        return revision;
    }

    /** The plan of a listener, by its slot; of one that it doesn't know, a plan without sites. */
    public ListenerPlan plan(int slot) {
        return slot < plans.size() ? plans.get(slot) : ListenerPlan.NOWHERE;
    }

    /** When loops refuse requests because they can't keep up. */
    public OverloadPolicy overload() {
        return overload;
    }

    /** An exchange begins. On loop {@code loop}. */
    public void pin(int loop) {
        pins[loop * STRIDE]++;
    }

    /** An exchange has ended. On loop {@code loop}. */
    public void unpin(int loop) {
        if (this == NONE) {
            return;
        }
        if (--pins[loop * STRIDE] == 0 && retired[loop * STRIDE]) {
            loopDone();
        }
    }

    /**
     * An exchange needs nothing of its configuration any more, though it may go on for days, as tunnels do. It is unpinned, and
     * holds what is returned instead, whose unpinning does nothing. On loop {@code loop}.
     */
    public Snapshot letGo(int loop) {
        unpin(loop);
        return NONE;
    }

    /** Exchanges under way on loop {@code loop}; exact there, a hint elsewhere. */
    public int pinned(int loop) {
        return pins[loop * STRIDE];
    }

    /** No exchange of loop {@code loop} will begin with this snapshot any more. On that loop, once. */
    public void retire(int loop) {
        retired[loop * STRIDE] = true;
        if (pins[loop * STRIDE] == 0) {
            loopDone();
        }
    }

    private void loopDone() {
        if (loopsLeft.decrementAndGet() == 0) {
            closed.complete(null);
        }
    }

    /** Completes when the last exchange of a retired snapshot has ended. */
    public CompletableFuture<@Nullable Void> closed() {
        return closed;
    }
}
