package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.codec.h2.Http2ServerConnection;
import io.foregate.proxy.codec.h2.Http2Settings;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
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
    private @Nullable DownstreamConnection connection;

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
        plain(peer);
    }

    /** The client speaks without TLS: HTTP/2 is known by its first bytes. */
    void plain(InetAddress peer) {
        Http2Settings http2 = settings.versions().http2();
        if (http2 == null) {
            http1(peer, false);
        } else if (!settings.versions().http1()) {
            http2(peer, false, http2);
        } else {
            VersionStage stage = new VersionStage(
                    worker.loop(), channel, settings.http().headTimeoutNanos(), isHttp2 -> {
                        if (isHttp2) {
                            http2(peer, false, http2);
                        } else {
                            http1(peer, false);
                        }
                    });
            is(stage, stage);
        }
    }

    /** The client speaks HTTP/1. */
    void http1(InetAddress peer, boolean secure) {
        Http1ServerConnection http = new Http1ServerConnection(worker.loop(), settings.http(), downstream(peer, secure));
        is(http, http);
    }

    /** The client speaks HTTP/2. */
    void http2(InetAddress peer, boolean secure, Http2Settings http2) {
        ClientAddress address = new ClientAddress();
        address.set(peer);
        Http2ServerConnection http = new Http2ServerConnection(
                new Http2ServerConnection.Setup(worker.loop(), settings.http(), http2, entry.streams()),
                downstream(peer, secure),
                address);
        is(http, http.handler());
    }

    private Downstream downstream(InetAddress peer, boolean secure) {
        return new Downstream(worker, entry.exchanges(), settings.slot(), secure, peer);
    }

    // What the connection is from now on, for the worker too.
    private void is(DownstreamConnection next, ChannelHandler handler) {
        DownstreamConnection before = connection;
        connection = next;
        channel.pipeline().addLast(handler);
        if (before != null) {
            worker.closed(before);
        } else {
            channel.closeFuture().addListener(closed -> {
                DownstreamConnection last = connection;
                if (last != null) {
                    worker.closed(last);
                }
            });
        }
        worker.opened(next);
    }
}
