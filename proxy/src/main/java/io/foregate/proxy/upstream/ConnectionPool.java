package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.ConnectionOwner;
import io.foregate.proxy.codec.Http1ClientConnection;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.loop.Timer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The connections that one loop keeps to one endpoint: idle ones on a stack (the warmest is used first and the coldest die of
 * age), new ones on demand, and exchanges waiting in line when the endpoint has as many as it may.
 *
 * <p>Owned by its loop. The limits hold for the process: a loop that needs a connection while others hold idle ones asks
 * them to give one up, and a loop whose connection ends tells the others when somebody waits there.
 */
public final class ConnectionPool implements ConnectionOwner, Timer.Target {
    private static final long MILLI = 1_000_000L;

    private final Endpoint endpoint;
    private final LoopContext loop;
    private final Bootstrap bootstrap;
    private final Timer idleTimer = new Timer(this);
    private final ArrayDeque<Ticket> queue = new ArrayDeque<>();
    private Http1ClientConnection[] idle = new Http1ClientConnection[8];
    private long[] idleUntilNanos = new long[8];
    private int idleCount;

    private ConnectionPool(Endpoint endpoint, LoopContext loop) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channelFactory(loop.sockets())
                .option(ChannelOption.ALLOCATOR, loop.buffers())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // A write that fails must not throw away the answer that explains it.
                .option(ChannelOption.AUTO_CLOSE, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    }

    /** The pool of {@code endpoint} on this loop. */
    public static ConnectionPool of(Endpoint endpoint, LoopContext loop) {
        ConnectionPool pool = endpoint.connectionPool(loop.index());
        if (pool == null) {
            pool = new ConnectionPool(endpoint, loop);
            endpoint.connectionPool(loop.index(), pool);
        }
        return pool;
    }

    /**
     * Asks for a connection; the waiter is answered before this returns or later.
     *
     * @param fresh whether it must be a new one, because a kept one has just turned out to be dead
     */
    public void acquire(Ticket ticket, long connectTimeoutNanos, boolean fresh) {
        ticket.connectTimeoutNanos = connectTimeoutNanos;
        if (!fresh) {
            Http1ClientConnection kept = takeIdle();
            if (kept != null) {
                ticket.waiter.onConnection(kept);
                return;
            }
        }
        if (endpoint.tryOpenConnection()) {
            open(ticket);
        } else {
            enqueue(ticket, fresh);
        }
    }

    /** The waiter no longer wants what it asked for. */
    public void cancel(Ticket ticket) {
        if (ticket.queued) {
            queue.remove(ticket);
            leaveQueue(ticket);
        }
        Connecting connecting = ticket.connecting;
        if (connecting != null) {
            connecting.abandon();
            ticket.connecting = null;
        }
    }

    // ---- opening ----

    private void open(Ticket ticket) {
        Connecting connecting = new Connecting(this, ticket);
        ticket.connecting = connecting;
        ticket.waiter.onConnecting();
        connecting.start(ticket.connectTimeoutNanos);
    }

    void connected(Connecting connecting, Http1ClientConnection connection, @Nullable Ticket ticket) {
        endpoint.connectSucceeded();
        if (ticket != null && ticket.connecting == connecting) {
            ticket.connecting = null;
            ticket.waiter.onConnection(connection);
        } else {
            connection.waits();
            onIdle(connection);
        }
    }

    void connectFailed(Connecting connecting, @Nullable Ticket ticket, Failure failure) {
        endpoint.connectFailed(loop.clock().nowNanos(), failure);
        noSocket(connecting, ticket, failure);
    }

    void noSocket(Connecting connecting, @Nullable Ticket ticket, Failure failure) {
        slotFreed();
        if (ticket != null && ticket.connecting == connecting) {
            ticket.connecting = null;
            ticket.waiter.onNoConnection(failure);
        }
    }

    // ---- waiting ----

    // A request that has lost its connection goes ahead of the others and needs no place in the queue: the slot of that
    // connection is about to be free.
    private void enqueue(Ticket ticket, boolean ahead) {
        if (ahead) {
            endpoint.waits();
        } else if (!endpoint.tryWait()) {
            ticket.waiter.onNoConnection(new Failure(
                    Failure.Source.PROXY,
                    Failure.Kind.QUEUE_FULL,
                    true,
                    endpoint + " has all its connections in use and its queue is full"));
            return;
        }
        ticket.queued = true;
        if (ahead) {
            queue.addFirst(ticket);
        } else {
            queue.addLast(ticket);
        }
        // Another loop may have freed a slot before it could see that somebody waits here.
        serveQueue();
        if (queue.isEmpty()) {
            return;
        }
        if (idleCount > 0) {
            closeOldestIdle();
        } else {
            askOthersForIdle();
        }
    }

