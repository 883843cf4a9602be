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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one connection: the endpoint's addresses in turn, beginning with the one that worked last, then what has to be
 * said before HTTP ({@link Introduction}), all within one timeout. An address that neither accepts nor refuses for a moment gets
 * company by the next one, and the first that accepts wins (RFC 8305 §5). Owned by its loop; made per connection, not per request.
 */
final class Connecting implements Timer.Target {
    /** How many exchanges may wait for one connection that may turn out to carry them all. */
    private static final int MOST_TICKETS = 100;

    private static final long NEXT_ADDRESS_NANOS = 250_000_000L;

    private final ConnectionPool pool;
    private final Link link;
    private final List<InetSocketAddress> addresses;
    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>(2);
    private final Timer timer = new Timer(this);
    private final Timer nextAddress = new Timer(this);
    private final List<Attempt> attempts = new ArrayList<>(1);
    private final @Nullable ProxiedClient client;
    private final boolean http1Only;
    private final int first;
    private int tried;
    private int lost;
    private @Nullable Introduction introduction;
    private boolean over;

    /** A socket on its way to one address. */
    private final class Attempt implements ChannelFutureListener {
        private final int position;
        private final @Nullable Http1ClientConnection plain;
        private final @Nullable Introduction introduced;
        private final Channel channel;

        Attempt(int position) {
            this.position = position;
            Bootstrap bootstrap = pool.bootstrap();
            if (link.hasIntroduction()) {
                plain = null;
                introduced = new Introduction(pool, link, Connecting.this);
                bootstrap.handler(introduced);
            } else {
                plain = newHttp1();
                introduced = null;
                bootstrap.handler(plain);
            }
            ChannelFuture connect = bootstrap.connect(addresses.get(position));
            channel = connect.channel();
            connect.addListener(this);
        }

        @Override
        public void operationComplete(ChannelFuture done) {
            EventLoop loop = pool.loop().eventLoop();
            if (!loop.inEventLoop()) {
                // The socket could not even be made, for want of descriptors say: that is no fault of the endpoint's.
                loop.execute(() -> noSocket(String.valueOf(done.cause())));
                return;
            }
            if (over || introduction != null) {
                // Another one was quicker.
                done.channel().close();
                return;
            }
            pool.loop().clock().refresh();
            if (done.isSuccess()) {
                connected(this);
            } else {
                refused(done.cause());
            }
        }
    }

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

    private void tryNext() {
        int position = (first + tried) % addresses.size();
        tried++;
        attempts.add(new Attempt(position));
        if (!over && introduction == null && tried < addresses.size()) {
            pool.loop().timers().arm(nextAddress, NEXT_ADDRESS_NANOS);
        }
    }

    Http1ClientConnection newHttp1() {
        return new Http1ClientConnection(pool.loop(), pool.endpoint().settings().responseLimits(), pool, client);
    }

    private void connected(Attempt winner) {
        pool.loop().timers().remove(nextAddress);
        pool.endpoint().preferAddress(winner.position);
        Http1ClientConnection opened = winner.plain;
        Introduction next = winner.introduced;
        if (opened != null) {
            ready(opened);
        } else if (next != null) {
            introduction = next;
            next.begin(winner.channel);
        }
        closeAttempts(winner);
    }

    private void refused(@Nullable Throwable cause) {
        lost++;
        if (tried < addresses.size()) {
            pool.loop().timers().remove(nextAddress);
            tryNext();
        } else if (lost == tried) {
            end(
                    cause instanceof ConnectException ? Failure.Kind.CONNECT_REFUSED : Failure.Kind.CONNECT_FAILED,
                    cause == null ? "cancelled" : reason(cause));
        }
    }

    private void closeAttempts(@Nullable Attempt but) {
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            // One that could not even be made belongs to no loop.
            if (attempt != but && attempt.channel.isRegistered()) {
                attempt.channel.close();
            }
        }
        attempts.clear();
    }

    /** Everything has been said: exchanges may begin. */
    void ready(ClientConnection connection) {
        over();
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
        if (expired == nextAddress) {
            tryNext();
            return;
        }
        Introduction begun = introduction;
        if (begun == null) {
            end(Failure.Kind.CONNECT_TIMEOUT, "no connection within the connect timeout");
            return;
        }
        Channel introducing = begun.channel();
        end(begun.timeoutKind(), begun.timeoutDetail());
        if (introducing != null) {
            introducing.close();
        }
    }

    private void noSocket(String cause) {
        if (over || introduction != null) {
            return;
        }
        lost++;
        // Another address may still accept.
        if (lost == tried) {
            over();
            closeAttempts(null);
            pool.noSocket(this, Failure.proxy(Failure.Kind.INTERNAL, "no socket for a connection: " + cause));
        }
    }

    /** Whether it has come to an end, one way or the other. */
    boolean isOver() {
        return over;
    }

    private void over() {
        over = true;
        pool.loop().timers().remove(timer);
        pool.loop().timers().remove(nextAddress);
    }

    void end(Failure.Kind kind, String detail) {
        over();
        closeAttempts(null);
        pool.connectFailed(this, Failure.originRetrySafe(kind, detail));
    }
}
