package io.foregate.proxy.server;

import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.tls.SniTable;
import io.foregate.proxy.tls.TlsInfo;
import io.foregate.proxy.tls.TlsSettings;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

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
        TlsSettings tls = settings.tls();
        if (tls == null) {
            http1(peer, null);
            return;
        }
        SniTable names = worker.runtime().current().plan(settings.slot()).names();
        new Handshake(channel, tls, names, worker.loop().timers(), (info, protocol) -> secured(peer, info, protocol))
                .begin();
    }

    /** The handshake is done; {@code protocol} is what ALPN chose, or null when the client doesn't use it. */
    void secured(InetAddress peer, TlsInfo tls, @Nullable String protocol) {
        worker.loop().clock().refresh();
        http1(peer, tls);
    }

    /** The client speaks HTTP/1; {@code tls} is null on a plain connection. */
    void http1(InetAddress peer, @Nullable TlsInfo tls) {
        Downstream downstream = new Downstream(worker, entry.exchanges(), settings.slot(), tls, peer);
        Http1ServerConnection connection = new Http1ServerConnection(worker.loop(), settings.http(), downstream);
        channel.pipeline().addLast(connection);
        worker.opened(connection);
        channel.closeFuture().addListener(closed -> worker.closed(connection));
    }
}
