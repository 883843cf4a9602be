package io.foregate.proxy.server;

import io.foregate.api.message.ClientAddress;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.ProxyHeaderReader;
import io.foregate.proxy.codec.ProxyInfo;
import io.foregate.proxy.loop.Timer;
import io.foregate.proxy.observe.Defence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the PROXY protocol header at the begin of a connection, before TLS and HTTP, then removes itself. Owned by the socket's
 * loop, lives until the header is there.
 */
final class ProxyProtocolStage extends ChannelInboundHandlerAdapter implements Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyProtocolStage.class);

    /** What the peer's header is worth. */
    enum Trust {
        /** It has to send one. */
        REQUIRED,
        /** It may send one. */
        OPTIONAL,
        /** It must not: nobody would notice that it isn't who it says it is. */
        FORBIDDEN
    }

    /** What comes after this stage. */
    interface Next {
        /** Goes on: {@code info} is what was announced, or null. Adds the next handler to the pipeline. */
        void announced(@Nullable ProxyInfo info);
    }

    private final LoopContext loop;
    private final Trust trust;
    private final ClientAddress peer;
    private final Next next;
    private final ProxyHeaderReader reader = new ProxyHeaderReader();
    private final Timer timer = new Timer(this);
    private final long timeoutNanos;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private boolean done;

    ProxyProtocolStage(LoopContext loop, Trust trust, long timeoutNanos, ClientAddress peer, Next next) {
        this.loop = loop;
        this.trust = trust;
        this.timeoutNanos = timeoutNanos;
        this.peer = peer;
        this.next = next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        loop.timers().arm(timer, timeoutNanos);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        done = true;
        loop.timers().remove(timer);
        ByteBuf rest = held;
        held = null;
        if (rest != null) {
            rest.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        ByteBuf in = join((ByteBuf) message);
        held = in;
        if (done) {
            // Refused; the close is on its way.
            return;
        }
        switch (reader.read(in)) {
            case MORE -> {}
            case NONE -> {
                if (trust == Trust.REQUIRED) {
                    refuse(ctx, Defence.PROXY_HEADER, "no PROXY protocol header came, and the listener requires one");
                } else {
                    goOn(ctx, in, null);
                }
            }
            case FAILED -> refuse(ctx, Defence.PROXY_HEADER, reader.problem());
            case DONE -> {
                if (trust == Trust.FORBIDDEN) {
                    refuse(ctx, Defence.PROXY_HEADER, "a PROXY protocol header came from a peer that isn't trusted");
                } else {
                    in.skipBytes(reader.length());
                    goOn(ctx, in, reader.info());
                }
            }
        }
    }

    private ByteBuf join(ByteBuf in) {
        ByteBuf before = held;
        if (before == null) {
            return in;
        }
        int length = in.readableBytes();
        if (before.writableBytes() < length) {
            ByteBuf larger = before.alloc().ioBuffer(2 * (before.readableBytes() + length));
            larger.writeBytes(before);
            before.release();
            before = larger;
        }
        before.writeBytes(in);
        in.release();
        return before;
    }

    private void goOn(ChannelHandlerContext ctx, ByteBuf rest, @Nullable ProxyInfo info) {
        done = true;
        held = null;
        loop.timers().remove(timer);
        next.announced(info);
        if (rest.isReadable() && ctx.channel().isActive()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
        }
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    private void refuse(ChannelHandlerContext ctx, Defence defence, String why) {
        done = true;
        loop.defences().tripped(defence, peer, why);
        ctx.close();
    }

    @Override
    public void onTimeout(Timer expired) {
        ChannelHandlerContext ctx = context;
        if (done || ctx == null) {
            return;
        }
        if (trust == Trust.REQUIRED) {
            refuse(ctx, Defence.SLOW_PROXY_HEADER, "the PROXY protocol header did not come in time");
        } else {
            // Whoever needs no header may be silent; how long is the next stage's business.
            ByteBuf rest = held;
            goOn(ctx, rest == null ? Unpooled.EMPTY_BUFFER : rest, null);
            ctx.pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            done = true;
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("a client's connection failed unexpectedly", cause);
        }
        ctx.close();
    }
}
