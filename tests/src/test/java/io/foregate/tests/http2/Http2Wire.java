package io.foregate.tests.http2;

import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A client that speaks HTTP/2 frame by frame, so that a test can say exactly what happens. Fields are sent as plain literals.
 * Blocking; it answers the server's SETTINGS and nothing else by itself.
 */
public final class Http2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    private static final int PATIENCE_MILLIS = 20_000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /** One frame; {@code fields} are those of a HEADERS frame, as {@code name: value} lines. */
    record Frame(int type, int flags, int id, byte[] payload, String fields) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        int int32(int at) {
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | payload[at + 3] & 0xff;
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    /** An answer: the status, all sections' lines, and the body. */
    public record Answer(int status, String head, String body, String trailers) {}

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private boolean acknowledges = true;
    private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20, 10_000);

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 * 1024));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 * 1024));
    }

    /** A connection that has sent its preface and these settings, pairs of identifier and value. */
    public static Http2Wire to(int port, int... settings) throws IOException {
        Http2Wire wire = silent(port, 0);
        wire.begin(settings);
        return wire;
    }

    /** A connection that has sent nothing; with a small receive buffer where {@code receiveBytes} isn't 0. */
    static Http2Wire silent(int port, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return new Http2Wire(socket);
    }

    void begin(int... settings) throws IOException {
        out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        settings(settings);
    }

    // ---- sending ----

    /** From now on the server's SETTINGS are not acknowledged. */
    void acknowledgeNothing() {
        acknowledges = false;
    }

    void settings(int... pairs) throws IOException {
        head(pairs.length * 3, SETTINGS, 0, 0);
        for (int i = 0; i < pairs.length; i += 2) {
            out.writeShort(pairs[i]);
            out.writeInt(pairs[i + 1]);
        }
        out.flush();
    }

    private void head(int length, int type, int flags, int id) throws IOException {
        out.writeByte(length >>> 16);
        out.writeShort(length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(id);
    }

    void frame(int type, int flags, int id, byte... payload) throws IOException {
        queue(type, flags, id, payload);
        out.flush();
    }

    /** As {@link #frame}, without sending it yet. */
    void queue(int type, int flags, int id, byte... payload) throws IOException {
        head(payload.length, type, flags, id);
        out.write(payload);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Bytes as they are. */
    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    public void headers(int id, boolean end, String... fields) throws IOException {
        frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), id, block(fields));
    }

    /** A GET, whole. */
    public void get(int id, String path, String... more) throws IOException {
        headers(id, true, request("GET", path, more));
    }

    /** Pseudo-fields of a request and what comes behind. */
    public static String[] request(String method, String path, String... more) {
        List<String> fields =
                new ArrayList<>(List.of(":method", method, ":scheme", "http", ":authority", "test", ":path", path));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** Asks for a WebSocket (RFC 8441) with further fields. */
    void webSocket(int id, String... more) throws IOException {
        List<String> fields = new ArrayList<>(List.of(request("CONNECT", "/chat", more)));
        fields.addAll(2, List.of(":protocol", "websocket"));
        fields.addAll(List.of("sec-websocket-version", "13"));
        headers(id, false, fields.toArray(String[]::new));
    }

    public void data(int id, boolean end, String text) throws IOException {
        frame(DATA, end ? END_STREAM : 0, id, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void window(int id, int increment) throws IOException {
        frame(WINDOW_UPDATE, 0, id, int32(increment));
    }

    void reset(int id, int code) throws IOException {
        frame(RST_STREAM, 0, id, int32(code));
    }

    static byte[] int32(int value) {
        return new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value};
    }

    /** A field section of literals that aren't indexed. */
    static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            string(block, fields[i]);
            string(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    static void string(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            for (length -= 127; length >= 128; length >>>= 7) {
                block.write(length & 0x7f | 0x80);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    // ---- receiving ----

    /** The next frame but for SETTINGS, which are acknowledged. */
    Frame next() throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int id = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (payload.length < length) {
                throw new EOFException("the connection ended within a frame");
            }
            if (type != SETTINGS) {
                return new Frame(type, flags, id, payload, type == HEADERS ? fields(payload) : "");
            }
            if ((flags & ACK) == 0 && acknowledges) {
                frame(SETTINGS, ACK, 0);
            }
        }
    }

    private String fields(byte[] section) {
        Headers headers = new Headers();
        StringBuilder lines = new StringBuilder();
        decoder.decode(section, 0, section.length, headers, (name, start, length) -> {
            lines.append(":status: ")
                    .append(Octets.string(headers.array(), start, length))
                    .append('\n');
            return true;
        });
        return lines + headers.toString();
    }

    /** The next frame that {@code wanted} holds for; others are dropped. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        Frame frame = next();
        while (!wanted.test(frame)) {
            frame = next();
        }
        return frame;
    }

    Frame await(int type) throws IOException {
        return await(frame -> frame.type() == type);
    }

    /** The whole final answer on a stream; frames of others are dropped. Opens windows as far as it has to. */
    public Answer answer(int id) throws IOException {
        StringBuilder head = new StringBuilder();
        StringBuilder trailers = new StringBuilder();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status = 0;
        while (true) {
            Frame frame = await(next -> next.id() == id || next.type() == GOAWAY);
            if (frame.type() == HEADERS && status < 200) {
                status = Integer.parseInt(frame.fields().substring(9, 12));
                head.append(frame.fields());
            } else if (frame.type() == HEADERS) {
                trailers.append(frame.fields());
            } else if (frame.type() == DATA) {
                body.writeBytes(frame.payload());
                if (frame.payload().length > 0) {
                    window(0, frame.payload().length);
                    if (!frame.has(END_STREAM)) {
                        window(id, frame.payload().length);
                    }
                }
            } else if (frame.type() == RST_STREAM || frame.type() == GOAWAY) {
                throw new EOFException("the stream ended with " + frame.type() + ": " + frame.text());
            }
            if (frame.has(END_STREAM) && frame.type() <= HEADERS) {
                String text = body.toString(StandardCharsets.ISO_8859_1);
                return new Answer(status, head.toString(), text, trailers.toString());
            }
        }
    }

    /** The code of the GOAWAY or RST_STREAM with which something ends; -1 when the connection is closed without. */
    int endCode() throws IOException {
        try {
            Frame frame = await(next -> next.type() == GOAWAY || next.type() == RST_STREAM);
            return frame.int32(frame.type() == GOAWAY ? 4 : 0);
        } catch (EOFException | SocketException closed) {
            return -1;
        }
    }

    /** Waits until the server says that it will end the connection (GOAWAY). */
    public void awaitGoodbye() throws IOException {
        await(GOAWAY);
    }

    /** Whether the server ends the connection; frames that come before are dropped. */
    public boolean ends() throws IOException {
        try {
            while (in.read() >= 0) {
                continue;
            }
            return true;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        } catch (SocketException broken) {
            return true;
        }
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
