package io.foregate.tests.garbage;

import io.foregate.tests.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** As {@link RawHttp} with HTTP/2, several requests at a time on each connection. */
final class RawHttp2 {
    private static final int HEAD_BYTES = 9;
    private static final int STREAMS = 4;
    private static final byte HEADERS = 1;
    private static final byte SETTINGS = 4;
    private static final byte WINDOW_UPDATE = 8;
    /** {@code :status: 200} from the static table. */
    private static final byte STATUS_200 = (byte) 0x88;

    private RawHttp2() {}

    /** A whole GET for the site {@code test}; its first byte, unlike HTTP/1's, is 0. */
    static byte[] get(String target) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 1, 4, 't', 'e', 's', 't', 4, (byte) target.length()});
        block.writeBytes(RawHttp.ascii(target));
        return frame(HEADERS, 5, block.toByteArray());
    }

    private static byte[] frame(int type, int flags, byte... payload) {
        byte[] frame = new byte[HEAD_BYTES + payload.length];
        frame[1] = (byte) (payload.length >>> 8);
        frame[2] = (byte) payload.length;
        frame[3] = (byte) type;
        frame[4] = (byte) flags;
        System.arraycopy(payload, 0, frame, HEAD_BYTES, payload.length);
        return frame;
    }

    private static void put(byte[] frame, int at, int value) {
        for (int i = 0; i < 4; i++) {
            frame[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }

    /** Connections with {@link #STREAMS} requests at a time each. */
    static final class Http2Clients implements RawHttp.Clients {
        private final List<Wire> connections = new ArrayList<>();
        private final byte[] head = new byte[HEAD_BYTES];
        private final byte[] room = new byte[16 * 1024];
        private final byte[] window = frame(WINDOW_UPDATE, 0, new byte[4]);
        private int id = 1;

        Http2Clients(int port, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                Wire connection = Wire.to(port);
                connection
                        .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                        .send(frame(SETTINGS, 0))
                        .send(frame(SETTINGS, 1));
                connections.add(connection);
            }
        }

        @Override
        public void exchange(byte[] request, int status, int times) throws IOException {
            byte[] batch = new byte[request.length * STREAMS];
            for (int sent = 0; sent < times; sent += connections.size() * STREAMS) {
                for (int i = 0; i < STREAMS; i++) {
                    System.arraycopy(request, 0, batch, i * request.length, request.length);
                    put(batch, i * request.length + 5, id);
                    id += 2;
                }
                for (Wire connection : connections) {
                    connection.send(batch);
                }
                for (Wire connection : connections) {
                    answers(connection);
                }
            }
        }

        private void answers(Wire connection) throws IOException {
            int ended = 0;
            int data = 0;
            while (ended < STREAMS) {
                read(connection, head, HEAD_BYTES);
                int length = (head[1] & 0xff) << 8 | head[2] & 0xff;
                read(connection, room, length);
                if (head[3] == HEADERS && room[0] != STATUS_200) {
                    throw new AssertionError("not a 200");
                }
                data += head[3] == 0 ? length : 0;
                ended += head[3] <= HEADERS && (head[4] & 1) != 0 ? 1 : 0;
            }
            put(window, HEAD_BYTES, data);
            connection.send(window);
        }

        private static void read(Wire connection, byte[] into, int length) throws IOException {
            if (connection.in().readNBytes(into, 0, length) < length) {
                throw new EOFException("the connection ended");
            }
        }

        @Override
        public void close() throws IOException {
            for (Wire connection : connections) {
                connection.close();
            }
        }
    }
}
