package io.foregate.control.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * System calls on descriptors, by the C library. The layouts and numbers are those of 64-bit Linux, the same on x86-64 and
 * aarch64. Stateless and thread-safe; calls that are interrupted are made again.
 */
final class LibC {
    static final int STREAM = 1;
    static final int DATAGRAM = 2;
    /** Of {@code getsockopt} at the level of the socket. */
    static final int SO_TYPE = 3;

    static final int SO_ACCEPTCONN = 30;
    /** As many descriptors as one message carries here; the kernel's bound is 253. */
    static final int MOST_PASSED = 64;

    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 0x800;
    private static final short POLLIN = 1;
    private static final int EINTR = 4;
    private static final int PATH_BYTES = 108;
    private static final int CONTROL_HEAD = 16;
    private static final int MESSAGE_BYTES = 56;
    private static final int ADDRESS_BYTES = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle STATE_ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = find("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = find("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = find("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT = find("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = find("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle POLL = find("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND = find("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECEIVE = find("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = find("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle NAME = find("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle OPTION =
            find("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CONTROL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            ERRNO,
            Linker.Option.firstVariadicArg(2));

    private LibC() {}

    private static MethodHandle find(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, parameters), ERRNO);
    }

    /** What a call needs: memory for as long as it lasts, and a place for {@code errno}. */
    private record Frame(Arena arena, MemorySegment state) implements AutoCloseable {
        static Frame open() {
            Arena arena = Arena.ofConfined();
            return new Frame(arena, arena.allocate(STATE));
        }

        int errno() {
            return (int) STATE_ERRNO.get(state, 0L);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** One call, made again as long as a signal interrupts it. */
    private interface Call {
        long made(Frame frame) throws Throwable;
    }

    private static long call(String name, Call call) throws IOException {
        try (Frame frame = Frame.open()) {
            while (true) {
                long result = call.made(frame);
                if (result >= 0) {
                    return result;
                }
                if (frame.errno() != EINTR) {
                    throw new IOException(name + ": " + Errors.text(frame.errno()));
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the C library can't be called", e);
        }
    }

    // ---- unix sockets ----

    /** A new unix socket, which no child process inherits. */
    static int unixSocket(int type) throws IOException {
        return (int) call("socket", frame -> (int) SOCKET.invokeExact(frame.state, AF_UNIX, type | SOCK_CLOEXEC, 0));
    }

    // An abstract name begins with a zero byte and has no end but its length.
    private static MemorySegment unixAddress(Arena arena, byte[] path) throws IOException {
        if (path.length >= PATH_BYTES) {
            throw new IOException(
                    "the path of a unix socket has " + path.length + " bytes, and may have " + (PATH_BYTES - 1));
        }
        boolean named = path.length == 0 || path[0] != 0;
        MemorySegment address = arena.allocate(2L + path.length + (named ? 1 : 0), 8);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, JAVA_BYTE, 2, path.length);
        return address;
    }

    static void bindAndListen(int socket, byte[] path) throws IOException {
        call("bind", frame -> {
            MemorySegment address = unixAddress(frame.arena, path);
            return (int) BIND.invokeExact(frame.state, socket, address, (int) address.byteSize());
        });
        call("listen", frame -> (int) LISTEN.invokeExact(frame.state, socket, 8));
    }

    static void connect(int socket, byte[] path) throws IOException {
        call("connect", frame -> {
            MemorySegment address = unixAddress(frame.arena, path);
            return (int) CONNECT.invokeExact(frame.state, socket, address, (int) address.byteSize());
        });
    }

    static int accept(int socket) throws IOException {
        return (int) call("accept", frame ->
                (int) ACCEPT.invokeExact(frame.state, socket, MemorySegment.NULL, MemorySegment.NULL, SOCK_CLOEXEC));
    }

    /** Whether there is something to read, or to accept, or the other end is gone, within that time. */
    static boolean readable(int socket, int millis) throws IOException {
        return call("poll", frame -> {
                    MemorySegment asked = frame.arena.allocate(8, 4);
                    asked.set(JAVA_INT, 0, socket);
                    asked.set(JAVA_SHORT, 4, POLLIN);
                    return (int) POLL.invokeExact(frame.state, asked, 1L, millis);
                })
                > 0;
    }

    static void close(int descriptor) {
        try (Frame frame = Frame.open()) {
            // Whatever it says, the descriptor is gone.
            int ignored = (int) CLOSE.invokeExact(frame.state, descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("the C library can't be called", e);
        }
    }

    // ---- messages ----

    /**
     * Sends bytes, and descriptors with the first of them; returns how many bytes went. On a connection, or where {@code to} is given,
     * as a datagram to that path.
     */
    static int send(int socket, byte[] bytes, int[] descriptors, byte @Nullable [] to) throws IOException {
        return (int) call("sendmsg", frame -> {
            MemorySegment message = message(frame.arena, bytes.length, descriptors.length);
            MemorySegment data = message.get(ADDRESS, 16).reinterpret(16).get(ADDRESS, 0);
            MemorySegment.copy(bytes, 0, data.reinterpret(bytes.length), JAVA_BYTE, 0, bytes.length);
            if (descriptors.length > 0) {
                MemorySegment control = message.get(ADDRESS, 32).reinterpret(control(descriptors.length));
                control.set(JAVA_LONG, 0, CONTROL_HEAD + 4L * descriptors.length);
                control.set(JAVA_INT, 8, SOL_SOCKET);
                control.set(JAVA_INT, 12, SCM_RIGHTS);
                MemorySegment.copy(descriptors, 0, control, JAVA_INT, CONTROL_HEAD, descriptors.length);
            }
            if (to != null) {
                MemorySegment address = unixAddress(frame.arena, to);
                message.set(ADDRESS, 0, address);
                message.set(JAVA_INT, 8, (int) address.byteSize());
            }
            return (long) SEND.invokeExact(frame.state, socket, message, MSG_NOSIGNAL);
        });
    }

    /** What {@link #receive} has read: bytes, and the descriptors that came with them, which are the caller's. */
    record Received(byte[] bytes, int[] descriptors) {}

    /** Receives at most that many bytes, blocking until there are any; none mean that the other end is gone. */
    static Received receive(int socket, int most) throws IOException {
        Received[] received = new Received[1];
        call("recvmsg", frame -> {
            MemorySegment message = message(frame.arena, most, MOST_PASSED);
            long read = (long) RECEIVE.invokeExact(frame.state, socket, message, MSG_CMSG_CLOEXEC);
            if (read >= 0) {
                MemorySegment data = message.get(ADDRESS, 16).reinterpret(16).get(ADDRESS, 0);
                byte[] bytes = data.reinterpret(read).toArray(JAVA_BYTE);
                received[0] = new Received(bytes, passed(message));
            }
            return read;
        });
        return received[0];
    }

    private static int[] passed(MemorySegment message) {
        long length = message.get(JAVA_LONG, 40);
        if (length < CONTROL_HEAD) {
            return new int[0];
        }
        MemorySegment control = message.get(ADDRESS, 32).reinterpret(length);
        if (control.get(JAVA_INT, 8) != SOL_SOCKET || control.get(JAVA_INT, 12) != SCM_RIGHTS) {
            return new int[0];
        }
        return control.asSlice(CONTROL_HEAD, control.get(JAVA_LONG, 0) - CONTROL_HEAD)
                .toArray(JAVA_INT);
    }

    private static long control(int descriptors) {
        return CONTROL_HEAD + (4L * descriptors + 7 & ~7L);
    }

    /** A {@code msghdr} with room for that many bytes and descriptors. */
    private static MemorySegment message(Arena arena, int bytes, int descriptors) {
        MemorySegment message = arena.allocate(MESSAGE_BYTES, 8);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ADDRESS, 0, arena.allocate(Math.max(bytes, 1), 8));
        vector.set(JAVA_LONG, 8, bytes);
        message.set(ADDRESS, 16, vector);
        message.set(JAVA_LONG, 24, 1);
        if (descriptors > 0) {
            message.set(ADDRESS, 32, arena.allocate(control(descriptors), 8));
            message.set(JAVA_LONG, 40, control(descriptors));
        }
        return message;
    }

    // ---- descriptors that others have opened ----

    /** Sees to it that calls on the descriptor don't wait, and that no child process inherits it. */
    static void makeOurs(int descriptor) throws IOException {
        int flags = (int) call("fcntl", frame -> (int) CONTROL.invokeExact(frame.state, descriptor, F_GETFL, 0));
        call("fcntl", frame -> (int) CONTROL.invokeExact(frame.state, descriptor, F_SETFL, flags | O_NONBLOCK));
        call("fcntl", frame -> (int) CONTROL.invokeExact(frame.state, descriptor, F_SETFD, FD_CLOEXEC));
    }

    /** An option of the socket that is a number. */
    static int option(int socket, int option) throws IOException {
        int[] value = new int[1];
        call("getsockopt", frame -> {
            MemorySegment place = frame.arena.allocate(JAVA_INT);
            MemorySegment length = frame.arena.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, Integer.BYTES);
            int result = (int) OPTION.invokeExact(frame.state, socket, SOL_SOCKET, option, place, length);
            value[0] = place.get(JAVA_INT, 0);
            return result;
        });
        return value[0];
    }

    /** The address that a TCP socket is bound to; null when it isn't one. */
    static @Nullable InetSocketAddress address(int socket) throws IOException {
        InetSocketAddress[] found = new InetSocketAddress[1];
        call("getsockname", frame -> {
            MemorySegment place = frame.arena.allocate(ADDRESS_BYTES, 8);
            MemorySegment length = frame.arena.allocate(JAVA_INT);
            length.set(JAVA_INT, 0, ADDRESS_BYTES);
            int result = (int) NAME.invokeExact(frame.state, socket, place, length);
            int family = place.get(JAVA_SHORT, 0);
            int bytes = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
            if (result >= 0 && bytes > 0) {
                int port = Short.toUnsignedInt(place.get(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2));
                byte[] host = place.asSlice(bytes == 4 ? 4 : 8, bytes).toArray(JAVA_BYTE);
                found[0] = new InetSocketAddress(InetAddress.getByAddress(host), port);
            }
            return result;
        });
        return found[0];
    }
}
