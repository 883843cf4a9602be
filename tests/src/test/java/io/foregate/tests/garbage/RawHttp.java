package io.foregate.tests.garbage;

import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The least that a client and an origin have to do, so that even an interpreter gets through some 100,000 requests. */
final class RawHttp {
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final int ROOM = 16 * 1024;

    private RawHttp() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** An origin that answers {@code /large…} with 10 KB and anything else with 13 bytes. */
    static Origin origin() throws IOException {
        byte[] small = answer(13);
        byte[] large = answer(10 * 1024);
        byte[] target = ascii(" /large");
        return Origin.start(connection -> {
            byte[] room = new byte[ROOM];
            for (int length = message(connection, room); length > 0; length = message(connection, room)) {
                connection.out().write(indexOf(target, room, length) >= 0 ? large : small);
            }
        });
    }

    private static byte[] answer(int bodyLength) {
        return ascii("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + bodyLength + "\r\n\r\n"
                + "x".repeat(bodyLength));
    }

    /** Client connections that are kept. */
    interface Clients extends AutoCloseable {
        /** Sends {@code request} so many times, and reads the answers, of which each must have that status. */
        void exchange(byte[] request, int status, int times) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Each with one request at a time. */
    static final class Http1Clients implements Clients {
        private final List<Wire> connections = new ArrayList<>();
        private final byte[] room = new byte[ROOM];

        Http1Clients(int port, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                connections.add(Wire.to(port));
            }
        }

        @Override
        public void exchange(byte[] request, int status, int times) throws IOException {
            byte[] start = ascii("HTTP/1.1 " + status + " ");
            for (int sent = 0; sent < times; sent += connections.size()) {
                for (Wire connection : connections) {
                    connection.send(request);
                }
                for (Wire connection : connections) {
                    int length = message(connection, room);
                    if (indexOf(start, room, length) != 0) {
                        throw new AssertionError("not a " + status + ": "
                                + new String(room, 0, Math.min(length, 400), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            for (Wire connection : connections) {
                connection.close();
            }
        }
    }

    /** Reads one message, whose body has a declared length or is empty, into {@code room}; 0 when there is no more. */
    private static int message(Wire connection, byte[] room) throws IOException {
        int filled = 0;
        int length = Integer.MAX_VALUE;
        while (filled < length) {
            int count = connection.in().read(room, filled, room.length - filled);
            if (count < 0 && filled == 0) {
                return 0;
            }
            if (count <= 0) {
                throw new EOFException("the connection ended within a message");
            }
            filled += count;
            int end = length == Integer.MAX_VALUE ? indexOf(END_OF_HEAD, room, filled) : -1;
            if (end >= 0) {
                length = end + END_OF_HEAD.length + bodyLength(room, end);
            }
        }
        return length;
    }

    private static int bodyLength(byte[] room, int end) {
        int at = indexOf(LENGTH, room, end);
        int length = 0;
        for (int i = at + LENGTH.length; at >= 0 && room[i] >= '0' && room[i] <= '9'; i++) {
            length = length * 10 + room[i] - '0';
        }
        return length;
    }

    private static int indexOf(byte[] wanted, byte[] in, int length) {
        for (int at = 0; at <= length - wanted.length; at++) {
            int i = 0;
            while (i < wanted.length && in[at + i] == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
