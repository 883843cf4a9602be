package io.foregate.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Moves bytes from socket to socket within the kernel where the transport is io_uring, which has no such thing: a pipe of its
 * own, splice(2) into it and out of it, and between them a wait for the one socket or the other, which io_uring polls.
 *
 * <p>A move is whole, or it hands back what is left, so that every unusual thing has one way only, that of any other body: when
 * a socket fails, when the kernel doesn't splice, and when the origin's FIN comes, upon which the transport reads whether it
 * was asked to or not. From the moment at which it is about to, nothing is taken out of the socket here; what lies in the
 * pipe comes before what the transport reads.
 *
 * <p>Belongs to a loop's {@link Splices}, used for one move at a time.
 */
final class Splice implements IoUringIoHandle {
    /** Hears of the move. Not called any more once it has ended or was stopped. */
    interface Listener {
        /** Bytes have been moved, more are to follow. */
        void progressed();

        /** All has been moved. */
        void moved();

        /**
         * The move can't go on: what is left is to be read as any body is, after what {@link #takeRest} gives.
         *
         * @param broken whether nothing is left, because the source's connection has been broken off
         */
        void handedBack(boolean broken);

        /** The transport's own move has failed. */
        void broken();
    }

    /** How much is asked for at a time. A pipe has sixteen places, and each may hold more than a page. */
    private static final int MOST_BYTES = 1024 * 1024;

    // Of linux/io_uring.h and poll.h.
    private static final byte POLL_ADD = 6;
    private static final byte ASYNC_CANCEL = 14;
    private static final int POLLIN = 1;
    private static final int POLLOUT = 4;

    // Of errno.h.
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSYS = 38;

    private final Splices home;
    private final FileDescriptor pipeOut;
    private final FileDescriptor pipeIn;
    private @Nullable IoRegistration registration;
    private @Nullable FileDescriptor source;
    private @Nullable FileDescriptor sink;
    private @Nullable ReadSizer reading;
    private @Nullable Listener listener;
    private @Nullable IoUringIoOps whenReadable;
    private @Nullable IoUringIoOps whenWritable;
    private long left;
    private long sent;
    private int inPipe;
    private long poll;
    private boolean closed;

    /** @throws IOException when there are no descriptors left */
    Splice(Splices home) throws IOException {
        this.home = home;
        FileDescriptor[] pipe = FileDescriptor.pipe();
        this.pipeOut = pipe[0];
        this.pipeIn = pipe[1];
    }

    void registered(IoRegistration as) {
        registration = as;
    }

    /**
     * Gets ready for a move of {@code length} bytes. Both sockets are non-blocking, and the transport reads the source only of
     * its own accord, of which {@code sizer} knows.
     */
    void prepare(UnixChannel from, ReadSizer sizer, UnixChannel to, long length, Listener hears) {
        source = from.fd();
        reading = sizer;
        sink = to.fd();
        left = length;
        sent = 0;
        listener = hears;
        whenReadable = poll(from.fd(), POLLIN);
        whenWritable = poll(to.fd(), POLLOUT);
    }

    /** Begins, unless it has been stopped. Nothing waits to be written to the sink. */
    void start() {
        if (listener != null) {
            pump(false);
        }
    }

    /** Bytes that have gone to the sink. */
    long sent() {
        return sent;
    }

    /** Whether the sink is waited for. */
    boolean waitsForSink() {
        return inPipe > 0;
    }

    // One round: into the pipe, out of it, and a wait. What comes meanwhile is there for the next, as is that of
    // others.
    private void pump(boolean readable) {
        if (gone()) {
            return;
        }
        int given = 0;
        try {
            if (inPipe == 0) {
                int taken = take();
                if (taken < 0 || taken == 0 && readable) {
                    // Readable, and there is nothing: an end. Whoever reads will see.
                    handBack(taken < 0);
                    return;
                }
                inPipe = taken;
                left -= taken;
            }
            if (inPipe > 0) {
                given = give();
                inPipe -= given;
                sent += given;
            }
        } catch (IOException | NotYetConnectedException e) {
            // The sink's own connection will say why; or it can't be done at all.
            handBack(false);
            return;
        }
        Listener hears = Objects.requireNonNull(listener);
        if (inPipe == 0 && left == 0) {
            end();
            hears.moved();
            return;
        }
        await(inPipe > 0 ? whenWritable : whenReadable);
        if (given > 0) {
            hears.progressed();
        }
    }

