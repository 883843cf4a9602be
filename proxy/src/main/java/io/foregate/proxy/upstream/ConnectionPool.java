package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.ClientConnection;
import io.foregate.proxy.codec.ConnectionOwner;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.h2.Http2ClientConnection;
import io.foregate.proxy.codec.h2.Http2StreamPool;
import io.foregate.proxy.loop.Timer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections that one loop keeps to one endpoint, and the streams on them: of HTTP/1 one for each connection, of HTTP/2
 * many. A request gets a stream on a connection that has room, else on a new one, else it waits in line.
 *
 * <p>Owned by its loop. The limits hold for the process: a loop that needs a connection while others hold idle ones asks
 * them to give one up, and a loop whose connection ends tells the others when somebody waits there.
 */
public final class ConnectionPool implements ConnectionOwner, Timer.Target {
    private static final long MILLI = 1_000_000L;

    private final Endpoint endpoint;
    private final LoopContext loop;
    private final Link link;
    private final Bootstrap bootstrap;
    private final Timer idleTimer = new Timer(this);
    private final ArrayDeque<Ticket> queue = new ArrayDeque<>();
    private final ArrayList<Connecting> opening = new ArrayList<>(2);
    private final IdleConnections idle = new IdleConnections();
    private final SharedConnections shared = new SharedConnections();
    // By another loop, to give up idle connections.
    private final AtomicBoolean asked = new AtomicBoolean();
    private long idleTimerNanos;
    private Http2ClientConnection.@Nullable Setup http2;

    private ConnectionPool(Endpoint endpoint, LoopContext loop) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.link = endpoint.settings().link();
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
     * Asks for a stream; the waiter is answered before this returns or later.
     *
     * @param fresh whether it must be on a new connection, because a kept one has just turned out to be dead
     */
    public void acquire(Ticket ticket, long connectTimeoutNanos, boolean fresh) {
        ticket.connectTimeoutNanos = connectTimeoutNanos;
        if (!fresh) {
            ClientConnection kept = kept(ticket);
            if (kept != null) {
                give(ticket, kept);
                return;
            }
        }
        if (ticket.upgrade && link.protocol() == Link.Protocol.H2 && shared.refusesUpgrades()) {
            ticket.waiter.onNoStream(noUpgrades());
            return;
        }
        if (join(ticket)) {
            return;
        }
        if (tryOpenConnection()) {
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
            connecting.abandon(ticket);
            ticket.connecting = null;
        }
    }

    private @Nullable ClientConnection kept(Ticket ticket) {
        if (link.mayShare()) {
            ClientConnection connection = shared.find(ticket);
            if (connection != null) {
                long since = idle.remove(connection);
                if (since != IdleConnections.ABSENT) {
                    connection.idled(loop.clock().nowNanos() - since);
                }
                return connection;
            }
        }
        long now = loop.clock().nowNanos();
        return idle.count() == 0
                ? null
                : idle.take(ticket, now, endpoint.idleLimit().holdNanos(now));
    }

    private static void give(Ticket ticket, ClientConnection connection) {
        ticket.waiter.onStream(connection.begin(ticket.waiter.streamHandler()));
    }

    // ---- opening ----

    // Many exchanges may share what is being opened, so a burst doesn't open a connection for each of its requests.
    private boolean join(Ticket ticket) {
        if (!link.mayShare() || endpoint.spoken() == Endpoint.Spoken.HTTP_1) {
            return false;
        }
        for (int i = 0; i < opening.size(); i++) {
            Connecting connecting = opening.get(i);
            if (connecting.join(ticket)) {
                ticket.connecting = connecting;
                ticket.waiter.onConnecting();
                return true;
            }
        }
        return false;
    }

    // A loop can't use the connections of another. Where one connection is enough for many exchanges, each loop may
    // have one, lest a limit below the number of loops keeps some of them from the endpoint for ever; and a successor
    // of one that is leaving, which may take as long as its longest exchange.
    private boolean tryOpenConnection() {
        boolean shares = link.protocol() == Link.Protocol.H2 || endpoint.spoken() == Endpoint.Spoken.HTTP_2;
        if (shares && !shared.anyStays() && opening.isEmpty()) {
            endpoint.connectionOpens();
            return true;
        }
        return endpoint.tryOpenConnection();
    }

