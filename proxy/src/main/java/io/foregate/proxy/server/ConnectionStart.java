package io.foregate.proxy.server;

import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What happens to an accepted socket before its first request, one method for each stage, in this order; a stage that has to
 * wait for bytes is a handler that removes itself and calls the next. Owned by the socket's loop, gone once HTTP begins.
 */
final class ConnectionStart {
    private final Worker worker;
    private final LoopMap.Entry entry;
    private final ListenerSettings settings;
    private final Channel channel;

    ConnectionStart(LoopMap.Entry entry, ListenerSettings settings, Channel channel) {
        this.worker = entry.worker();
        this.entry = entry;
        this.settings = settings;
        this.channel = channel;
    }

    /** The socket is open. */
    void accepted() {
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        if (peer == null) {
            // The client was gone before we looked.
            channel.close();
            return;
        }
        worker.loop().clock().refresh();
        addressed(peer.getAddress());
    }

    /** It is known who is at the other end. */
    void addressed(InetAddress peer) {
        http1(peer, false);
    }

    /** The client speaks HTTP/1. */
    void http1(InetAddress peer, boolean secure) {
        Downstream downstream = new Downstream(worker, entry.exchanges(), settings.slot(), secure, peer);
        Http1ServerConnection connection = new Http1ServerConnection(worker.loop(), settings.http(), downstream);
        channel.pipeline().addLast(connection);
        worker.opened(connection);
        channel.closeFuture().addListener(closed -> worker.closed(connection));
    }
}
