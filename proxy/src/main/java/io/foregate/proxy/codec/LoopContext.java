package io.foregate.proxy.codec;

import io.foregate.proxy.loop.LoopClock;
import io.foregate.proxy.loop.TimerWheel;
import io.foregate.proxy.observe.Defences;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;

/**
 * What the connections of one loop share. Everything in it but the index and the defences is used on that loop only.
 *
 * @param index of the loop among all, from 0
 * @param timers deadlines, coarsely
 * @param pauses what is waited for in milliseconds; nothing is in there but for requests that are repeated or may soon be
 * @param buffers where every connection's buffers come from
 * @param splices move bodies within the kernel where the transport can't
 * @param sockets makes unconnected sockets of the transport in use
 * @param defences is told what clients are kept from doing; shared by all loops
 */
public record LoopContext(
        int index,
        EventLoop eventLoop,
        LoopClock clock,
        TimerWheel timers,
        TimerWheel pauses,
        HeadPool heads,
        Splices splices,
        ChannelFactory<? extends SocketChannel> sockets,
        ByteBufAllocator buffers,
        Defences defences) {
    /** That of a loop which begins: with a clock, timers and pools of its own. */
    public static LoopContext of(
            int index,
            EventLoop eventLoop,
            ChannelFactory<? extends SocketChannel> sockets,
            ByteBufAllocator buffers,
            Defences defences) {
        LoopClock clock = new LoopClock();
        return new LoopContext(
                index,
                eventLoop,
                clock,
                new TimerWheel(eventLoop, clock),
                new TimerWheel(eventLoop, clock, TimerWheel.FINE_TICK_NANOS),
                new HeadPool(),
                new Splices(eventLoop),
                sockets,
                buffers,
                defences);
    }
}
