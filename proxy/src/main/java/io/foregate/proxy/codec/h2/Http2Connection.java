package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.ReadSizer;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.observe.Defence;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection, whichever end of it we are: its streams, its windows, its end. What the ends do differently is its
 * {@link Http2Role}'s.
 *
 * <p>Everything that is written in one turn of the loop goes out at the end of the turn, in one piece; only larger amounts go before.
 * Streams that have ended are reused from the next turn on. Owned by its loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements ConnectionTimer.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);
    private static final int FLUSH_BYTES = 32 * 1024;
    private static final int MAX_SENT_FRAME_BYTES = 64 * 1024;
    private static final int MOST_UNREAD_BYTES = 1024 * 1024;
    private static final long LINGER_NANOS = 1_000_000_000L;
    private static final long DRAIN_PING = 0x666f726567617465L;
    /** How a connection ends of which nothing better is known. */
    static final String CLOSED_BY_PEER = "the peer closed the connection";

    private static final byte[] NOTHING = {};

    private enum State {
        OPEN,
        /** The last GOAWAY is out; what comes is dropped until the connection is closed. */
        ENDING,
        CLOSED
    }

    private final LoopContext loop;
    private final Http2Role role;
    private final Http2Settings settings;
    private final Http2Streams streams;
    private final PeerSettings peer = new PeerSettings();
    private final ConnectionPreface preface;
    private final FieldCoding fields;
    private final IncomingFrames incoming;
    private final FloodGuard guard;
    private final ConnectionTimer timer;
    private final Runnable endOfTurn = this::endOfTurn;
    private @Nullable ChannelHandlerContext context;
    private @Nullable FrameReader reader;
    private @Nullable FrameWriter writer;
    private @Nullable Sender sender;
    private @Nullable Receiver receiver;
    private @Nullable Http2Stream touched;
    private State state = State.OPEN;
    private String goneBecause = CLOSED_BY_PEER;
    private long lastReadNanos;
    private boolean failed;
    private boolean turnScheduled;
    private boolean unread;

    /** What a connection is made of besides its role. */
    record Parts(LoopContext loop, Http2Settings settings, HeadLimits limits, Http2StreamPool pool) {}

    Http2Connection(Parts parts, Http2Role role) {
        this.loop = parts.loop();
        this.role = role;
        this.settings = parts.settings();
        this.streams = new Http2Streams(this, parts.pool());
        this.preface = new ConnectionPreface(this, settings, parts.limits());
        this.fields = new FieldCoding(this, parts.limits(), settings.headerTableBytes());
        this.incoming = new IncomingFrames(
                this, settings.maxFrameBytes(), parts.limits().maxHeaderBytes());
        this.guard = new FloodGuard(this, loop.clock());
        this.timer = new ConnectionTimer(loop, this);
    }

    // ---- parts, for each other ----

    Http2Role role() {
        return role;
    }

    PeerSettings peer() {
        return peer;
    }

    ConnectionPreface preface() {
        return preface;
    }

    Http2Streams streams() {
        return streams;
    }

    FloodGuard guard() {
        return guard;
    }

    FieldCoding fields() {
        return fields;
    }

    ConnectionTimer timer() {
        return timer;
    }

    FrameWriter writer() {
        return Objects.requireNonNull(writer);
    }

    Sender sender() {
        return Objects.requireNonNull(sender);
    }

    Receiver receiver() {
        return Objects.requireNonNull(receiver);
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether a rule was broken, so that it had to end. */
    boolean failed() {
        return failed;
    }

    /** Why it has ended. */
    String goneBecause() {
        return goneBecause;
    }

    /** When something last came. */
    long lastReadNanos() {
        return lastReadNanos;
    }

    byte[] sendScratch(int bytes) {
        return loop.heads().sendScratch(bytes);
    }

    // ---- from the channel ----

    /** Begins: tells the peer what it may do. */
    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        lastReadNanos = loop.clock().nowNanos();
        FrameWriter out = new FrameWriter(added);
        writer = out;
        sender = new Sender(this, out, added.channel(), loop.clock());
        receiver = new Receiver(out, settings);
        reader = new FrameReader(incoming, loop.heads(), added.alloc());
        added.channel().config().setRecvByteBufAllocator(new ReadSizer());
        preface.write(out);
        receiver().open();
        timer.set(ConnectionTimer.HEAD, role.headTimeoutNanos());
        flushSoon();
    }

    private void received(ByteBuf in) {
        try {
            if (state == State.OPEN && preface.read(in)) {
                Objects.requireNonNull(reader).read(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        loop.clock().refresh();
        lastReadNanos = loop.clock().nowNanos();
        received((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readComplete();
    }

    private void readComplete() {
        Http2Stream stream = touched;
        touched = null;
        while (stream != null) {
            Http2Stream next = stream.nextTouched;
            stream.nextTouched = null;
            stream.touched = false;
            StreamHandler handler = stream.handler();
            if (handler != null) {
                handler.onReadComplete(stream);
            }
            stream = next;
        }
        if (incoming.settingsReceived()) {
            watchHead();
        }
        flushSoon();
        stopUnread();
    }

    private void watchHead() {
        FrameReader of = Objects.requireNonNull(reader);
        boolean within = incoming.withinSection() || (of.withinFrame() && of.type() == Frame.HEADERS);
        if (!within) {
            timer.clear(ConnectionTimer.HEAD);
        } else if (!timer.isSet(ConnectionTimer.HEAD)) {
            timer.set(ConnectionTimer.HEAD, role.headTimeoutNanos());
        }
    }

    // Heads and answers to the peer's own frames obey no window: who doesn't read them can't ask for more.
    private void stopUnread() {
        ChannelHandlerContext at = Objects.requireNonNull(context);
        if (!at.channel().isWritable() && !unread) {
            ChannelOutboundBuffer waiting = at.channel().unsafe().outboundBuffer();
            if (waiting != null && waiting.totalPendingWriteBytes() > MOST_UNREAD_BYTES) {
                unread = true;
                guard.unread();
                at.channel().config().setAutoRead(false);
            }
        }
    }

    boolean settingsReceived() {
        return incoming.settingsReceived();
    }

    /** Notes that the stream's owner hears when the batch of reads is over. */
    void touch(Http2Stream stream) {
        if (!stream.touched) {
            stream.touched = true;
            stream.nextTouched = touched;
            touched = stream;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && state == State.OPEN) {
            loop.clock().refresh();
            if (unread) {
                unread = false;
                ctx.channel().config().setAutoRead(true);
            }
            sender().pump();
            flushSoon();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            loop.clock().refresh();
            inputEnded();
        }
    }

    // Answers to requests that are whole can still be read.
    private void inputEnded() {
        if (state != State.OPEN) {
            closeNow();
            return;
        }
        role.inputEnding();
        for (Http2Stream stream : streams.all()) {
            if (!stream.remoteEnded && stream.listed) {
                streams.lose(stream, role.broken(goneBecause));
            }
        }
        role.drained();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed(goneBecause);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (reason instanceof IOException) {
            goneBecause = String.valueOf(reason.getMessage());
        } else {
            LOG.error("an HTTP/2 connection failed unexpectedly", cause);
        }
        ctx.close();
    }

    // ---- flushing, and the end of a turn ----

    /** What was written goes out: at once when it is much, else at the end of this turn of the loop. */
    void flushSoon() {
        if (writer().unflushed() >= FLUSH_BYTES || sender().hasReady()) {
            sender().pump();
            writer().flush();
        }
        if (writer().unflushed() > 0) {
            scheduleTurn();
        }
    }

    /** Has {@link #endOfTurn} run when this turn of the loop is over. */
    void scheduleTurn() {
        if (!turnScheduled) {
            turnScheduled = true;
            loop.eventLoop().execute(endOfTurn);
        }
    }

    private void endOfTurn() {
        turnScheduled = false;
        if (state == State.CLOSED) {
            writer().discard();
        } else {
            sender().pump();
            writer().flush();
        }
        streams.recycle();
    }

    // ---- settings and pings ----

    /** The peer's SETTINGS have been taken; {@code windowChange} is that of every stream. */
    boolean peerSettings(int windowChange) {
        if (windowChange != 0 && !streams.widen(windowChange)) {
            fail(ErrorCode.FLOW_CONTROL_ERROR, "a window wider than can be");
            return false;
        }
        fields.peerTableBytes(peer.headerTableSize());
        writer().maxFrameSize(Math.min(peer.maxFrameSize(), MAX_SENT_FRAME_BYTES));
        writer().settingsAck();
        role.settingsReceived();
        return isOpen();
    }

    /** The peer answered a PING of ours. */
    void pinged(long data) {
        if (timer.isSet(ConnectionTimer.DRAIN) && data == DRAIN_PING) {
            timer.clear(ConnectionTimer.DRAIN);
            role.drained();
        } else {
            role.pinged(data);
        }
    }

    /**
     * The first of two GOAWAYs (RFC 9113 §6.8): no stream is refused until the peer has had time to know; then {@link
     * Http2Role#drained} says the rest.
     */
    void drain(long patienceNanos) {
        writer().goAway(Frame.LARGEST_WINDOW, ErrorCode.NO_ERROR, NOTHING);
        writer().ping(DRAIN_PING, false);
        timer.set(ConnectionTimer.DRAIN, patienceNanos);
        flushSoon();
    }

    // ---- how slow the peer is, and the end ----

    /** Data went out. */
    void sentData(int bytes) {
        guard.data(bytes);
    }

    /** Something waits to be sent: somebody looks after it from now on. */
    void armStall() {
        if (!timer.isSet(ConnectionTimer.STALL)) {
            timer.set(ConnectionTimer.STALL, role.stallNanos());
        }
    }

    @Override
    public void expired(int kind) {
        switch (kind) {
            case ConnectionTimer.ACK -> {
                role.tripped(Defence.SLOW_HEAD, "SETTINGS were not acknowledged in time");
                fail(ErrorCode.SETTINGS_TIMEOUT, "SETTINGS were not acknowledged in time");
            }
            case ConnectionTimer.STALL -> stalled();
            case ConnectionTimer.DRAIN -> role.drained();
            case ConnectionTimer.LINGER -> closeNow();
            default -> role.expired(kind);
        }
    }

    private void stalled() {
        if (state == State.OPEN) {
            streams.abandonStalled(loop.clock().nowNanos(), role.stallNanos(), role.leastTaken());
            if (sender().queuedBytes() > 0) {
                timer.set(ConnectionTimer.STALL, role.stallNanos());
            }
        }
    }

    /** A connection error (RFC 9113 §5.4.1): GOAWAY, and the end of all streams. */
    void fail(int code, String why) {
        if (state == State.OPEN) {
            goneBecause = why;
            failed = code != ErrorCode.NO_ERROR;
            writer().goAway(streams.lastRemoteId(), code, Octets.ascii(why));
            end();
        }
    }

    /** The second GOAWAY: streams beyond the last one so far are refused from now on, those before it go on. */
    void sayLast() {
        writer().goAway(streams.lastRemoteId(), ErrorCode.NO_ERROR, NOTHING);
        flushSoon();
    }

    /** Says goodbye with {@code NO_ERROR}; streams that are still open end. */
    void goodbye() {
        if (state == State.OPEN) {
            writer().goAway(streams.lastRemoteId(), ErrorCode.NO_ERROR, NOTHING);
            end();
        }
    }

    /** Sends what was written, drops what comes, and closes. */
    private void end() {
        state = State.ENDING;
        streams.endAll(goneBecause);
        timer.stop();
        timer.set(ConnectionTimer.LINGER, LINGER_NANOS);
        // A close with unread bytes in the socket becomes a RST, which can take the GOAWAY with it.
        writer().flushThen(this::finished);
        scheduleTurn();
    }

    private void finished() {
        if (state == State.ENDING) {
            ChannelHandlerContext at = Objects.requireNonNull(context);
            // Under TLS the close says it, and the wait before it serves the same end.
            boolean plain = at.pipeline().get(SslHandler.class) == null;
            if (plain && at.channel().isActive() && at.channel() instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
        }
    }

    private void closeNow() {
        Objects.requireNonNull(context).close();
    }

    private void closed(String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        // This is a turn of its own, and a loop that is being stopped takes no other.
        turnScheduled = true;
        streams.endAll(why);
        timer.stop();
        endOfTurn();
        role.closed();
    }
}
