package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The part of an origin's body that goes to the client's socket within the kernel. Owned by the origin's connection, which
 * hears what comes of it.
 *
 * <p>With epoll the transport does it, and what it has not moved when it fails is lost; with io_uring it is a {@link Splice},
 * which hands the rest back. The last bytes take the ordinary way, which sees whether the origin sends more than it announced.
 */
final class BodyMove implements Splice.Listener {
    /** Below this a body is copied: a move costs two system calls more than it saves. */
    private static final int LEAST_BYTES = 64 * 1024;

    private static final int LAST_BYTES = 1024;
    private static final int MOST_BYTES = 1 << 30;

    private final Http1ClientConnection connection;
    private boolean underWay;
    private boolean over;
    private boolean told;
    private int length;
    private long before;

    BodyMove(Http1ClientConnection connection) {
        this.connection = connection;
    }

    /** Another body may be moved. */
    void next() {
        over = false;
    }

    boolean underWay() {
        return underWay;
    }

    /** Moves as much as can be of {@code body}; false when that is nothing. */
    boolean begin(Http1Wire from, Http1Wire to, Http1BodyReader body, Splices splices) {
        long remaining = body.remaining();
        if (underWay || over || remaining < LEAST_BYTES || !from.canMoveTo(to)) {
            return false;
        }
        underWay = true;
        told = false;
        before = -1;
        length = (int) Math.min(remaining - LAST_BYTES, MOST_BYTES);
        if (!from.moveTo(to, length, splices, this)) {
            underWay = false;
            return false;
        }
        body.skipped(length);
        return true;
    }

    /**
     * How much has been moved, or 0 when this was asked before. Asked when it ends; or when the transport reads on before it has
     * ended, since all is out of the socket then and waits for the sink alone.
     */
    int untold() {
        int bytes = told ? 0 : length;
        told = true;
        return bytes;
    }

    /** All is moved, or the transport has failed. */
    void end(Http1Wire from) {
        underWay = false;
        from.moveEnded();
    }

    /**
     * Ends it, for this body for good. What wasn't moved is to be read as any other, and begins with the result, if there is
     * one. {@link Http1Wire#moved} says how much was moved.
     */
    @Nullable
    ByteBuf takeBack(Http1Wire from, Http1BodyReader body) {
        underWay = false;
        over = true;
        ByteBuf rest = from.takeBack();
        body.skipped(from.moved() - length);
        return rest;
    }

    /** After the origin's FIN each wake-up of the transport must take something out of the socket; false when it didn't. */
    boolean advances(Http1Wire from) {
        long now = from.moved();
        boolean advances = now >= length || now != before;
        before = now;
        return advances;
    }

    @Override
    public void progressed() {
        connection.moving();
    }

    @Override
    public void moved() {
        connection.moved(untold());
    }

    @Override
    public void handedBack(boolean broken) {
        connection.handedBack(broken);
    }

    @Override
    public void broken() {
        connection.moveBroken();
    }
}
