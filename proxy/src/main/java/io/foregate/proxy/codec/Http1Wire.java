package io.foregate.proxy.codec;

import io.foregate.api.message.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The byte side of one HTTP/1 connection: heads and bodies framed and gathered into as few buffers as a flush allows, reading
 * stopped and resumed, and the several ways to end.
 *
 * <p>A small buffer with room behind the head is kept open until the flush, and body bytes that fit are copied into it: one
 * buffer and one plain write for a small answer. What doesn't fit goes to the channel as it is. Owned by its connection.
 */
final class Http1Wire {
    private static final int ROOM_BYTES = 1024;
    private static final int CHUNK_FRAME_BYTES = 24;
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final byte[] LAST_CHUNK_BEFORE_TRAILERS = {'0', '\r', '\n'};
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final ChannelHandlerContext context;
    private final ReadSizer sizer = new ReadSizer();
    private final @Nullable SslHandler tls;
    private @Nullable ByteBuf open;
    private boolean chunked;
    private boolean dirty;
    private boolean paused;
    private boolean hasMoved;
    private boolean nonBlocking;
    private @Nullable Splice splice;
    private boolean brokenOff;

    Http1Wire(ChannelHandlerContext context) {
        this.context = context;
        this.tls = context.pipeline().get(SslHandler.class);
        context.channel().config().setRecvByteBufAllocator(sizer);
    }

    /** How the body after the next head is framed. */
    void chunked(boolean chunked) {
        this.chunked = chunked;
    }

    boolean chunked() {
        return chunked;
    }

