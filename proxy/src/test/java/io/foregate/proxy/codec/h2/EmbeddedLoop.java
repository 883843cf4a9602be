package io.foregate.proxy.codec.h2;

import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.observe.Defences;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A loop whose connection is a channel without a socket. */
final class EmbeddedLoop {
    private EmbeddedLoop() {}

    static LoopContext of(EmbeddedChannel channel) {
        return LoopContext.of(0, channel.eventLoop(), NioSocketChannel::new, channel.alloc(), Defences.unsaid());
    }
}
