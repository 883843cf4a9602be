package io.foregate.proxy.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;

/** Sends an accepted socket on its way to its first request. Shared by the sockets of one bound address. */
@ChannelHandler.Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final LoopMap loops;
    private volatile Reception reception;

    ConnectionInitializer(LoopMap loops, Reception reception) {
        this.loops = loops;
        this.reception = reception;
    }

    Reception reception() {
        return reception;
    }

    void reception(Reception next) {
        reception = next;
    }

    @Override
    protected void initChannel(Channel channel) {
        new ConnectionStart(loops.of(channel.eventLoop()), reception, channel).accepted();
    }
}
