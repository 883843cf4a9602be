package io.foregate.proxy.codec.h2;

import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.HeadLimits;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * How a connection begins (RFC 9113 §3.4): the client's fixed bytes, and with them or in answer to them each end's SETTINGS, which
 * say what the other may do and hold from when they are acknowledged. Owned by its connection.
 */
final class ConnectionPreface {
    private static final byte[] CLIENT = Octets.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private final Http2Connection connection;
    private final Http2Settings settings;
    private final HeadLimits limits;
    private int at;
    private boolean acknowledged;

    ConnectionPreface(Http2Connection connection, Http2Settings settings, HeadLimits limits) {
        this.connection = connection;
        this.settings = settings;
        this.limits = limits;
    }

    /** Writes ours. That the peer acknowledges it has a deadline from now on. */
    void write(FrameWriter out) {
        Http2Role role = connection.role();
        if (!role.server()) {
            out.raw(CLIENT);
            // A server's begins with its SETTINGS.
            at = CLIENT.length;
        }
        int[] special = role.settings();
        int next = special.length;
        int[] pairs = Arrays.copyOf(special, next + 8);
        pairs[next++] = Frame.HEADER_TABLE_SIZE;
        pairs[next++] = settings.headerTableBytes();
        pairs[next++] = Frame.INITIAL_WINDOW_SIZE;
        pairs[next++] = settings.windowBytes();
        pairs[next++] = Frame.MAX_FRAME_SIZE;
        pairs[next++] = settings.maxFrameBytes();
        pairs[next++] = Frame.MAX_HEADER_LIST_SIZE;
        pairs[next] = limits.maxHeaderBytes();
        out.settings(pairs);
        connection.timer().set(ConnectionTimer.ACK, role.headTimeoutNanos());
    }

    /** Reads what there is of the peer's fixed bytes; returns whether frames follow. A peer that sends others has failed. */
    boolean read(ByteBuf in) {
        while (at < CLIENT.length && in.isReadable()) {
            if (in.readByte() != CLIENT[at++]) {
                connection.fail(ErrorCode.PROTOCOL_ERROR, "this is not HTTP/2");
                return false;
            }
        }
        return at == CLIENT.length;
    }

    /** The peer has acknowledged our SETTINGS. */
    void acknowledged() {
        connection.timer().clear(ConnectionTimer.ACK);
        if (!acknowledged) {
            acknowledged = true;
            connection.fields().acknowledged();
        }
    }

    /** What the peer may send on a new stream. */
    int streamWindow() {
        // Until it knows ours, the peer goes by the standard's window.
        return acknowledged ? settings.windowBytes() : Math.max(settings.windowBytes(), Frame.DEFAULT_WINDOW);
    }
}