    // Descriptors of what has been closed may be another's by now. The connections hear of it by themselves.
    private boolean gone() {
        return !Objects.requireNonNull(source).isOpen()
                || !Objects.requireNonNull(sink).isOpen()
                || inPipe == 0 && Objects.requireNonNull(reading).reading();
    }

    // -1 when the connection is broken. The error is gone with that, and the transport would never hear of it.
    private int take() throws IOException {
        try {
            return Native.splice(
                    Objects.requireNonNull(source).intValue(), -1, pipeIn.intValue(), -1, Math.min(left, MOST_BYTES));
        } catch (Errors.NativeIoException e) {
            if (refuses(e)) {
                throw e;
            }
            return -1;
        } catch (NotYetConnectedException e) {
            return -1;
        }
    }

    private static boolean refuses(Errors.NativeIoException e) {
        int error = Math.abs(e.expectedErr());
        return error == EINVAL || error == ENOSYS || error == EPERM;
    }

    private int give() throws IOException {
        return Native.splice(
                pipeOut.intValue(), -1, Objects.requireNonNull(sink).intValue(), -1, inPipe);
    }

    private void await(@Nullable IoUringIoOps what) {
        poll = Objects.requireNonNull(registration).submit(Objects.requireNonNull(what));
    }

    private static IoUringIoOps poll(FileDescriptor socket, int events) {
        byte none = 0;
        short nothing = 0;
        // The last but four comes back with the answer.
        return new IoUringIoOps(
                POLL_ADD, none, nothing, socket.intValue(), 0L, 0L, 0, events, (long) events, nothing, nothing, 0, 0L);
    }

    @Override
    public void handle(IoRegistration of, IoEvent event) {
        IoUringIoEvent completed = (IoUringIoEvent) event;
        if (closed || completed.opcode() != POLL_ADD) {
            return;
        }
        poll = 0;
        if (listener == null) {
            return;
        }
        if (completed.res() < 0) {
            handBack(false);
        } else {
            pump(completed.userData() == POLLIN);
        }
    }

    private void handBack(boolean broken) {
        Listener hears = listener;
        if (hears != null) {
            hears.handedBack(broken);
        }
    }

    /** Ends the move; what lies in the pipe still comes as a buffer, or null when there is nothing. */
    @Nullable
    ByteBuf takeRest(ByteBufAllocator buffers) {
        ByteBuf rest = null;
        if (inPipe > 0 && !closed) {
            rest = buffers.directBuffer(inPipe);
            ByteBuffer into = rest.internalNioBuffer(0, inPipe);
            int from = into.position();
            try {
                while (inPipe > 0) {
                    int count = pipeOut.read(into, from, from + inPipe);
                    if (count <= 0) {
                        throw new IOException("a pipe has lost " + inPipe + " bytes");
                    }
                    from += count;
                    inPipe -= count;
                }
            } catch (IOException e) {
                rest.release();
                throw new IllegalStateException(e);
            }
            rest.writerIndex(rest.capacity());
        }
        end();
        return rest;
    }

    /** Ends the move, wherever it is. */
    void stop() {
        if (listener != null) {
            end();
        }
    }

    private void end() {
        listener = null;
        source = null;
        sink = null;
        reading = null;
        whenReadable = null;
        whenWritable = null;
        if (poll != 0 || inPipe > 0 || closed) {
            home.lost();
            close();
        } else {
            home.give(this);
        }
    }

    /** Also called by the loop's end. What is still polled lets go of its socket only when that is cancelled. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        IoRegistration of = Objects.requireNonNull(registration);
        if (poll != 0) {
            of.submit(new IoUringIoOps(
                    ASYNC_CANCEL, (byte) 0, (short) 0, -1, 0L, poll, 0, 0, 0L, (short) 0, (short) 0, 0, 0L));
        }
        of.cancel();
        close(pipeIn);
        close(pipeOut);
    }

    private static void close(FileDescriptor end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new IllegalStateException("a pipe can't be closed", e);
        }
    }
}
