package io.foregate.proxy.upstream;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.Http1ClientConnection;
import io.foregate.proxy.loop.Timer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The opening of one connection: the endpoint's addresses in turn, beginning with the one that worked last, within one timeout.
 * Owned by its loop; made per connection, not per request.
 */
final class Connecting implements ChannelFutureListener, Timer.Target {
    private final ConnectionPool pool;
    private final List<InetSocketAddress> addresses;
    private final Timer timer = new Timer(this);
    private final int first;
    private int tried;
    private @Nullable Ticket ticket;
    private @Nullable ChannelFuture attempt;
    private @Nullable Http1ClientConnection connection;
    private boolean over;

    Connecting(ConnectionPool pool, Ticket ticket) {
        this.pool = pool;
        this.ticket = ticket;
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

    /** The waiter has gone; the connection, once open, is for whoever needs one. */
    void abandon() {
        ticket = null;
    }

    private int position() {
        return (first + tried) % addresses.size();
    }

    private void tryNext() {
        Bootstrap bootstrap = pool.bootstrap();
        Http1ClientConnection next = pool.newConnection();
        connection = next;
        bootstrap.handler(next);
        attempt = bootstrap.connect(addresses.get(position()));
        attempt.addListener(this);
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
        Http1ClientConnection opened = connection;
        if (done.isSuccess() && opened != null) {
            over = true;
            pool.loop().timers().remove(timer);
            pool.endpoint().preferAddress(position());
            pool.connected(this, opened, ticket);
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

    // The transport's messages begin with the system call and its number; people want the words.
    private static String reason(Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        int words = said.indexOf("): ");
        return words < 0 ? said : said.substring(words + 3);
    }

    @Override
    public void onTimeout(Timer expired) {
        ChannelFuture pending = attempt;
        end(Failure.Kind.CONNECT_TIMEOUT, "no connection within the connect timeout");
        if (pending != null) {
            Channel channel = pending.channel();
            channel.close();
        }
    }

    private void noSocket(String cause) {
        if (!over) {
            over = true;
            pool.loop().timers().remove(timer);
            pool.noSocket(this, ticket, Failure.proxy(Failure.Kind.INTERNAL, "no socket for a connection: " + cause));
        }
    }

    private void end(Failure.Kind kind, String detail) {
        over = true;
        pool.loop().timers().remove(timer);
        pool.connectFailed(this, ticket, Failure.originRetrySafe(kind, detail));
    }
}