    private void open(Ticket ticket) {
        Connecting connecting = new Connecting(this, link, ticket);
        opening.add(connecting);
        ticket.connecting = connecting;
        ticket.waiter.onConnecting();
        connecting.start(ticket.connectTimeoutNanos);
    }

    void connected(Connecting connecting, ClientConnection connection) {
        if (connection.room() == 0) {
            // Another would be no better.
            useless(connecting, connection);
            return;
        }
        opening.remove(connecting);
        endpoint.connectSucceeded();
        if (connecting.choosesProtocol()) {
            endpoint.spoken(connection.shared() ? Endpoint.Spoken.HTTP_2 : Endpoint.Spoken.HTTP_1);
        }
        if (connection.shared()) {
            shared.add(connection);
        }
        boolean used = false;
        for (Ticket ticket = connecting.next(); ticket != null; ticket = connecting.next()) {
            ticket.connecting = null;
            if (connection.room() > 0 && ticket.fits(connection)) {
                used = true;
                give(ticket, connection);
            } else if (ticket.upgrade && !connection.upgrades() && link.protocol() == Link.Protocol.H2) {
                ticket.waiter.onNoStream(noUpgrades());
            } else {
                acquire(ticket, ticket.connectTimeoutNanos, false);
            }
        }
        if (!used) {
            connection.waits();
            onRoom(connection);
        } else if (connection.shared()) {
            serveQueue();
        }
    }

    private Failure noUpgrades() {
        return Failure.origin(
                Failure.Kind.UPGRADE_UNSUPPORTED,
                endpoint + " speaks HTTP/2 without extended CONNECT (RFC 8441), and the pool wants nothing but HTTP/2");
    }

    void connectFailed(Connecting connecting, Failure failure) {
        endpoint.connectFailed(loop.clock().nowNanos(), failure);
        noSocket(connecting, failure);
    }

    void noSocket(Connecting connecting, Failure failure) {
        opening.remove(connecting);
        slotFreed();
        fail(connecting, failure);
    }

    // It is open, and its place taken until it is closed.
    private void useless(Connecting connecting, ClientConnection connection) {
        Failure failure = Failure.originRetrySafe(
                Failure.Kind.CONNECT_FAILED,
                connection.leaving()
                        ? "the origin closed the new connection at once"
                        : "the origin allows no request on a new connection (SETTINGS_MAX_CONCURRENT_STREAMS is 0)");
        opening.remove(connecting);
        endpoint.connectFailed(loop.clock().nowNanos(), failure);
        connection.closeIdle();
        fail(connecting, failure);
    }

    private static void fail(Connecting connecting, Failure failure) {
        for (Ticket ticket = connecting.next(); ticket != null; ticket = connecting.next()) {
            ticket.connecting = null;
            ticket.waiter.onNoStream(failure);
        }
    }

    // ---- waiting ----