    private void leaveQueue(Ticket ticket) {
        ticket.queued = false;
        endpoint.waitEnded();
    }

    private void serveQueue() {
        while (!queue.isEmpty() && endpoint.tryOpenConnection()) {
            Ticket ticket = queue.removeFirst();
            leaveQueue(ticket);
            open(ticket);
        }
    }

    /** A connection less: whoever waits may open one, here first, elsewhere else. */
    private void slotFreed() {
        endpoint.connectionClosed();
        if (!queue.isEmpty()) {
            serveQueue();
        } else if (endpoint.waiting() > 0) {
            for (int i = 0; i < endpoint.loops(); i++) {
                ConnectionPool other = endpoint.connectionPool(i);
                if (other != null && other != this) {
                    other.loop.eventLoop().execute(other::serveQueue);
                }
            }
        }
    }

    private void askOthersForIdle() {
        for (int i = 0; i < endpoint.loops(); i++) {
            ConnectionPool other = endpoint.connectionPool(i);
            if (other != null && other != this) {
                other.loop.eventLoop().execute(other::closeOldestIdle);
            }
        }
    }

    // ---- keeping ----

    @Override
    public void onIdle(Http1ClientConnection connection) {
        // An answer proves as much as a connect does: without this, an endpoint that once refused a connect and whose
        // kept
        // connections serve all requests would rest for as long as they last.
        endpoint.connectSucceeded();
        if (!queue.isEmpty()) {
            Ticket ticket = queue.removeFirst();
            leaveQueue(ticket);
            ticket.waiter.onConnection(connection);
            return;
        }
        PoolSettings settings = endpoint.settings();
        long keepNanos = settings.idleNanos();
        int announced = connection.keepAliveSeconds();
        if (announced >= 0) {
            // Gone a second before the origin drops it, so that no request meets the closing.
            keepNanos = Math.min(keepNanos, Math.max(announced * 1000L - 1000, announced * 500L) * MILLI);
        }
        if (idleCount >= settings.maxIdle() || keepNanos <= 0 || endpoint.waiting() > 0) {
            connection.closeIdle();
            return;
        }
        if (idleCount == idle.length) {
            idle = Arrays.copyOf(idle, idleCount * 2);
            idleUntilNanos = Arrays.copyOf(idleUntilNanos, idleCount * 2);
        }
        idle[idleCount] = connection;
        idleUntilNanos[idleCount] = loop.clock().nowNanos() + keepNanos;
        idleCount++;
        if (!idleTimer.armed()) {
            loop.timers().arm(idleTimer, keepNanos);
        }
    }

    @Override
    public void onClosed(Http1ClientConnection connection) {
        for (int i = idleCount - 1; i >= 0; i--) {
            if (idle[i] == connection) {
                removeIdle(i);
                break;
            }
        }
        slotFreed();
    }

    private @Nullable Http1ClientConnection takeIdle() {
        if (idleCount == 0) {
            return null;
        }
        idleCount--;
        Http1ClientConnection connection = idle[idleCount];
        clear(idleCount);
        if (idleUntilNanos[idleCount] - loop.clock().nowNanos() > 0) {
            return connection;
        }
        connection.closeIdle();
        return takeIdle();
    }

    private void removeIdle(int position) {
        idleCount--;
        System.arraycopy(idle, position + 1, idle, position, idleCount - position);
        System.arraycopy(idleUntilNanos, position + 1, idleUntilNanos, position, idleCount - position);
        clear(idleCount);
    }

    @SuppressWarnings("NullAway") // unused slots of the stack hold null, and nobody reads them
    private void clear(int position) {
        idle[position] = null;
    }

    private void closeOldestIdle() {
        if (idleCount > 0) {
            Http1ClientConnection oldest = idle[0];
            removeIdle(0);
            oldest.closeIdle();
        }
    }

    /** Closes every idle connection, as at the end of the process. */
    public void closeIdle() {
        while (idleCount > 0) {
            closeOldestIdle();
        }
    }

    @Override
    public void onTimeout(Timer timer) {
        long now = loop.clock().nowNanos();
        long next = Long.MAX_VALUE;
        for (int i = idleCount - 1; i >= 0; i--) {
            long left = idleUntilNanos[i] - now;
            if (left <= 0) {
                Http1ClientConnection expired = idle[i];
                removeIdle(i);
                expired.closeIdle();
            } else {
                next = Math.min(next, left);
            }
        }
        loop.timers().arm(idleTimer, next);
    }

    // ---- for Connecting ----

    Endpoint endpoint() {
        return endpoint;
    }

    LoopContext loop() {
        return loop;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    Http1ClientConnection newConnection() {
        return new Http1ClientConnection(loop, endpoint.settings().responseLimits(), this);
    }
}
