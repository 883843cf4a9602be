package io.foregate.control.os;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A connection between two processes of this machine: texts, each of them whole, and descriptors. Blocking, for one thread at a
 * time; lives until {@link #close}.
 */
public final class UnixWire implements AutoCloseable {
    private static final int MOST_BYTES = 64 << 20;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int[] NONE = {};

    private final int socket;
    private boolean closed;

    private UnixWire(int socket) {
        this.socket = socket;
    }

    /** The place where one process waits for another. */
    public static final class Door implements AutoCloseable {
        private final int socket;

        private Door(int socket) {
            this.socket = socket;
        }

        /** Listens at {@code path}, which isn't there yet. Who may connect is up to the folder. */
        public static Door at(Path path) throws IOException {
            int socket = LibC.unixSocket(LibC.STREAM);
            try {
                LibC.bindAndListen(socket, bytes(path));
                return new Door(socket);
            } catch (IOException e) {
                LibC.close(socket);
                throw e;
            }
        }

        /** Whether somebody has come within that time. */
        public boolean knocked(int millis) throws IOException {
            return LibC.readable(socket, millis);
        }

        /** The connection of who has come. */
        public UnixWire accept() throws IOException {
            return new UnixWire(LibC.accept(socket));
        }

        @Override
        public void close() {
            LibC.close(socket);
        }
    }

    /** Connects to the door at {@code path}. */
    public static UnixWire to(Path path) throws IOException {
        int socket = LibC.unixSocket(LibC.STREAM);
        try {
            LibC.connect(socket, bytes(path));
            return new UnixWire(socket);
        } catch (IOException e) {
            LibC.close(socket);
            throw e;
        }
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }

    // The descriptor may be somebody else's by then.
    private void heedClosed() throws IOException {
        if (closed) {
            throw new IOException("the connection to the other process is closed");
        }
    }

    /** Sends one text. */
    public void send(String text) throws IOException {
        heedClosed();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] framed = ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
        for (int sent = 0; sent < framed.length; ) {
            byte[] chunk = Arrays.copyOfRange(framed, sent, Math.min(framed.length, sent + CHUNK_BYTES));
            sent += LibC.send(socket, chunk, NONE, null);
        }
    }

    /** Whether a text has begun to come, or the other process is gone, within that time. */
    public boolean readable(int millis) throws IOException {
        heedClosed();
        return LibC.readable(socket, millis);
    }

    /** The next text; throws when the other process is gone. */
    public String receive() throws IOException {
        heedClosed();
        int length = ByteBuffer.wrap(read(Integer.BYTES)).getInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new IOException("what comes isn't what was expected");
        }
        return new String(read(length), StandardCharsets.UTF_8);
    }

    private byte[] read(int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        while (bytes.size() < length) {
            LibC.Received some = LibC.receive(socket, Math.min(CHUNK_BYTES, length - bytes.size()));
            if (some.bytes().length == 0) {
                throw new IOException("the other process is gone");
            }
            bytes.write(some.bytes());
        }
        return bytes.toByteArray();
    }

    /** Sends descriptors, which stay this process's, too. */
    public void pass(List<Integer> descriptors) throws IOException {
        heedClosed();
        for (int from = 0; from < descriptors.size(); from += LibC.MOST_PASSED) {
            int to = Math.min(descriptors.size(), from + LibC.MOST_PASSED);
            int[] some = descriptors.subList(from, to).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            // Descriptors go with bytes, and one does.
            LibC.send(socket, new byte[1], some, null);
        }
    }

    /** Receives as many descriptors as the other process sends, which are this one's from now on. */
    public List<Integer> take(int count) throws IOException {
        heedClosed();
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < count) {
            LibC.Received some = LibC.receive(socket, 1);
            for (int descriptor : some.descriptors()) {
                taken.add(descriptor);
            }
            if (some.descriptors().length == 0) {
                taken.forEach(LibC::close);
                throw new IOException("sockets were promised that didn't come");
            }
        }
        return taken;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LibC.close(socket);
        }
    }
}
