package io.foregate.proxy.codec.h2;

import static io.foregate.api.message.Failure.Kind.CANCELLED;
import static io.foregate.api.message.Failure.Kind.CLOSED_EARLY;
import static io.foregate.api.message.Failure.Kind.RESET;
import static io.foregate.api.message.Failure.Kind.RESPONSE_MALFORMED;
import static io.foregate.api.message.Failure.Kind.RESPONSE_TOO_LARGE;
import static io.foregate.api.message.Failure.Kind.RESPONSE_TRUNCATED;
import static io.foregate.api.message.Failure.Kind.STREAM_RESET;
import static io.foregate.api.message.Failure.Kind.UNPROCESSED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Method;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.ClientConnection;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.ConnectionOwner;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.HpackEncoder;
import io.foregate.proxy.codec.hpack.PseudoName;
import io.foregate.proxy.observe.Defence;
import io.netty.channel.ChannelHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kept HTTP/2 connection to an endpoint (RFC 9113), with as many exchanges on it as the origin allows. It is open for
 * exchanges once the origin's SETTINGS have come, so their limits hold from the first one on.
 *
 * <p>Its owner hears when there is room for another exchange, and when it is gone. Owned by its loop.
 */
public final class Http2ClientConnection implements Http2Role, ClientConnection {
    /** However many the origin allows: what is lost with one connection, and waits for one socket, has a bound. */
    private static final int MOST_STREAMS = 256;

    /** However many streams nobody reads, there is window left for the others. */
    private static final Http2Settings SETTINGS = Http2Settings.DEFAULT.forStreams(MOST_STREAMS);

    private static final int MOST_EXCHANGES = 1 << 29;
    private static final long HEAD_NANOS = 30_000_000_000L;
    private static final long STALL_NANOS = 60_000_000_000L;
    private static final int FRAMING_BYTES = 96;
    private static final byte[] CONNECT = Octets.ascii("CONNECT");
    private static final byte[] HTTP = Octets.ascii("http");
    private static final byte[] HTTPS = Octets.ascii("https");
    private static final byte[] TE = Octets.ascii("te");
    private static final byte[] TRAILERS = Octets.ascii("trailers");
    private static final byte[] EXPECT = Octets.ascii("expect");
    private static final byte[] CONTINUE = Octets.ascii("100-continue");

    /** Hears of the connection's beginning, once. */
    public interface Opening {
        /** The origin's SETTINGS are here: exchanges may begin. */
        void ready(Http2ClientConnection connection);

        /** It came to nothing. */
        void failed(String why);
    }

    /**
     * What the connections of one pool have in common.
     *
     * @param limits of heads that the origin answers with
     * @param streams of the pool's loop
     */
    public record Setup(LoopContext loop, HeadLimits limits, ConnectionOwner owner, Http2StreamPool streams) {}

    private final LoopContext loop;
    private final ConnectionOwner owner;
    private final @Nullable Object client;
    private final boolean secure;
    private final ResponseAssembler assembler = new ResponseAssembler();
    private final Http2Connection connection;
    private final Liveness liveness;
    private @Nullable Opening opening;
    private boolean draining;
    private boolean waited;
    private long idledNanos;
    private int begun;
    private int ended;
    // An answer has come since no stream was open.
    private boolean heard;
    private int bearable = MOST_STREAMS;

    /**
     * @param client whom it speaks for alone, or null when it may serve anybody
     * @param secure whether it is a TLS connection
     */
    public Http2ClientConnection(Setup setup, @Nullable Object client, boolean secure, Opening opening) {
        this.loop = setup.loop();
        this.owner = setup.owner();
        this.client = client;
        this.secure = secure;
        this.opening = opening;
        this.connection =
                new Http2Connection(new Http2Connection.Parts(loop, SETTINGS, setup.limits(), setup.streams()), this);
        this.liveness = new Liveness(connection, loop.clock());
    }

    /** What reads and writes the channel: the last of its pipeline. */
    public ChannelHandler handler() {
        return connection;
    }

    // ---- ClientConnection ----

    @Override
    public int room() {
        if (opening != null || leaving()) {
            return 0;
        }
        long allowed = Math.min(connection.peer().maxConcurrentStreams(), bearable);
        return Math.max(0, (int) allowed - connection.streams().size());
    }

    @Override
    public boolean leaving() {
        return draining || !connection.isOpen() || begun >= MOST_EXCHANGES;
    }

