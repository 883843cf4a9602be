package io.foregate.proxy.tls;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How many handshakes may be under way in the process at once. Those beyond wait their turn, as long as there is room to wait;
 * then connections are refused. Thread-safe without locks.
 *
 * <p>A client that has sent nothing yet is not counted: it costs a socket, not computing.
 */
public final class HandshakeLimit {
    /** How an attempt to begin went. */
    public enum Entry {
        GO,
        WAIT,
        REFUSED
    }

    /** One handshake that may have to wait. Made by its connection's loop, which alone calls {@link #enter} and {@link #leave}. */
    public static final class Turn {
        private enum State {
            OUTSIDE,
            WAITING,
            INSIDE,
            LEFT
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.OUTSIDE);
        private final Executor loop;
        // Null once nobody can let it in any more; the queue may hold the turn for a while yet.
        private volatile @Nullable Runnable go;

        /** @param go is run on {@code loop} when a turn that had to wait comes */
        public Turn(Executor loop, Runnable go) {
            this.loop = loop;
            this.go = go;
        }
    }

    private volatile int most;
    private volatile int mostWaiting;
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();
    private final LongAdder waited = new LongAdder();
    private final LongAdder refused = new LongAdder();

    /** @param most at once; as many times four may wait */
    public HandshakeLimit(int most) {
        this.most = most;
        this.mostWaiting = waiting(most);
    }

    private static int waiting(int most) {
        return (int) Math.min(4L * most, Integer.MAX_VALUE);
    }

    /** From now on so many may be under way. Those that are go on; those that wait and now have a place get it. */
    public void most(int next) {
        most = next;
        mostWaiting = waiting(next);
        while (!waiting.isEmpty() && takePlace()) {
            passOn();
        }
    }

    /** Begins, or gets in line. */
    public Entry enter(Turn turn) {
        if (takePlace()) {
            turn.state.set(Turn.State.INSIDE);
            return Entry.GO;
        }
        if (waitingCount.incrementAndGet() > mostWaiting) {
            waitingCount.decrementAndGet();
            refused.increment();
            return Entry.REFUSED;
        }
        waited.increment();
        turn.state.set(Turn.State.WAITING);
        waiting.add(turn);
        // A place may have become free between the look and the queue, and nobody else might come by to see it.
        if (takePlace()) {
            passOn();
        }
        return Entry.WAIT;
    }

    /** The handshake is over, or was given up, at whatever point. Once is enough, more does no harm. */
    public void leave(Turn turn) {
        switch (turn.state.getAndSet(Turn.State.LEFT)) {
            case INSIDE -> passOn();
            // It stays in the queue, whose search would be long, until its turn comes and is passed on.
            case WAITING -> {
                turn.go = null;
                waitingCount.decrementAndGet();
            }
            case OUTSIDE, LEFT -> {}
        }
    }

    private boolean takePlace() {
        int now = inside.get();
        while (now < most) {
            if (inside.compareAndSet(now, now + 1)) {
                return true;
            }
            now = inside.get();
        }
        return false;
    }

    // Where the limit has been lowered, a place that becomes free is one too many.
    private boolean dropSurplus() {
        for (int now = inside.get(); now > most; now = inside.get()) {
            if (inside.compareAndSet(now, now - 1)) {
                return true;
            }
        }
        return false;
    }

    // The caller has a place to give away.
    private void passOn() {
        if (dropSurplus()) {
            return;
        }
        while (true) {
            Turn next = waiting.poll();
            if (next == null) {
                inside.decrementAndGet();
                // Somebody may have got in line after the look and before the place was free.
                if (waiting.isEmpty() || !takePlace()) {
                    return;
                }
                continue;
            }
            if (next.state.compareAndSet(Turn.State.WAITING, Turn.State.INSIDE)) {
                waitingCount.decrementAndGet();
                next.loop.execute(Objects.requireNonNull(next.go));
                return;
            }
        }
    }

    /** Handshakes under way. */
    public int inside() {
        return inside.get();
    }

    /** Handshakes that had to wait since the process started. */
    public long waited() {
        return waited.sum();
    }

    /** Handshakes that were refused since the process started. */
    public long refused() {
        return refused.sum();
    }
}
