package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.ClientConnection;
import io.foregate.proxy.codec.Http1ClientConnection;
import io.foregate.proxy.loop.Timer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one connection: the endpoint's addresses in turn, beginning with the one that worked last, then what has to be
 * said before HTTP ({@link Introduction}), all within one timeout. Owned by its loop; made per connection, not per request.
 */
final class Connecting implements ChannelFutureListener, Timer.Target {
    /** How many exchanges may wait for one connection that may turn out to carry them all. */
    private static final int MOST_TICKETS = 100;

    private final ConnectionPool pool;
    private final Link link;
    private final List<InetSocketAddress> addresses;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>(2);
    private final Timer timer = new Timer(this);
    private final @Nullable ProxiedClient client;
    private final boolean http1Only;
    private final int first;
    private int tried;
    private @Nullable ChannelFuture attempt;
    private @Nullable Http1ClientConnection plain;
    private @Nullable Introduction introduction;
    private boolean over;

    Connecting(ConnectionPool pool, Link link, Ticket ticket) {
        this.pool = pool;
        this.link = link;
        this.tickets.add(ticket);
        this.client = ticket.client;
        // HTTP/2 carries upgrades only where the origin has said so, which isn't known yet.
        this.http1Only = link.protocol() == Link.Protocol.H1
                || link.protocol() == Link.Protocol.AUTO && (link.tls() == null || ticket.upgrade);
        this.addresses = pool.endpoint().addresses();
        this.first = pool.endpoint().preferredAddress();
    }

    void start(long timeoutNanos) {
        if (addresses.isEmpty()) {
            end(Failure.Kind.UNRESOLVED, pool.endpoint().unresolvedReason());
            return;
        }
        pool.loop().timers().arm(timer, timeoutNanos);
        tryNext();
    }

    /** Another exchange would use the connection, if it turns out to carry several. */
    boolean join(Ticket ticket) {
        boolean upgrade = ticket.upgrade && link.protocol() == Link.Protocol.AUTO;
        if (http1Only || upgrade || ticket.client != client || tickets.size() >= MOST_TICKETS) {
            return false;
        }
        tickets.addLast(ticket);
        return true;
    }

    /** A waiter has gone; the connection, once open, is for whoever needs one. */
    void abandon(Ticket ticket) {
        tickets.remove(ticket);
    }

    /** Who waited, in their order; null when there are no more. */
    @Nullable
    Ticket next() {
        return tickets.pollFirst();
    }

    /** Whether the endpoint had the choice between versions of HTTP. */
    boolean choosesProtocol() {
        return !http1Only && link.protocol() == Link.Protocol.AUTO;
    }

    boolean http1Only() {
        return http1Only;
    }

    @Nullable
    ProxiedClient client() {
        return client;
    }

    private int position() {
        return (first + tried) % addresses.size();
    }

    private void tryNext() {
        Bootstrap bootstrap = pool.bootstrap();
        if (link.hasIntroduction()) {
            Introduction next = new Introduction(pool, link, this);
            introduction = next;
            bootstrap.handler(next);
        } else {
            Http1ClientConnection next = newHttp1();
            plain = next;
            bootstrap.handler(next);
        }
        attempt = bootstrap.connect(addresses.get(position()));
        attempt.addListener(this);
    }

    Http1ClientConnection newHttp1() {
        return new Http1ClientConnection(pool.loop(), pool.endpoint().settings().responseLimits(), pool, client);
    }

    @Override
    public void operationComplete(ChannelFuture done) {
        EventLoop loop = pool.loop().eventLoop();
        if (!loop.inEventLoop()) {
            // The socket could not even be made, for want of descriptors say: that is no fault of the endpoint's.
            loop.execute(() -> noSocket(String.valueOf(done.cause())));
            return;
        }
        if (over) {
            done.channel().close();
            return;
        }
        pool.loop().clock().refresh();
        if (done.isSuccess()) {
            Http1ClientConnection opened = plain;
            Introduction next = introduction;
            pool.endpoint().preferAddress(position());
            if (opened != null) {
                ready(opened);
            } else if (next != null) {
                next.begin(done.channel());
            }
            return;
        }
        Throwable cause = done.cause();
        tried++;
        if (tried < addresses.size()) {
            tryNext();
        } else {
            end(
                    cause instanceof ConnectException ? Failure.Kind.CONNECT_REFUSED : Failure.Kind.CONNECT_FAILED,
                    cause == null ? "cancelled" : reason(cause));
        }
    }

    /** Everything has been said: exchanges may begin. */
    void ready(ClientConnection connection) {
        over = true;
        pool.loop().timers().remove(timer);
        pool.connected(this, connection);
    }

    // The transport's messages begin with the system call and its number; people want the words.
    private static String reason(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        int words = said.indexOf("): ");
        return words < 0 ? said : said.substring(words + 3);
    }

    @Override
    public void onTimeout(Timer expired) {
        ChannelFuture pending = attempt;
        Introduction begun = introduction;
        if (begun != null && begun.begun()) {
            end(begun.timeoutKind(), begun.timeoutDetail());
        } else {
            end(Failure.Kind.CONNECT_TIMEOUT, "no connection within the connect timeout");
        }
        if (pending != null) {
            Channel channel = pending.channel();
            channel.close();
        }
    }

    private void noSocket(String cause) {
        if (!over) {
            over = true;
            pool.loop().timers().remove(timer);
            pool.noSocket(this, Failure.proxy(Failure.Kind.INTERNAL, "no socket for a connection: " + cause));
        }
    }

    /** Whether it has come to an end, one way or the other. */
    boolean over() {
        return over;
    }

    void end(Failure.Kind kind, String detail) {
        over = true;
        pool.loop().timers().remove(timer);
        pool.connectFailed(this, Failure.originRetrySafe(kind, detail));
    }
}
