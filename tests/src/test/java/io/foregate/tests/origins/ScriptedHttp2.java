package io.foregate.tests.origins;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP/2 origin that does what a script says, frame by frame. */
final class ScriptedHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    /** {@code :status: 200}. */
    static final byte[] OK = {(byte) 0x88};

    /** What is done with a request. Called on the connection's own thread, one at a time. */
    interface Script {
        void onRequest(Peer peer, int stream) throws IOException;

        /** Body bytes have come. */
        default void onData(Peer peer, int stream, byte[] data, boolean end) throws IOException {}

        /** A window opens: a stream's, or with 0 that of the connection. */
        default void onWindow(Peer peer, int stream, int increment) throws IOException {}

        /** A stream was reset. */
        default void onReset(Peer peer, int stream) {}
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final byte[] settings;
    private final Script script;

    ScriptedHttp2(byte[] settings, Script script) throws IOException {
        this.settings = settings;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    static byte[] setting(int identifier, int value) {
        return new byte[] {
            (byte) (identifier >> 8),
            (byte) identifier,
            (byte) (value >> 24),
            (byte) (value >> 16),
            (byte) (value >> 8),
            (byte) value
        };
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> new Peer(accepted, number).run());
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** One connection. */
    final class Peer {
        private final Socket connection;
        private final int number;

        Peer(Socket connection, int number) {
            this.connection = connection;
            this.number = number;
        }

        /** Which connection it is, from 1. */
        int number() {
            return number;
        }

        private void run() {
            try (connection) {
                DataInputStream in = new DataInputStream(connection.getInputStream());
                in.readFully(new byte[24]);
                frame(SETTINGS, 0, 0, settings);
                while (true) {
                    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                    int type = in.readUnsignedByte();
                    int flags = in.readUnsignedByte();
                    int stream = in.readInt();
                    byte[] payload = new byte[length];
                    in.readFully(payload);
                    if (type == SETTINGS && (flags & 1) == 0) {
                        frame(SETTINGS, 1, 0);
                    } else if (type == PING && (flags & 1) == 0) {
                        frame(PING, 1, 0, payload);
                    } else if (type == DATA) {
                        script.onData(this, stream, payload, (flags & END_STREAM) != 0);
                    } else if (type == WINDOW_UPDATE) {
                        script.onWindow(this, stream, ByteBuffer.wrap(payload).getInt());
                    } else if (type == RST_STREAM) {
                        script.onReset(this, stream);
                    } else if (type == HEADERS) {
                        script.onRequest(this, stream);
                    }
                }
            } catch (IOException e) {
                // The other side has gone.
            }
        }

        void frame(int type, int flags, int stream, byte... payload) throws IOException {
            byte[] frame = new byte[9 + payload.length];
            frame[0] = (byte) (payload.length >> 16);
            frame[1] = (byte) (payload.length >> 8);
            frame[2] = (byte) payload.length;
            frame[3] = (byte) type;
            frame[4] = (byte) flags;
            frame[5] = (byte) (stream >> 24);
            frame[6] = (byte) (stream >> 16);
            frame[7] = (byte) (stream >> 8);
            frame[8] = (byte) stream;
            System.arraycopy(payload, 0, frame, 9, payload.length);
            OutputStream out = connection.getOutputStream();
            out.write(frame);
            out.flush();
        }

        /** A 200 without a body. */
        void ok(int stream) throws IOException {
            frame(HEADERS, END_HEADERS | END_STREAM, stream, OK);
        }

        void reset(int stream, int code) throws IOException {
            frame(RST_STREAM, 0, stream, (byte) 0, (byte) 0, (byte) 0, (byte) code);
        }

        void goAway(int lastStream, int code) throws IOException {
            byte[] payload = new byte[8];
            payload[2] = (byte) (lastStream >> 8);
            payload[3] = (byte) lastStream;
            payload[7] = (byte) code;
            frame(GOAWAY, 0, 0, payload);
        }

        void hangUp() throws IOException {
            connection.close();
        }
    }
}
