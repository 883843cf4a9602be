package io.foregate.proxy.codec.h2;

import static io.foregate.api.message.Failure.Kind.CANCELLED;
import static io.foregate.api.message.Failure.Kind.CLIENT_GONE;
import static io.foregate.api.message.Failure.Kind.HEAD_TOO_LARGE;
import static io.foregate.api.message.Failure.Kind.MALFORMED;
import static io.foregate.api.message.Failure.Kind.REQUEST_BODY_MALFORMED;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ConnectionLook;
import io.foregate.proxy.codec.DownstreamConnection;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.codec.StreamAcceptor;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.HpackEncoder;
import io.foregate.proxy.observe.Defence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection (RFC 9113): every stream of it is a request for the same {@link StreamAcceptor} that HTTP/1's go
 * to. An extended CONNECT (RFC 8441) looks like HTTP/1's upgrade to everyone behind. Owned by its loop.
 */
public final class Http2ServerConnection implements Http2Role, DownstreamConnection {
    private static final long DRAIN_NANOS = 1_000_000_000L;
    private static final HeaderName SEC_WEBSOCKET_ACCEPT = HeaderName.of("Sec-WebSocket-Accept");
    private static final int STATUS_AND_DATE_BYTES = 64;

    /**
     * What the connections of one listener have in common.
     *
     * @param streams of the connection's loop
     */
    public record Setup(LoopContext loop, ServerSettings server, Http2Settings http2, Http2StreamPool streams) {}

    private final LoopContext loop;
    private final ServerSettings settings;
    private final int maxStreams;
    private final StreamAcceptor acceptor;
    private final ClientAddress peer;
    private final RequestAssembler assembler;
    private final Http2Connection connection;
    /** The last GOAWAY is out, and no stream beyond it is taken. */
    private boolean refusing;
    /** A request has come. */
    private boolean asked;
    /** It is to be told to leave once it has asked for something. */
    private boolean windsDown;

    /** @param peerAddress as log lines call the client; kept */
    public Http2ServerConnection(Setup setup, StreamAcceptor acceptor, ClientAddress peerAddress) {
        this.loop = setup.loop();
        this.settings = setup.server();
        this.maxStreams = setup.http2().maxConcurrentStreams();
        this.acceptor = acceptor;
        this.peer = peerAddress;
        this.assembler = new RequestAssembler(settings.limits());
        this.connection = new Http2Connection(
                new Http2Connection.Parts(loop, setup.http2(), settings.limits(), setup.streams()), this);
    }

    /** What reads and writes the channel: the last of its pipeline. */
    public ChannelHandler handler() {
        return connection;
    }

    @Override
    public boolean server() {
        return true;
    }

    @Override
    public int[] settings() {
        return new int[] {
            Frame.MAX_CONCURRENT_STREAMS, maxStreams, Frame.ENABLE_CONNECT_PROTOCOL, 1, Frame.NO_RFC7540_PRIORITIES, 1
        };
    }

    // ---- requests ----

    @Override
    public void head(@Nullable Http2Stream none, FieldSection section) {
        RequestHead head = loop.heads().takeRequest();
        assembler.begin();
        HpackDecoder.Result result = connection.fields().decode(section, head.headers(), assembler);
        boolean full = connection.streams().size() >= maxStreams;
        if (result == HpackDecoder.Result.BROKEN || refusing || full) {
            loop.heads().give(head);
            if (connection.isOpen()) {
                connection.streams().refuse(section.id(), ErrorCode.REFUSED_STREAM);
                connection.guard().refused();
            }
            return;
        }
        boolean end = section.endStream();
        Http2Stream stream = connection.streams().openRemote(section.id());
        stream.headReceived = true;
        stream.remoteEnded = end;
        Failure.Kind wrong = switch (result) {
            case OK -> assembler.judge(head, end);
            case TOO_LARGE -> HEAD_TOO_LARGE;
            default -> MALFORMED;
        };
        head.httpVersion(20);
        stream.headMethod = head.method() == Method.HEAD;
        if (wrong != null) {
            refuse(stream, head, wrong);
        } else {
            accept(stream, head, end);
        }
    }

    private void accept(Http2Stream stream, RequestHead head, boolean end) {
        asked = true;
        if (windsDown) {
            windDown();
        }
        Headers headers = head.headers();
        int priority = headers.find(HeaderName.PRIORITY);
        if (priority >= 0) {
            stream.priority =
                    StreamPriority.parse(headers.array(), headers.valueStart(priority), headers.valueLength(priority));
        }
        stream.tunnel = head.upgradeLength() > 0;
        if (!end && !stream.tunnel && head.bodyLength() >= 0) {
            stream.bodyRemaining = head.bodyLength();
        }
        connection.touch(stream);
        StreamHandler handler = acceptor.accept(stream);
        stream.handler(handler);
        handler.onHead(stream, head, end || stream.tunnel);
    }

    private void refuse(Http2Stream stream, RequestHead head, Failure.Kind wrong) {
        if (wrong == MALFORMED) {
            stream.violated = true;
            connection.guard().misdeed();
        }
        acceptor.refuse(stream, head, Failure.client(wrong, null));
    }

    /** The exchange hears of it and answers if it still can; then the stream is reset. */
    @Override
    public void malformed(Http2Stream stream, String why) {
        stream.violated = true;
        connection.guard().misdeed();
        StreamHandler handler = stream.handler();
        if (handler != null) {
            handler.onReset(stream, Failure.client(REQUEST_BODY_MALFORMED, why));
        } else {
            connection.streams().abandon(stream, ErrorCode.PROTOCOL_ERROR);
        }
    }

