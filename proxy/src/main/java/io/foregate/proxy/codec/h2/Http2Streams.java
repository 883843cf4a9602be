package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Failure;
import io.foregate.proxy.codec.StreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection: how they begin, the several ways in which they end (RFC 9113 §5.1), and what is known of those
 * that have. Owned by its connection.
 *
 * <p>A stream is <em>listed</em> as long as frames for it can come or go, and <em>owned</em> as long as its owner may call it. Once
 * it is neither, it is free for another use at the end of the loop's turn.
 */
final class Http2Streams {
    private final Http2Connection connection;
    private final Http2StreamPool pool;
    private final StreamTable table = new StreamTable();
    private final ClosedStreams closed = new ClosedStreams();
    private @Nullable Http2Stream retired;
    private int lastRemoteId;
    private int lastLocalId;

    Http2Streams(Http2Connection connection, Http2StreamPool pool) {
        this.connection = connection;
        this.pool = pool;
    }

    @Nullable
    Http2Stream get(int id) {
        return table.get(id);
    }

    int size() {
        return table.size();
    }

    /** The highest stream that the peer has opened. */
    int lastRemoteId() {
        return lastRemoteId;
    }

    private boolean remote(int id) {
        return (id & 1) == (connection.role().server() ? 1 : 0);
    }

    /** Whether a stream of that number hasn't been opened by anybody. */
    boolean isIdle(int id) {
        return id > (remote(id) ? lastRemoteId : lastLocalId);
    }

    /** Whether the peer may open a stream of that number now. */
    boolean mayOpen(int id) {
        return connection.role().server() && remote(id) && id > lastRemoteId;
    }

    /** How a stream that isn't listed any more has ended: see {@link ClosedStreams}. */
    int howClosed(int id) {
        return closed.reason(id);
    }

    // ---- beginning ----

    /** Makes a stream that the peer opens. */
    Http2Stream openRemote(int id) {
        lastRemoteId = id;
        return open(id);
    }

    /** Makes a stream of our own; null when the connection has had all that it can have. */
    @Nullable
    Http2Stream openLocal() {
        if (lastLocalId >= Integer.MAX_VALUE - 2) {
            return null;
        }
        lastLocalId = lastLocalId == 0 ? 1 : lastLocalId + 2;
        return open(lastLocalId);
    }

    private Http2Stream open(int id) {
        Http2Stream stream = pool.take();
        stream.begin(
                connection,
                id,
                connection.peer().initialWindow(),
                connection.preface().streamWindow());
        stream.listed = true;
        table.put(stream);
        connection.timer().clear(ConnectionTimer.IDLE);
        return stream;
    }

    /** Resets a stream that the peer tried to open, without making it. */
    void refuse(int id, int code) {
        lastRemoteId = id;
        connection.writer().reset(id, code);
        closed.add(id, ClosedStreams.BY_US);
    }

    /** The peer's initial window has changed, and with it that of every stream; false when one gets too wide. */
    boolean widen(int change) {
        for (int i = 0; i < table.places(); i++) {
            Http2Stream stream = table.at(i);
            if (stream != null && !connection.sender().widen(stream, change)) {
                return false;
            }
        }
        return true;
    }

    // ---- ending ----

    /** The peer's message has been delivered to its end. */
    void remoteEnded(Http2Stream stream) {
        if (stream.listed && stream.localEnded) {
            remove(stream, ClosedStreams.BY_PEER);
        }
    }

    /** END_STREAM of ours is written. */
    void localEnded(Http2Stream stream) {
        stream.localEnded = true;
        if (!stream.violated) {
            connection.guard().answered();
        }
        if (stream.violated) {
            abandon(stream, ErrorCode.PROTOCOL_ERROR);
        } else if (stream.remoteEnded) {
            remove(stream, ClosedStreams.BY_PEER);
        } else if (!stream.owned) {
            // RFC 9113 §8.1: the answer is whole, and the rest of the request isn't wanted.
            abandon(stream, ErrorCode.NO_ERROR);
        }
    }

