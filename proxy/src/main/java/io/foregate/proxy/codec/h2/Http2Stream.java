package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.ClientStream;
import io.foregate.proxy.codec.SmallPieces;
import io.foregate.proxy.codec.StreamHandler;
import io.foregate.proxy.codec.Taken;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of an HTTP/2 connection, in either role: its state (RFC 9113 §5.1), its windows, and what waits to be sent.
 *
 * <p>Owned by its connection's loop and reused. It is free once its owner is done with it and the connection has forgotten it,
 * and not before the loop's turn is over, so that nobody finds it another's within a call.
 */
final class Http2Stream implements ClientStream {
    // Read and written by the connection and its parts; all of this package.
    int sendWindow;
    int receiveWindow;
    /** Taken by the sink, and not yet given back to the peer's window. */
    int uncredited;
    /** Received while the sink wants no more: counted here as long as that lasts. */
    int held;
    /** Of those, what the connection's window lacks. */
    int owed;
    /** Body bytes that the head announced and that are still to come, or -1. */
    long bodyRemaining;

    boolean reading;
    boolean headReceived;
    /** Some head, be it an interim one, has come. */
    boolean answered;
    /** On a connection that was kept from before. */
    boolean reused;
    /** And nothing has come on that since it lay idle. */
    boolean stale;

    boolean remoteEnded;
    /** The final head was written. */
    boolean headWritten;
    /** Our message has been written to its end, though some may wait. */
    boolean writtenOut;
    /** END_STREAM is on its way. */
    boolean localEnded;
    /** Nothing but the head goes out, as with HEAD or 304. */
    boolean bodiless;
    /** The peer's method was HEAD, or the request was. */
    boolean headMethod;
    /** The stream becomes a tunnel (RFC 8441) if the answer says so. */
    boolean tunnel;
    /** It did. */
    boolean tunnelOpen;
    /** The peer broke a rule that only this stream suffers from; whatever is said, it ends with PROTOCOL_ERROR. */
    boolean violated;

    boolean listed;
    boolean owned;
    boolean touched;
    boolean retired;
    boolean blocked;
    boolean ready;
    int priority;
    int queuedBytes;
    /** When something of the queue last went out. */
    long progressNanos;
    /** Bytes of our body that went out. */
    long sentBytes;
    /** How many that were when somebody last looked whether the peer takes them, and when that was. */
    long sentBefore;

    long lookedNanos;

    @Nullable
    Headers trailers;

    @Nullable
    Http2Stream nextReady;

    @Nullable
    Http2Stream nextTouched;

