package io.foregate.proxy.exchange;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.ProxyInfo;
import io.foregate.proxy.codec.StreamAcceptor;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.tls.TlsInfo;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.ProxiedClient;
import io.foregate.proxy.upstream.ProxyHeader;
import io.foregate.proxy.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What all exchanges of one client connection have in common. Owned by the connection's loop, lives as long as it. */
public final class Downstream implements StreamAcceptor, ProxiedClient {
    private static final byte[] NO_ENTRIES = {};

    private final Worker worker;
    private final ExchangePool exchanges;
    private final int listenerSlot;
    private final @Nullable TlsInfo tls;
    private final ClientAddress peer = new ClientAddress();
    private final long openedNanos;
    private @Nullable ProxyInfo announced;
    private @Nullable Channel socket;

    /**
     * @param listenerSlot of the listener that accepted the connection
     * @param tls of its handshake; null when it is plain
     * @param peerAddress the client, or a proxy before us
     */
    public Downstream(
            Worker worker, ExchangePool exchanges, int listenerSlot, @Nullable TlsInfo tls, InetAddress peerAddress) {
        this.worker = worker;
        this.exchanges = exchanges;
        this.listenerSlot = listenerSlot;
        this.tls = tls;
        this.peer.set(peerAddress);
        this.openedNanos = worker.loop().clock().nowNanos();
    }

    /** Notes what a load balancer said about the connection, before its first request. */
    public void announced(@Nullable ProxyInfo info) {
        announced = info;
    }

    @Override
    public StreamHandler accept(HttpStream stream) {
        Exchange exchange = exchanges.take();
        exchange.begin(this, stream);
        return exchange.events();
    }

    @Override
    public void refuse(HttpStream stream, RequestHead head, Failure failure) {
        Exchange exchange = exchanges.take();
        try {
            exchange.begin(this, stream);
            exchange.refuse(head, failure);
        } catch (RuntimeException | OutOfMemoryError e) {
            exchange.crash(e);
        }
    }

    /** Notes the socket, from which origins are told of the client where their pool wants that. */
    public void socket(Channel accepted) {
        socket = accepted;
    }

    @Override
    public void writeProxyHeader(ByteBuf out, Link.ProxyProtocol version) {
        Channel channel = socket;
        if (channel == null) {
            ProxyHeader.write(out, version, null, null, NO_ENTRIES);
            return;
        }
        ProxyInfo info = announced;
        byte[] entries = ClientEntries.of(channel, tls, info == null ? NO_ENTRIES : info.tlvs());
        if (info != null && info.source() != null) {
            ProxyHeader.write(out, version, info.source(), info.destination(), entries);
        } else {
            InetSocketAddress source = (InetSocketAddress) channel.remoteAddress();
            ProxyHeader.write(out, version, source, (InetSocketAddress) channel.localAddress(), entries);
        }
    }

    Worker worker() {
        return worker;
    }

    int listenerSlot() {
        return listenerSlot;
    }

    boolean secure() {
        return tls != null || (announced != null && announced.clientUsedTls());
    }

    /** What its handshake has brought; null when it is plain. */
    @Nullable
    TlsInfo tls() {
        return tls;
    }

    /** When HTTP began on it. */
    long openedNanos() {
        return openedNanos;
    }

    /** The other end of its socket; null when that is gone. */
    @Nullable
    SocketAddress remote() {
        Channel channel = socket;
        return channel == null ? null : channel.remoteAddress();
    }

    @Override
    public ClientAddress peer() {
        return peer;
    }
}