    // A request that has lost its connection goes ahead of the others and needs no place in the queue: the slot of that
    // connection is about to be free.
    private void enqueue(Ticket ticket, boolean ahead) {
        if (ahead) {
            endpoint.waits();
        } else if (!endpoint.tryWait()) {
            ticket.waiter.onNoStream(new Failure(
                    Failure.Source.PROXY,
                    Failure.Kind.QUEUE_FULL,
                    true,
                    endpoint + " has all its connections in use, and the queue (its own, or the pool's) is full"));
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
        // Idle connections that could not serve this request may make room for one that can.
        if (!idle.closeOldest()) {
            askOthersForIdle();
        }
    }

    private void leaveQueue(Ticket ticket) {
        ticket.queued = false;
        endpoint.waitEnded();
    }

    private void serveQueue() {
        while (!queue.isEmpty()) {
            Ticket ticket = queue.getFirst();
            ClientConnection kept = link.mayShare() ? shared.find(ticket) : null;
            if (kept == null && !tryOpenConnection()) {
                return;
            }
            queue.removeFirst();
            leaveQueue(ticket);
            if (kept != null) {
                idle.remove(kept);
                give(ticket, kept);
            } else {
                open(ticket);
            }
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
            if (other != null && other != this && other.asked.compareAndSet(false, true)) {
                other.loop.eventLoop().execute(other::giveUpIdle);
            }
        }
    }

    private void giveUpIdle() {
        // First, so that whoever comes to wait from now on asks again.
        asked.set(false);
        boolean more = true;
        for (int wanted = endpoint.waiting(); more && wanted > 0; wanted--) {
            more = idle.closeOldest();
        }
    }

    // ---- keeping ----

    @Override
    public void onRoom(ClientConnection connection) {
        // An answer proves as much as a connect does: without this, an endpoint that once refused a connect and whose
        // kept
        // connections serve all requests would rest for as long as they last.
        endpoint.connectSucceeded();
        long idled = connection.idledNanos();
        if (idled > 0) {
            connection.idled(0);
            endpoint.idleLimit().served(idled, loop.clock().nowNanos());
        }
        onFreed(connection);
    }

    @Override
    public void onFreed(ClientConnection connection) {
        while (!queue.isEmpty() && connection.room() > 0 && queue.getFirst().fits(connection)) {
            Ticket ticket = queue.removeFirst();
            leaveQueue(ticket);
            give(ticket, connection);
        }
        if (connection.active() == 0 && connection.room() > 0) {
            keep(connection);
        }
    }

    private void keep(ClientConnection connection) {
        PoolSettings settings = endpoint.settings();
        long now = loop.clock().nowNanos();
        long keepNanos = Math.min(settings.idleNanos(), endpoint.idleLimit().holdNanos(now));
        int announced = connection.keepAliveSeconds();
        if (announced >= 0) {
            // Gone a second before the origin drops it, so that no request meets the closing.
            keepNanos = Math.min(keepNanos, Math.max(announced * 1000L - 1000, announced * 500L) * MILLI);
        }
        idle.remove(connection);
        if (connection.client() != null && idle.count() >= settings.maxIdle()) {
            // The coldest makes room, whose client may be gone.
            idle.closeOldest();
        }
        if (idle.count() >= settings.maxIdle() || keepNanos <= 0 || endpoint.waiting() > 0 || endpoint.retired()) {
            connection.closeIdle();
            return;
        }
        idle.add(connection, now, keepNanos);
        if (!idleTimer.armed() || now + keepNanos - idleTimerNanos < 0) {
            idleTimerNanos = now + keepNanos;
            loop.timers().arm(idleTimer, keepNanos);
        }
    }

    @Override
    public void onStale(ClientConnection connection) {
        long idled = connection.idledNanos();
        if (idled > 0) {
            connection.idled(0);
            endpoint.idleLimit().met(idled, loop.clock().nowNanos());
        }
    }

    @Override
    public void onLeaving() {
        serveQueue();
    }

    @Override
    public void onClosed(ClientConnection connection) {
        long since = idle.remove(connection);
        if (since != IdleConnections.ABSENT) {
            // We take out of here what we close ourselves.
            long now = loop.clock().refresh();
            endpoint.idleLimit().closed(now - since, now);
        }
        if (connection.shared()) {
            shared.remove(connection);
        }
        slotFreed();
    }

    /** On any thread: idle connections close soon. */
    void retire() {
        loop.eventLoop().execute(this::closeIdle);
    }

    /** Closes every idle connection, as at the end of the process. */
    public void closeIdle() {
        boolean more = true;
        while (more) {
            more = idle.closeOldest();
        }
        // It would hold on to an endpoint that is gone until the last of its connections would have been too old.
        loop.timers().remove(idleTimer);
    }

    @Override
    public void onTimeout(Timer timer) {
        long now = loop.clock().nowNanos();
        long nextNanos = idle.closeExpired(now);
        idleTimerNanos = now + nextNanos;
        loop.timers().arm(idleTimer, nextNanos);
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

    Http2ClientConnection.Setup http2() {
        Http2ClientConnection.Setup setup = http2;
        if (setup == null) {
            setup = new Http2ClientConnection.Setup(
                    loop, endpoint.settings().responseLimits(), this, new Http2StreamPool());
            http2 = setup;
        }
        return setup;
    }
}