    /** Ends a stream with RST_STREAM. Its owner isn't called. */
    void abandon(Http2Stream stream, int code) {
        if (stream.listed) {
            connection.writer().reset(stream.id(), code);
            remove(stream, ClosedStreams.BY_US);
            connection.flushSoon();
        }
        retire(stream);
    }

    /** The owner is done: what it has written still goes out. */
    void closedByOwner(Http2Stream stream) {
        boolean server = connection.role().server();
        if (!stream.listed) {
            retire(stream);
        } else if (!stream.writtenOut || (!server && !stream.remoteEnded)) {
            abandon(stream, server ? ErrorCode.INTERNAL_ERROR : ErrorCode.CANCEL);
        } else if (stream.localEnded && !stream.remoteEnded) {
            abandon(stream, ErrorCode.NO_ERROR);
        }
    }

    /** The peer broke a rule on a stream: that ends, the connection goes on (RFC 9113 §5.4.2). */
    void error(Http2Stream stream, int code, String why) {
        connection.writer().reset(stream.id(), code);
        lose(stream, connection.role().broken(why));
        connection.guard().misdeed();
    }

    /** The peer reset a stream. */
    void resetByPeer(Http2Stream stream, int code) {
        Failure failure = connection.role().resetByPeer(stream, code);
        remove(stream, ClosedStreams.BY_PEER);
        tell(stream, failure);
    }

    /** Ends a stream for reasons that its owner hears of, without a frame for it. */
    void lose(Http2Stream stream, Failure failure) {
        remove(stream, ClosedStreams.BY_US);
        tell(stream, failure);
    }

    /** Ends all streams; their owners hear why. */
    void endAll(String why) {
        for (Http2Stream stream : table.all()) {
            lose(stream, connection.role().broken(why));
        }
    }

    /** Streams, for a look at each, some of which may be ended on the way. Makes an array. */
    Http2Stream[] all() {
        return table.all();
    }

    /**
     * Owners have timeouts of their own; a stream whose owner is done has nobody else to look after its last bytes, of which {@code
     * least} have to go out within the given time.
     */
    void abandonStalled(long nowNanos, long patienceNanos, long least) {
        for (Http2Stream stream : table.all()) {
            if (stream.queuedBytes == 0 || nowNanos - stream.lookedNanos < patienceNanos) {
                continue;
            }
            boolean slow = stream.sentBytes - stream.sentBefore < least;
            stream.lookedNanos = nowNanos;
            stream.sentBefore = stream.sentBytes;
            if (slow && !stream.owned) {
                connection.guard().slowRead();
                abandon(stream, ErrorCode.CANCEL);
            }
        }
    }

    private void tell(Http2Stream stream, Failure failure) {
        StreamHandler handler = stream.handler();
        stream.disown();
        retire(stream);
        if (handler != null) {
            handler.onReset(stream, failure);
        }
    }

    private void remove(Http2Stream stream, int reason) {
        if (!stream.listed) {
            return;
        }
        stream.listed = false;
        table.remove(stream);
        closed.add(stream.id(), reason);
        connection.sender().drop(stream);
        connection.receiver().closed(stream);
        connection.scheduleTurn();
        retire(stream);
        connection.role().streamEnded(stream.answered);
    }

    private void retire(Http2Stream stream) {
        if (!stream.owned && !stream.listed && !stream.retired) {
            stream.retired = true;
            stream.nextRetired = retired;
            retired = stream;
            connection.scheduleTurn();
        }
    }

    /** At the end of a turn, when nobody is within a call to any of them: streams that are over become free. */
    void recycle() {
        Http2Stream stream = retired;
        retired = null;
        while (stream != null) {
            Http2Stream next = stream.nextRetired;
            stream.nextRetired = null;
            stream.free();
            pool.give(stream);
            stream = next;
        }
    }
}
