package io.foregate.proxy.exchange;

import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.StreamAcceptor;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.observe.AccessRecord;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Lets others look at exchanges that are under way and at connections of clients. They are found through their connections, so
 * requests pay nothing for it. On the loop of what is looked at. Stateless.
 */
public final class UnderWay {
    private UnderWay() {}

    /** Looks at a record, which is only lent. */
    public interface Look {
        /** The times of the record end now, and its phase is the present one. */
        void at(AccessRecord record);
    }

    /** Looks at the exchange of {@code handler}, if it is one that is under way. */
    public static void look(@Nullable StreamHandler handler, long nowNanos, Look look) {
        if (handler instanceof ExchangeEvents events) {
            events.show(nowNanos, look);
        }
    }

    /**
     * What is known of a client's connection.
     *
     * @param client who is at the other end: the peer, or who a load balancer announced
     * @param peer the socket's other end, with its port; empty when it is gone
     */
    public record Connected(String client, String peer, String listener, boolean secure, long openedNanos) {}

    /** The connection whose requests {@code acceptor} takes; null when it isn't one of ours. */
    public static @Nullable Connected connected(StreamAcceptor acceptor) {
        if (!(acceptor instanceof Downstream downstream)) {
            return null;
        }
        byte[] listener = downstream
                .worker()
                .runtime()
                .current()
                .plan(downstream.listenerSlot())
                .nameBytes();
        return new Connected(
                downstream.peer().toString(),
                text(downstream.remote()),
                Octets.string(listener, 0, listener.length),
                downstream.tls() != null,
                downstream.openedNanos());
    }

    private static String text(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return "";
        }
        String ip = socket.getAddress().getHostAddress();
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + socket.getPort();
    }
}
