package io.foregate.proxy.server;

import io.foregate.proxy.codec.Http1ServerConnection;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.exchange.Downstream;
import io.foregate.proxy.exchange.ExchangePool;
import io.foregate.proxy.worker.Worker;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/** Makes an accepted socket a client connection of its loop's worker. Shared by the sockets of one listener. */
@ChannelHandler.Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final LoopMap loops;
    private final int slot;
    private final ServerSettings settings;

    ConnectionInitializer(LoopMap loops, int slot, ServerSettings settings) {
        this.loops = loops;
        this.slot = slot;
        this.settings = settings;
    }

    @Override
    protected void initChannel(Channel channel) {
        LoopMap.Entry entry = loops.of(channel.eventLoop());
        Worker worker = entry.worker();
        ExchangePool exchanges = entry.exchanges();
        InetSocketAddress peer = (InetSocketAddress) channel.remoteAddress();
        if (peer == null) {
            // The client was gone before we looked.
            channel.close();
            return;
        }
        worker.loop().clock().refresh();
        Downstream downstream = new Downstream(worker, exchanges, slot, false, peer.getAddress());
        Http1ServerConnection connection = new Http1ServerConnection(worker.loop(), settings, downstream);
        channel.pipeline().addLast(connection);
        worker.opened(connection);
        channel.closeFuture().addListener(closed -> worker.closed(connection));
    }
}