    @Nullable
    Http2Stream nextRetired;

    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);
    private final SmallPieces small = new SmallPieces();
    private @Nullable Http2Connection connection;
    private @Nullable StreamHandler handler;
    private @Nullable ByteBuf early;
    private int id;

    void begin(Http2Connection of, int streamId, int peerWindow, int ourWindow) {
        connection = of;
        number(streamId);
        sendWindow = peerWindow;
        receiveWindow = ourWindow;
        uncredited = 0;
        held = 0;
        owed = 0;
        bodyRemaining = Head.UNKNOWN_LENGTH;
        reading = true;
        headReceived = false;
        answered = false;
        reused = false;
        stale = false;
        remoteEnded = false;
        headWritten = false;
        writtenOut = false;
        localEnded = false;
        bodiless = false;
        headMethod = false;
        tunnel = false;
        tunnelOpen = false;
        violated = false;
        listed = false;
        owned = true;
        touched = false;
        retired = false;
        blocked = false;
        ready = false;
        priority = StreamPriority.DEFAULT;
        queuedBytes = 0;
        sentBytes = 0;
        trailers = null;
    }

    /** Whether what comes is kept, because it isn't known yet whether a tunnel opens. */
    boolean awaitsTunnel() {
        return tunnel && !tunnelOpen;
    }

    int id() {
        return id;
    }

    /** Sets the identifier alone. */
    void number(int streamId) {
        id = streamId;
    }

    @Nullable
    StreamHandler handler() {
        return handler;
    }

    private Http2Connection connection() {
        return Objects.requireNonNull(connection);
    }

    // ---- what waits to be sent ----

    boolean hasQueued() {
        return queuedBytes > 0 || trailers != null;
    }

    void enqueue(ByteBuf data) {
        queuedBytes += data.readableBytes();
        ByteBuf added = small.behind(queue.peekLast(), data);
        if (added != null) {
            queue.addLast(added);
        }
    }

    @Nullable
    ByteBuf firstQueued() {
        return queue.peekFirst();
    }

    void firstSent() {
        queue.removeFirst().release();
    }

    void dropQueue() {
        for (ByteBuf data = queue.pollFirst(); data != null; data = queue.pollFirst()) {
            data.release();
        }
        small.forget();
        queuedBytes = 0;
        trailers = null;
    }

    // ---- what came before the tunnel was there ----

    /** Keeps data, whose ownership passes, for {@link #takeEarly}. */
    void keepEarly(ByteBuf data) {
        ByteBuf kept = early;
        int bytes = data.readableBytes();
        if (kept == null && bytes > 0) {
            early = data;
            return;
        }
        if (kept != null && bytes > 0) {
            if (kept.writableBytes() < bytes) {
                ByteBuf larger = kept.alloc().ioBuffer(2 * (kept.readableBytes() + bytes));
                larger.writeBytes(kept);
                kept.release();
                kept = larger;
                early = larger;
            }
            kept.writeBytes(data);
        }
        data.release();
    }

    @Nullable
    ByteBuf takeEarly() {
        ByteBuf kept = early;
        early = null;
        return kept;
    }

    /** Lets go of everything, for another use. */
    void free() {
        dropQueue();
        ByteBuf kept = takeEarly();
        if (kept != null) {
            kept.release();
        }
        handler = null;
        connection = null;
    }

    /** The owner is not called any more. */
    void disown() {
        handler = null;
        owned = false;
    }

    // ---- ClientStream ----

    @Override
    public boolean responseStarted() {
        return answered;
    }

    @Override
    public boolean reused() {
        return reused;
    }

    @Override
    public boolean mayBeStale() {
        return stale;
    }

    // ---- HttpStream ----

    @Override
    public void handler(StreamHandler next) {
        handler = next;
    }

    @Override
    public void writeHead(Head head, boolean end) {
        if (owned) {
            connection().role().writeHead(this, head, end);
        }
    }

    @Override
    public void writeData(ByteBuf data, boolean end) {
        if (!owned || writtenOut || bodiless || !listed) {
            writtenOut |= end;
            data.release();
            return;
        }
        writtenOut = end;
        connection().sender().data(this, data, end);
    }

    @Override
    public void writeTrailers(Headers last) {
        if (owned && !writtenOut && !bodiless && listed) {
            connection().sender().trailers(this, last);
        }
        writtenOut = true;
    }

    @Override
    public void flush() {
        if (owned) {
            connection().flushSoon();
        }
    }

    @Override
    public boolean writable() {
        return connection().sender().writable(this);
    }

    @Override
    public void pauseRead() {
        reading = false;
    }

    @Override
    public void resumeRead() {
        if (!reading) {
            reading = true;
            connection().receiver().resumed(this);
            // The window that opens now is told even if nothing else is written.
            connection().flushSoon();
        }
    }

    @Override
    public Taken taken() {
        return connection().sender().taken(this);
    }

    @Override
    public boolean complete() {
        return remoteEnded && writtenOut;
    }

    @Override
    public void reset(Failure failure) {
        if (owned) {
            disown();
            connection().streams().abandon(this, connection().role().resetCode(this, failure));
        }
    }

    @Override
    public void close() {
        if (owned) {
            disown();
            connection().streams().closedByOwner(this);
        }
    }
}
