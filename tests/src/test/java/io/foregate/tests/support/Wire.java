package io.foregate.tests.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One side of a TCP connection that speaks HTTP/1.1 byte by byte, so that a test can say exactly what happens. Blocking. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final AtomicInteger heads;

    Wire(Socket socket, AtomicInteger heads) throws IOException {
        this.socket = socket;
        this.heads = heads;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
        this.out = socket.getOutputStream();
    }

    /** A connection that somebody else has made. */
    public static Wire of(Socket socket) throws IOException {
        return new Wire(socket, new AtomicInteger());
    }

    /** A client's connection to a port of this machine. */
    public static Wire to(int port) throws IOException {
        return new Wire(new Socket(InetAddress.getByName("127.0.0.1"), port), new AtomicInteger());
    }

    /** Like {@link #to(int)} with a receive buffer of about {@code bytes}, for clients that read slowly. */
    public static Wire narrow(int port, int bytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(bytes);
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return new Wire(socket, new AtomicInteger());
    }

    public Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Wire send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    public OutputStream out() {
        return out;
    }

    public InputStream in() {
        return in;
    }

    public Socket socket() {
        return socket;
    }

    /** Sends a GET and reads the whole answer. */
    public Message get(String target) throws IOException {
        send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
        return response();
    }

    /** Sends a request with a body of known length and reads the whole answer. */
    public Message exchange(String method, String target, String content) throws IOException {
        send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + content.length() + "\r\n\r\n"
                + content);
        return response();
    }

    /** The next head, or null when the peer ended the connection before its first byte. */
    public @Nullable Message head() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                if (text.size() == 0) {
                    return null;
                }
                throw new EOFException("end of input within a head: " + text.toString(StandardCharsets.ISO_8859_1));
            }
            text.write(next);
            if (next == (matched % 2 == 0 ? '\r' : '\n')) {
                matched++;
            } else {
                matched = next == '\r' ? 1 : 0;
            }
        }
        heads.incrementAndGet();
        return Message.head(text.toString(StandardCharsets.ISO_8859_1));
    }

    /** The next request with its body, or null when the peer sends no more. */
    public @Nullable Message request() throws IOException {
        Message head = head();
        return head == null ? null : head.with(body(head, 0));
    }

    /** The next final response with its body. Throws when it isn't whole. */
    public Message response() throws IOException {
        Message head = responseHead();
        while (head.status() < 200) {
            head = responseHead();
        }
        return head.with(body(head, -1));
    }

    /** The next response's head. */
    public Message responseHead() throws IOException {
        Message head = head();
        if (head == null) {
            throw new EOFException("no response: the connection ended");
        }
        return head;
    }

    /** The body that belongs to {@code head}; {@code unframed} is its length when the head doesn't say: -1 for up to the end. */
    public byte[] body(Message head, long unframed) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (head.chunked()) {
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                content.writeBytes(chunk);
            }
            return content.toByteArray();
        }
        String declared = head.field("Content-Length");
        boolean bodiless = head.start().startsWith("HTTP/") && (head.status() == 204 || head.status() == 304);
        long length = declared != null ? Long.parseLong(declared) : bodiless ? 0 : unframed;
        if (length < 0) {
            return in.readAllBytes();
        }
        byte[] bytes = in.readNBytes((int) length);
        if (bytes.length < length) {
            throw new EOFException("the body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** The next chunk's content; empty for the last one, whose trailers are skipped. */
    public byte[] chunk() throws IOException {
        int size = Integer.parseInt(line(), 16);
        if (size == 0) {
            while (!line().isEmpty()) {
                continue;
            }
            return new byte[0];
        }
        byte[] content = in.readNBytes(size);
        if (content.length < size || !line().isEmpty()) {
            throw new EOFException("the connection ended within a chunk");
        }
        return content;
    }

    private String line() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended where a line was due");
            }
            if (next != '\r') {
                text.append((char) next);
            }
        }
        return text.toString();
    }

    /** Whether the peer ends or breaks the connection; bytes that come before are dropped. */
    public boolean ends() {
        try {
            while (in.read() >= 0) {
                continue;
            }
            return true;
        } catch (java.net.SocketTimeoutException silent) {
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a RST. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
