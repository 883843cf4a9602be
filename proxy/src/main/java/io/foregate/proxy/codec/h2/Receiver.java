package io.foregate.proxy.codec.h2;

/**
 * The windows that we give the peer (RFC 9113 §5.2): a stream's opens again as its sink takes data, the connection's at once, as long
 * as what waits for slow sinks stays within bounds; so a slow stream stops its own sender and not its neighbours'.
 *
 * <p>Owned by its connection.
 */
final class Receiver {
    private final FrameWriter writer;
    private final int streamWindow;
    private final int connectionWindow;
    private int window = Frame.DEFAULT_WINDOW;
    private int uncredited;
    private int held;

    Receiver(FrameWriter writer, Http2Settings settings) {
        this.writer = writer;
        this.streamWindow = settings.windowBytes();
        this.connectionWindow = settings.connectionWindowBytes();
    }

    /** Opens the connection's window as far as it is meant to be. */
    void open() {
        if (connectionWindow > window) {
            writer.windowUpdate(0, connectionWindow - window);
            window = connectionWindow;
        }
    }

    /** Takes a DATA frame's length from the connection's window; false when the peer may not send that much. */
    boolean take(int length) {
        window -= length;
        return window >= 0;
    }

    /** Takes it from the stream's window. */
    boolean take(Http2Stream stream, int length) {
        stream.receiveWindow -= length;
        return stream.receiveWindow >= 0;
    }

    /** Bytes that concern nobody: of streams that are over, or padding. */
    void dropped(int bytes) {
        uncredited += bytes;
        credit();
    }

    /** Bytes of the stream that concern nobody. */
    void padding(Http2Stream stream, int bytes) {
        stream.uncredited += bytes;
        dropped(bytes);
    }

    /** Bytes wait at the stream until its tunnel is open, of which {@link #resumed} tells. */
    void kept(Http2Stream stream, int bytes) {
        stream.uncredited += bytes;
        hold(stream, bytes);
        credit();
    }

    /** Bytes were given to the stream's owner. */
    void delivered(Http2Stream stream, int bytes) {
        if (!stream.listed) {
            dropped(bytes);
            return;
        }
        stream.uncredited += bytes;
        if (stream.reading) {
            uncredited += bytes;
            creditStream(stream);
        } else {
            hold(stream, bytes);
        }
        credit();
    }

    private void hold(Http2Stream stream, int bytes) {
        stream.held += bytes;
        held += bytes;
        if (held <= connectionWindow) {
            uncredited += bytes;
        } else {
            stream.owed += bytes;
        }
    }

    /** The stream's owner wants more, and gets it unless it waits for a tunnel. */
    void resumed(Http2Stream stream) {
        if (stream.awaitsTunnel()) {
            return;
        }
        release(stream);
        if (stream.listed) {
            creditStream(stream);
        }
        credit();
    }

    /** The stream is over. */
    void closed(Http2Stream stream) {
        release(stream);
        credit();
    }

    private void release(Http2Stream stream) {
        held -= stream.held;
        uncredited += stream.owed;
        stream.held = 0;
        stream.owed = 0;
    }

    private void creditStream(Http2Stream stream) {
        int bytes = stream.uncredited;
        if (bytes >= streamWindow / 2 && !stream.remoteEnded) {
            stream.uncredited = 0;
            stream.receiveWindow += bytes;
            writer.windowUpdate(stream.id(), bytes);
        }
    }

    private void credit() {
        if (uncredited >= connectionWindow / 2) {
            writer.windowUpdate(0, uncredited);
            window += uncredited;
            uncredited = 0;
        }
    }
}