    @Override
    public ClientStream begin(StreamHandler handler) {
        Http2Stream stream = Objects.requireNonNull(connection.streams().openLocal());
        stream.reused = waited || ended > 0;
        stream.stale = stream.reused && !heard;
        stream.handler(handler);
        begun++;
        liveness.watch();
        return stream;
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public int active() {
        return connection.streams().size();
    }

    @Override
    public boolean upgrades() {
        return connection.peer().connectProtocol();
    }

    @Override
    public @Nullable Object client() {
        return client;
    }

    @Override
    public int keepAliveSeconds() {
        return -1;
    }

    @Override
    public void waits() {
        waited = true;
    }

    @Override
    public void idled(long nanos) {
        idledNanos = nanos;
    }

    @Override
    public long idledNanos() {
        return idledNanos;
    }

    @Override
    public void closeIdle() {
        if (connection.streams().size() == 0) {
            draining = true;
            connection.goodbye();
        }
    }

    // ---- requests ----

    @Override
    public boolean server() {
        return false;
    }

    @Override
    public int[] settings() {
        return new int[] {Frame.ENABLE_PUSH, 0};
    }

    @Override
    public void writeHead(Http2Stream stream, Head message, boolean end) {
        RequestHead head = (RequestHead) message;
        if (!stream.listed || stream.headWritten) {
            return;
        }
        Headers headers = head.headers();
        byte[] block = headers.array();
        boolean tunnel = head.upgradeLength() > 0;
        stream.headWritten = true;
        stream.headMethod = head.method() == Method.HEAD;
        stream.tunnel = tunnel;
        stream.writtenOut = end && !tunnel;
        if (tunnel) {
            // RFC 8441 §5: the key and what it proves belong to HTTP/1.
            headers.remove(HeaderName.SEC_WEBSOCKET_KEY);
        }
        byte[] scratch = connection.sendScratch(
                HpackEncoder.maxLength(headers) + head.methodLength() + head.targetLength() + FRAMING_BYTES);
        HpackEncoder encoder = connection.fields().encoder();
        encoder.begin(scratch, 0);
        if (tunnel) {
            encoder.pseudo(PseudoName.METHOD, CONNECT, 0, CONNECT.length);
            encoder.pseudo(PseudoName.PROTOCOL, block, head.upgradeStart(), head.upgradeLength());
        } else {
            encoder.pseudo(PseudoName.METHOD, block, head.methodStart(), head.methodLength());
        }
        byte[] scheme = secure ? HTTPS : HTTP;
        encoder.pseudo(PseudoName.SCHEME, scheme, 0, scheme.length);
        int host = headers.find(HeaderName.HOST);
        if (host >= 0) {
            encoder.pseudo(PseudoName.AUTHORITY, block, headers.valueStart(host), headers.valueLength(host));
        }
        encoder.pseudo(PseudoName.PATH, block, head.targetStart(), head.targetLength());
        encoder.fields(headers);
        if (head.trailersAccepted()) {
            encoder.field(TE, TRAILERS);
        }
        if (head.expectContinue()) {
            encoder.field(EXPECT, CONTINUE);
        }
        connection.writer().headers(stream.id(), scratch, encoder.end(), stream.writtenOut);
        if (stream.writtenOut) {
            connection.streams().localEnded(stream);
        }
    }

    // ---- answers ----

    @Override
    public void head(@Nullable Http2Stream waiting, FieldSection section) {
        Http2Stream stream = Objects.requireNonNull(waiting, "an origin opens no streams");
        stream.answered = true;
        heard = true;
        ResponseHead head = loop.heads().takeResponse();
        assembler.begin();
        HpackDecoder.Result result = connection.fields().decode(section, head.headers(), assembler);
        boolean end = section.endStream();
        if (result != HpackDecoder.Result.OK || !assembler.judge(head, stream, end)) {
            loop.heads().give(head);
            if (result == HpackDecoder.Result.TOO_LARGE) {
                lose(stream, Failure.origin(RESPONSE_TOO_LARGE, "the origin's answer head is too large"));
            } else if (result != HpackDecoder.Result.BROKEN) {
                malformed(stream, "the origin's answer head breaks the rules: " + assembler.wrong());
            }
            return;
        }
        StreamHandler handler = stream.handler();
        if (handler == null) {
            loop.heads().give(head);
            return;
        }
        if (!head.interim()) {
            stream.headReceived = true;
            stream.remoteEnded = end;
        }
        connection.touch(stream);
        handler.onHead(stream, head, end);
        if (end) {
            connection.streams().remoteEnded(stream);
        }
    }

    @Override
    public void malformed(Http2Stream stream, String why) {
        connection.guard().misdeed();
        lose(stream, Failure.origin(RESPONSE_MALFORMED, why));
    }

    private void lose(Http2Stream stream, Failure failure) {
        if (stream.listed) {
            connection.writer().reset(stream.id(), ErrorCode.PROTOCOL_ERROR);
        }
        connection.streams().lose(stream, failure);
        connection.flushSoon();
    }

    // ---- what became of streams and connection ----

    @Override
    public int resetCode(Http2Stream stream, Failure failure) {
        return ErrorCode.CANCEL;
    }

    @Override
    public Failure resetByPeer(Http2Stream stream, int code) {
        if (code == ErrorCode.REFUSED_STREAM && !stream.answered) {
            // Its limit is lower than it has said, at least for now.
            bearable = Math.max(1, Math.min(bearable, connection.streams().size() - 1));
            return Failure.originRetrySafe(UNPROCESSED, "the origin refused the stream");
        }
        String why = "the origin reset the stream: " + ErrorCode.name(code);
        if (code == ErrorCode.CANCEL) {
            return Failure.origin(CANCELLED, why);
        }
        return Failure.origin(stream.answered ? RESPONSE_TRUNCATED : STREAM_RESET, why);
    }

    @Override
    public Failure broken(String why) {
        if (why.equals(Http2Connection.CLOSED_BY_PEER)) {
            return Failure.origin(CLOSED_EARLY, "the origin closed the connection before it answered");
        }
        return Failure.origin(connection.failed() ? RESPONSE_MALFORMED : RESET, why);
    }

    @Override
    public void settingsReceived() {
        Opening first = opening;
        if (first != null) {
            opening = null;
            first.ready(this);
        } else if (room() > 0) {
            owner.onRoom(this);
        }
    }

    @Override
    public void streamEnded(boolean answered) {
        ended++;
        if (bearable < MOST_STREAMS) {
            bearable++;
        }
        if (connection.streams().size() == 0) {
            heard = false;
            liveness.rest();
        }
        if (room() > 0) {
            if (answered) {
                owner.onRoom(this);
            } else {
                owner.onFreed(this);
            }
        } else if ((draining || begun >= MOST_EXCHANGES) && connection.streams().size() == 0 && connection.isOpen()) {
            draining = true;
            connection.goodbye();
        }
    }

    /** RFC 9113 §6.8: what is above {@code lastId} was not, and will not be, processed. */
    @Override
    public void goingAway(int lastId, int code) {
        draining = true;
        for (Http2Stream stream : connection.streams().all()) {
            if (stream.listed && stream.id() > lastId) {
                connection
                        .streams()
                        .lose(
                                stream,
                                Failure.originRetrySafe(UNPROCESSED, "the origin went away: " + ErrorCode.name(code)));
            }
        }
        if (connection.streams().size() == 0) {
            connection.goodbye();
        } else {
            owner.onLeaving();
        }
    }

    @Override
    public void inputEnding() {
        draining = true;
    }

    @Override
    public void drained() {
        connection.goodbye();
    }

    @Override
    public void pinged(long data) {
        liveness.pinged(data);
    }

    @Override
    public void expired(int kind) {
        if (kind == ConnectionTimer.LIVENESS) {
            liveness.expired();
        } else if (kind == ConnectionTimer.HEAD) {
            connection.fail(ErrorCode.ENHANCE_YOUR_CALM, "a head, or the connection's beginning, took too long");
        }
    }

    @Override
    public long headTimeoutNanos() {
        return HEAD_NANOS;
    }

    @Override
    public long stallNanos() {
        return STALL_NANOS;
    }

    @Override
    public long leastTaken() {
        return 1;
    }

    // Why is said with the failure of the streams that it costs.
    @Override
    public void tripped(Defence defence, String why) {}

    @Override
    public void closed() {
        draining = true;
        Opening first = opening;
        if (first != null) {
            opening = null;
            first.failed(connection.goneBecause());
        } else {
            owner.onClosed(this);
        }
    }
}
