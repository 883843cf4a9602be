package io.foregate.proxy.server;

import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.loop.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from its first bytes whether a plain connection speaks HTTP/2 by prior knowledge (RFC 9113 §3.3), and is gone then. One
 * byte that differs from the preface is enough; no request of HTTP/1 begins with more than a few of the same.
 *
 * <p>Owned by the socket's loop.
 */
final class VersionStage extends ChannelInboundHandlerAdapter implements DownstreamConnection, Timer.Target {
    /** Hears what the client speaks, while this stage is no part of the pipeline any more. */
    interface Decided {
        void version(boolean http2);
    }

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final LoopContext loop;
    private final Channel channel;
    private final Decided next;
    private final Timer timer = new Timer(this);
    private @Nullable ByteBuf begun;

    VersionStage(LoopContext loop, Channel channel, long timeoutNanos, Decided next) {
        this.loop = loop;
        this.channel = channel;
        this.next = next;
        loop.timers().arm(timer, timeoutNanos);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = begun;
        if (before != null) {
            begun = null;
            ByteBuf both = loop.buffers().ioBuffer(before.readableBytes() + in.readableBytes());
            in = both.writeBytes(before).writeBytes((ByteBuf) message);
            before.release();
            ((ByteBuf) message).release();
        }
        int length = Math.min(in.readableBytes(), PREFACE.length);
        int same = 0;
        while (same < length && in.getByte(in.readerIndex() + same) == PREFACE[same]) {
            same++;
        }
        if (same == length && length < PREFACE.length) {
            begun = in;
            return;
        }
        loop.timers().remove(timer);
        loop.clock().refresh();
        next.version(same == PREFACE.length);
        context.fireChannelRead(in);
        context.pipeline().remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void over() {
        loop.timers().remove(timer);
        ByteBuf kept = begun;
        if (kept != null) {
            begun = null;
            kept.release();
        }
    }

    @Override
    public void onTimeout(Timer expired) {
        channel.close();
    }

    @Override
    public void drain() {
        channel.close();
    }

    // What comes next is told.
    @Override
    public void windDown() {}
}
