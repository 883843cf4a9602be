package io.foregate.proxy.codec.h2;

import io.foregate.proxy.codec.HeadPool;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.Splices;
import io.foregate.proxy.loop.LoopClock;
import io.foregate.proxy.loop.TimerWheel;
import io.foregate.proxy.observe.Defences;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** A loop whose connection is a channel without a socket. */
final class EmbeddedLoop {
    private EmbeddedLoop() {}

    static LoopContext of(EmbeddedChannel channel) {
        EventLoop loop = channel.eventLoop();
        LoopClock clock = new LoopClock();
        return new LoopContext(
                0,
                loop,
                clock,
                new TimerWheel(loop, clock),
                new TimerWheel(loop, clock, TimerWheel.FINE_TICK_NANOS),
                new HeadPool(),
                new Splices(loop),
                NioSocketChannel::new,
                channel.alloc(),
                Defences.unsaid());
    }
}
