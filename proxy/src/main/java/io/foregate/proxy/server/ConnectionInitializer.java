package io.foregate.proxy.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;

/** Sends an accepted socket on its way to its first request. Shared by the sockets of one listener. */
@ChannelHandler.Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final LoopMap loops;
    private final ListenerSettings settings;
    private final ConnectionGate gate;

    ConnectionInitializer(LoopMap loops, ListenerSettings settings) {
        this.loops = loops;
        this.settings = settings;
        this.gate = new ConnectionGate(settings.admission().limits());
    }

    @Override
    protected void initChannel(Channel channel) {
        new ConnectionStart(loops.of(channel.eventLoop()), settings, gate, channel).accepted();
    }
}
