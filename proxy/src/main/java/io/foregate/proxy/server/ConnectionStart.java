package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.codec.ProxyInfo;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.server.ProxyProtocolStage.Trust;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
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
    private final ListenerSettings settings;
    private final ConnectionGate gate;
    private final Channel channel;
    private @Nullable ProxyInfo announced;

    ConnectionStart(LoopMap.Entry entry, ListenerSettings settings, ConnectionGate gate, Channel channel) {
        this.worker = entry.worker();
        this.entry = entry;
        this.settings = settings;
        this.gate = gate;
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
        if (!gate.enter()) {
            refuse(Defence.CONNECTION_LIMIT, peer, "the listener has as many connections as it may have");
            return;
        }
        channel.closeFuture().addListener(closed -> gate.leave());
        announce(remote.getAddress(), peer);
    }

    // Whoever announces clients is counted by those, later.
    private void announce(InetAddress remote, ClientAddress peer) {
        ProxyProtocol protocol = settings.proxyProtocol();
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
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /** It is known who is at the other end: the peer, or who a trusted one announced. */
    void addressed(InetAddress peer) {
        http1(peer, false);
    }

    /** The client speaks HTTP/1. */
    void http1(InetAddress peer, boolean secure) {
        boolean usedTls = secure || (announced != null && announced.clientUsedTls());
        Downstream downstream = new Downstream(worker, entry.exchanges(), settings.slot(), usedTls, peer);
        downstream.announced(announced);
        Http1ServerConnection connection = new Http1ServerConnection(worker.loop(), settings.http(), downstream);
        channel.pipeline().addLast(connection);
        worker.opened(connection);
        channel.closeFuture().addListener(closed -> worker.closed(connection));
    }
}