    /** A buffer that {@code bytes} more bytes fit into; it is sent with the next flush, or before anything larger. */
    ByteBuf room(int bytes) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() >= bytes) {
            return buffer;
        }
        push();
        buffer = context.alloc().ioBuffer(bytes + ROOM_BYTES);
        open = buffer;
        dirty = true;
        return buffer;
    }

    /** Sends body bytes, whose ownership passes, and ends the body with them when {@code end} is true. */
    void data(ByteBuf data, boolean end) {
        int length = data.readableBytes();
        if (length == 0) {
            data.release();
        } else if (chunked) {
            chunk(data, length);
        } else {
            plain(data, length);
        }
        if (end && chunked) {
            room(LAST_CHUNK.length).writeBytes(LAST_CHUNK);
        }
    }

    void trailers(Headers trailers) {
        if (chunked) {
            ByteBuf out = room(LAST_CHUNK.length + Http1HeadWriter.maxLength(trailers) + 2);
            out.writeBytes(LAST_CHUNK_BEFORE_TRAILERS);
            Http1HeadWriter.fields(out, trailers);
            out.writeBytes(Http1HeadWriter.CRLF);
        }
    }

    private void plain(ByteBuf data, int length) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() >= length) {
            buffer.writeBytes(data);
            data.release();
        } else {
            push();
            context.write(data, context.voidPromise());
        }
        dirty = true;
    }

    private void chunk(ByteBuf data, int length) {
        ByteBuf out = room(CHUNK_FRAME_BYTES);
        hex(out, length);
        out.writeBytes(Http1HeadWriter.CRLF);
        if (out.writableBytes() >= length + 2) {
            out.writeBytes(data);
            data.release();
        } else {
            push();
            context.write(data, context.voidPromise());
        }
        room(CHUNK_FRAME_BYTES).writeBytes(Http1HeadWriter.CRLF);
    }

    private static void hex(ByteBuf out, int value) {
        int shift = 28 - (Integer.numberOfLeadingZeros(value) & ~3);
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[value >>> shift & 15]);
        }
    }

    private void push() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            context.write(buffer, context.voidPromise());
        }
    }

    /** Hands everything to the channel and flushes it. */
    void flush() {
        push();
        if (dirty) {
            dirty = false;
            context.flush();
        }
    }

    /** Hands everything to the channel; {@code whenSent} runs once it is on the wire, or can't be. */
    void flushThen(Runnable whenSent) {
        push();
        dirty = false;
        context.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(sent -> whenSent.run());
    }

    /** Releases what was never handed over. */
    void discard() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            buffer.release();
        }
    }

    // ---- reading and ending ----

    boolean writable() {
        return context.channel().isWritable();
    }

    boolean active() {
        return context.channel().isActive();
    }

    void pauseRead() {
        if (!paused) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
    }

    void resumeRead() {
        if (paused) {
            paused = false;
            context.channel().config().setAutoRead(true);
        }
    }

    /** Whether nothing but the kernel needs to touch bytes that go from this connection's socket to {@code sink}'s. */
    boolean canMoveTo(Http1Wire sink) {
        return plain() && sink.plain() && (onEpoll() || onIoUring() && !sizer.reading());
    }

    private boolean plain() {
        return context.pipeline().first() == context.handler();
    }

    private boolean onEpoll() {
        return context.channel() instanceof AbstractEpollStreamChannel;
    }

    private boolean onIoUring() {
        return context.channel() instanceof IoUringSocketChannel;
    }

    /** Moves {@code length} bytes; the listener hears what comes of it. False when that can't begin. */
    boolean moveTo(Http1Wire sink, int length, Splices splices, Splice.Listener listener) {
        if (onEpoll()) {
            return moveByTransport(sink, length, listener);
        }
        Splice with = sink.active() && active() && sink.nonBlocking() ? splices.take() : null;
        if (with == null) {
            return false;
        }
        splice = with;
        with.prepare((UnixChannel) context.channel(), sizer, (UnixChannel) sink.context.channel(), length, listener);
        context.channel().config().setAutoRead(false);
        sink.flushThen(() -> {
            if (splice == with) {
                with.start();
            }
        });
        return true;
    }

    @SuppressWarnings("deprecation") // marked as such for years, and nothing takes its place
    private boolean moveByTransport(Http1Wire sink, int length, Splice.Listener listener) {
        sink.flush();
        if (!sink.active() || !active()) {
            return false;
        }
        hasMoved = true;
        sizer.moving(true);
        ((AbstractEpollStreamChannel) context.channel())
                .spliceTo((AbstractEpollStreamChannel) sink.context.channel(), length)
                .addListener(done -> {
                    if (done.isSuccess()) {
                        listener.moved();
                    } else {
                        listener.broken();
                    }
                });
        return true;
    }

    private boolean nonBlocking() {
        nonBlocking = nonBlocking
                || NonBlocking.make(((UnixChannel) context.channel()).fd().intValue());
        return nonBlocking;
    }

    /** Whether the transport has ever moved something from here. */
    boolean hasMoved() {
        return hasMoved;
    }

    /** Whether a move is under way that can be taken back. */
    boolean splicing() {
        return splice != null;
    }

    /** Bytes that the present or last move has taken out of the socket or, where it can be taken back, has passed on. */
    long moved() {
        return splice == null ? sizer.moved() : splice.sent();
    }

    void moveEnded() {
        sizer.moving(false);
        if (splice != null) {
            splice = null;
            readOn();
        }
    }

    /** Ends the move. What it has not passed on comes now, unless null, and then by the ordinary way. */
    @Nullable
    ByteBuf takeBack() {
        Splice with = Objects.requireNonNull(splice);
        splice = null;
        ByteBuf rest = with.takeRest(context.alloc());
        sizer.moved(with.sent());
        readOn();
        return rest;
    }

    private void readOn() {
        if (!paused) {
            context.channel().config().setAutoRead(true);
        }
    }

    /** Whether nothing is read because a move's sink is full. */
    boolean moveWaits() {
        return splice == null ? !paused && !context.channel().config().isAutoRead() : splice.waitsForSink();
    }

    /** Runs a task on the loop, after what is going on now. */
    void later(Runnable task) {
        context.executor().execute(task);
    }

    /** One buffer with the bytes of both, whose ownership passes. */
    ByteBuf join(ByteBuf first, ByteBuf second) {
        ByteBuf both = context.alloc().ioBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Sends what there is, then a FIN; the other direction stays open. */
    void flushThenShutdown() {
        flushThen(this::shutdownOutput);
    }

    /** Sends a FIN, behind a close_notify on TLS; the other direction stays open. */
    void shutdownOutput() {
        if (!active()) {
            return;
        }
        DuplexChannel channel = (DuplexChannel) context.channel();
        if (tls == null) {
            fin(channel);
        } else {
            tls.closeOutbound().addListener(sent -> {
                if (channel.isActive()) {
                    fin(channel);
                }
            });
        }
    }

    // Netty's way makes an exception with its whole stack for the writes that may wait still, which costs several
    // microseconds
    // at the end of each connection. Where nothing waits, the socket itself does as well.
    private void fin(DuplexChannel channel) {
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket && unsentBytes() == 0) {
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // The peer has broken off already.
                channel.close();
            }
        } else {
            channel.shutdownOutput();
        }
    }

    /** Whether the other side's end is only worth its word with a close_notify before it (RFC 8446 §6.1). */
    boolean secure() {
        return tls != null;
    }

    /** What was handed to the channel and is not on the wire yet. */
    long unsentBytes() {
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** How far the peer has got with what was sent to it. */
    Taken taken() {
        return Taken.from(context.channel());
    }

    /** Makes the close to come a RST: the peer must not take what it has for the whole. */
    void breakOff() {
        if (active()) {
            context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            brokenOff = true;
        }
    }

    /**
     * Closes the connection. After a move by the transport not before the present turn is over: the transport would go on
     * with a descriptor that is closed, and may by then be another's.
     */
    void close() {
        if (splice != null) {
            splice.stop();
            splice = null;
        }
        ChannelHandlerContext below =
                tls == null || !brokenOff ? null : context.pipeline().context(tls);
        if (below != null) {
            // Past the TLS layer, whose close_notify would say that this was the proper end.
            below.close();
        } else if (hasMoved) {
            later(context::close);
        } else {
            context.close();
        }
    }

    /** Closes after so many seconds, if nothing has before. */
    void closeAfter(int seconds) {
        context.executor().schedule(this::close, seconds, TimeUnit.SECONDS);
    }

    /** Closes once everything is on the wire, and at the latest after that many seconds. */
    void closeWhenSent(int patienceSeconds) {
        var limit = context.executor().schedule(this::close, patienceSeconds, TimeUnit.SECONDS);
        flushThen(() -> {
            limit.cancel(false);
            close();
        });
    }
}