    // ---- answers ----

    @Override
    public void writeHead(Http2Stream stream, Head message, boolean end) {
        ResponseHead head = (ResponseHead) message;
        if (!stream.listed || stream.headWritten) {
            return;
        }
        if (head.interim()) {
            section(stream, head, head.status(), false);
            return;
        }
        stream.headWritten = true;
        if (head.status() == 101) {
            head.headers().remove(SEC_WEBSOCKET_ACCEPT);
            section(stream, head, 200, false);
            openTunnel(stream);
            return;
        }
        int priority = head.headers().find(HeaderName.PRIORITY);
        if (priority >= 0) {
            Headers headers = head.headers();
            connection
                    .sender()
                    .prioritize(
                            stream,
                            StreamPriority.parse(
                                    headers.array(), headers.valueStart(priority), headers.valueLength(priority)));
        }
        stream.bodiless = end || stream.headMethod || head.status() == 204 || head.status() == 304;
        stream.writtenOut = end;
        section(stream, head, head.status(), stream.bodiless);
        if (stream.bodiless) {
            connection.streams().localEnded(stream);
        }
    }

    private void section(Http2Stream stream, ResponseHead head, int status, boolean endStream) {
        Headers headers = head.headers();
        byte[] scratch = connection.sendScratch(HpackEncoder.maxLength(headers) + STATUS_AND_DATE_BYTES);
        HpackEncoder encoder = connection.fields().encoder();
        encoder.begin(scratch, 0);
        encoder.status(status);
        encoder.fields(headers);
        if (status >= 200 && !headers.contains(HeaderName.DATE)) {
            encoder.date(loop.clock().httpDate());
        }
        connection.writer().headers(stream.id(), scratch, encoder.end(), endStream);
    }

    // What came before belongs to the new protocol. Not from within this call, whose answer isn't out.
    private void openTunnel(Http2Stream stream) {
        int id = stream.id();
        loop.eventLoop().execute(() -> {
            if (connection.streams().get(id) != stream) {
                return;
            }
            stream.tunnelOpen = true;
            ByteBuf early = stream.takeEarly();
            StreamHandler handler = stream.handler();
            if (handler != null && (early != null || stream.remoteEnded)) {
                handler.onData(stream, early != null ? early : Unpooled.EMPTY_BUFFER, stream.remoteEnded);
                handler.onReadComplete(stream);
                if (stream.remoteEnded) {
                    connection.streams().remoteEnded(stream);
                }
            } else if (early != null) {
                early.release();
            }
            connection.receiver().resumed(stream);
            connection.flushSoon();
        });
    }

    // ---- what became of streams and connection ----

    @Override
    public int resetCode(Http2Stream stream, Failure failure) {
        if (stream.violated) {
            return ErrorCode.PROTOCOL_ERROR;
        }
        boolean cancelled = failure.source() == Failure.Source.CLIENT || failure.kind() == CANCELLED;
        return stream.tunnel || cancelled ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR;
    }

    @Override
    public Failure resetByPeer(Http2Stream stream, int code) {
        return Failure.client(CLIENT_GONE, "the client reset the stream");
    }

    @Override
    public Failure broken(String why) {
        return Failure.client(CLIENT_GONE, why);
    }

    @Override
    public void settingsReceived() {
        watchIdleness();
    }

    @Override
    public void streamEnded(boolean answered) {
        watchIdleness();
    }

    private void watchIdleness() {
        if (connection.streams().size() > 0 || !connection.isOpen()) {
            return;
        }
        if (refusing) {
            connection.goodbye();
        } else {
            connection.timer().set(ConnectionTimer.IDLE, settings.keepAliveNanos());
        }
    }

    /** The client opens no more streams, and ends the connection when it likes to. */
    @Override
    public void goingAway(int lastId, int code) {}

    @Override
    public void drain() {
        if (refusing || !connection.isOpen()) {
            // The last word has been said.
            return;
        }
        if (connection.settingsReceived()) {
            connection.drain(DRAIN_NANOS);
        } else {
            connection.goodbye();
        }
    }

    // A client that has just come may take a GOAWAY before its first answer for a refusal.
    @Override
    public void windDown() {
        windsDown = !asked;
        if (asked && connection.isOpen()) {
            connection.drain(DRAIN_NANOS);
        }
    }

    @Override
    public void show(ConnectionLook look) {
        look.connection(20, acceptor);
        for (Http2Stream stream : connection.streams().all()) {
            look.request(stream.handler());
        }
    }

    @Override
    public void drained() {
        if (refusing || !connection.isOpen()) {
            return;
        }
        refusing = true;
        if (connection.streams().size() > 0) {
            connection.sayLast();
        } else {
            connection.goodbye();
        }
    }

    @Override
    public void expired(int kind) {
        if (kind == ConnectionTimer.HEAD) {
            tripped(Defence.SLOW_HEAD, "a head, or the connection's beginning, took too long");
            connection.fail(ErrorCode.ENHANCE_YOUR_CALM, "a head took too long");
        } else if (connection.streams().size() == 0) {
            connection.goodbye();
        }
    }

    @Override
    public long headTimeoutNanos() {
        return settings.headTimeoutNanos();
    }

    @Override
    public long stallNanos() {
        return Math.min(settings.keepAliveNanos(), settings.minRate().windowNanos());
    }

    @Override
    public long leastTaken() {
        return settings.minRate().windowNanos() <= settings.keepAliveNanos()
                ? settings.minRate().downloadBytes()
                : 1;
    }

    @Override
    public void tripped(Defence defence, String why) {
        loop.defences().tripped(defence, peer, why);
    }

    @Override
    public void closed() {}
}
