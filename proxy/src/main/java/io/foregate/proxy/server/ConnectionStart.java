package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.codec.ProxyInfo;
import io.foregate.proxy.codec.h2.Http2ServerConnection;
import io.foregate.proxy.codec.h2.Http2Settings;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.server.ProxyProtocolStage.Trust;
import io.foregate.proxy.tls.Alpn;
import io.foregate.proxy.tls.SniTable;
import io.foregate.proxy.tls.TlsInfo;
import io.foregate.proxy.tls.TlsSettings;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
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
    private final Reception reception;
    private final ListenerSettings settings;
    private final ConnectionGate gate;
    private final Channel channel;
    private @Nullable ProxyInfo announced;
    private @Nullable DownstreamConnection connection;

    ConnectionStart(LoopMap.Entry entry, Reception reception, Channel channel) {
        this.worker = entry.worker();
        this.entry = entry;
        this.reception = reception;
        this.settings = reception.settings();
        this.gate = reception.gate();
        this.channel = channel;
    }

    /** The socket is open. */
    void accepted() {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        if (remote == null) {
            // The client was gone before we looked.
            channel.close();
            return;
        }
        worker.loop().clock().refresh();
        ClientAddress peer = new ClientAddress();
        peer.set(remote.getAddress());
        if (worker.shedding().refusesConnection()) {
            reset();
            return;
        }
        if (!gate.enter()) {
            refuse(Defence.CONNECTION_LIMIT, peer, "the listener has as many connections as it may have");
            return;
        }
        channel.closeFuture().addListener(closed -> gate.leave());
        worker.accepted(channel);
        announce(remote.getAddress(), peer);
    }

    // Whoever announces clients is counted by those, later.
    private void announce(InetAddress remote, ClientAddress peer) {
        ProxyProtocol protocol = settings.admission().proxyProtocol();
        boolean trusted =
                protocol.mode() != ProxyProtocol.Mode.OFF && protocol.from().contains(peer);
        Trust trust = switch (protocol.mode()) {
            case OFF -> null;
            case OPTIONAL -> trusted ? Trust.OPTIONAL : Trust.FORBIDDEN;
            case REQUIRED -> Trust.REQUIRED;
        };
        if (trust == Trust.REQUIRED && !trusted) {
            refuse(Defence.PROXY_HEADER, peer, "only peers in proxy-protocol.from may connect to the listener");
        } else if (!trusted && !admit(peer)) {
            return;
        } else if (trust == null) {
            addressed(remote);
        } else {
            channel.pipeline()
                    .addLast(new ProxyProtocolStage(
                            worker.loop(), trust, protocol.timeoutNanos(), peer, info -> announced(remote, info)));
        }
    }

    private void announced(InetAddress remote, @Nullable ProxyInfo info) {
        announced = info;
        InetSocketAddress source = info == null ? null : info.source();
        if (source == null) {
            addressed(remote);
            return;
        }
        ClientAddress client = new ClientAddress();
        client.set(source.getAddress());
        if (admit(client)) {
            addressed(source.getAddress());
        }
    }

    private boolean admit(ClientAddress client) {
        if (!gate.counts(client)) {
            return true;
        }
        ConnectionGate.Client counted = gate.enter(client);
        if (counted == null) {
            refuse(Defence.CLIENT_CONNECTION_LIMIT, client, "the client has as many connections as it may have");
            return false;
        }
        channel.closeFuture().addListener(closed -> gate.leave(counted));
        return true;
    }

    // With a reset, so that nothing of it stays with us.
    private void refuse(Defence defence, ClientAddress peer, String why) {
        worker.loop().defences().tripped(defence, peer, why);
        reset();
    }

    private void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /** It is known who is at the other end: the peer, or who a trusted one announced. */
    void addressed(InetAddress peer) {
        TlsSettings tls = settings.tls();
        if (tls == null) {
            plain(peer);
            return;
        }
        Handshake.Terms terms = new Handshake.Terms(tls, this::names);
        new Handshake(worker.loop(), channel, peer, terms, (info, protocol) -> secured(peer, info, protocol)).begin();
    }

    private SniTable names() {
        int slot = reception.slot();
        return worker.runtime().serving().at(slot).plan(slot).names();
    }

    /** The client speaks without TLS: HTTP/2 is known by its first bytes. */
    void plain(InetAddress peer) {
        Http2Settings http2 = settings.versions().http2();
        if (http2 == null) {
            http1(peer, null);
        } else if (!settings.versions().http1()) {
            http2(peer, null, http2);
        } else {
            VersionStage stage =
                    new VersionStage(worker.loop(), channel, settings.http().headTimeoutNanos(), isHttp2 -> {
                        if (isHttp2) {
                            http2(peer, null, http2);
                        } else {
                            http1(peer, null);
                        }
                    });
            is(stage, stage);
        }
    }

    /** The handshake is done; {@code protocol} is what ALPN chose, or null when the client doesn't use it. */
    void secured(InetAddress peer, TlsInfo tls, @Nullable String protocol) {
        worker.loop().clock().refresh();
        Http2Settings http2 = settings.versions().http2();
        if (http2 != null && Alpn.HTTP_2.equals(protocol)) {
            http2(peer, tls, http2);
        } else {
            http1(peer, tls);
        }
    }

    /** The client speaks HTTP/1; {@code tls} is null on a plain connection. */
    void http1(InetAddress peer, @Nullable TlsInfo tls) {
        Http1ServerConnection http = new Http1ServerConnection(worker.loop(), settings.http(), downstream(peer, tls));
        is(http, http);
    }

    /** The client speaks HTTP/2; {@code tls} is null on a plain connection. */
    void http2(InetAddress peer, @Nullable TlsInfo tls, Http2Settings http2) {
        ClientAddress address = new ClientAddress();
        address.set(peer);
        Http2ServerConnection http = new Http2ServerConnection(
                new Http2ServerConnection.Setup(worker.loop(), settings.http(), http2, entry.streams()),
                downstream(peer, tls),
                address);
        is(http, http.handler());
    }

    private Downstream downstream(InetAddress peer, @Nullable TlsInfo tls) {
        Downstream downstream = new Downstream(worker, entry.exchanges(), reception.slot(), tls, peer);
        downstream.announced(announced);
        downstream.socket(channel);
        return downstream;
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
        worker.opened(next, reception.slot());
        if (reception.leaving()) {
            next.drain();
        }
    }
}
