package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * One end of a raw connection as a script of both ends has it: what it says, and what it must hear next. A client, or an
 * origin's side of a connection that Foregate opened. One character is one byte.
 */
final class Peer implements AutoCloseable {
    private final Wire wire;
    private final InputStream in;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    Peer(Wire wire) {
        this.wire = wire;
        this.in = wire.in();
    }

    // ---- saying ----

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    Peer send(String bytes) {
        return send(octets(bytes));
    }

    Peer send(byte[] bytes) {
        try {
            wire.send(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends what may not be read to its end by somebody who has already answered. */
    Peer trySend(byte[] bytes) {
        try {
            wire.send(bytes);
        } catch (IOException ignored) {
            // The answer is what counts.
        }
        return this;
    }

    /** Sends byte after byte, each a segment of its own. */
    Peer drip(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            send(bytes.substring(i, i + 1));
        }
        return this;
    }

    /** Sends a FIN. */
    Peer finish() {
        try {
            wire.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a RST. */
    void reset() {
        try {
            wire.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- listening ----

    /** The next head. */
    Message head() {
        StringBuilder raw = new StringBuilder();
        while (raw.length() < 4 || raw.indexOf("\r\n\r\n", raw.length() - 4) < 0) {
            int b = read();
            if (b < 0) {
                return fail("the connection ended within a head: %s", raw);
            }
            raw.append((char) b);
        }
        return Message.head(raw.toString());
    }

    /** The next head, which must be that of an answer with this status. */
    Message expectStatus(int status) {
        Message head = head();
        assertThat(head.start()).as(head.raw()).matches("HTTP/1\\.1 " + status + " .*");
        return head;
    }

    /** A whole answer with a body. */
    Message expect(int status, String body) {
        Message head = expectStatus(status);
        assertThat(body(head)).as(head.raw()).isEqualTo(body);
        return head;
    }

    /** The body behind {@code head}, unframed. */
    String body(Message head) {
        if (head.field("Transfer-Encoding") != null) {
            head.expect("Transfer-Encoding", "chunked").expectNo("Content-Length");
            return chunked();
        }
        if (head.field("Content-Length") != null) {
            return exactly(Integer.parseInt(head.value("Content-Length")));
        }
        return head.start().startsWith("HTTP/") ? toEnd() : "";
    }

    /** The data of the chunks that follow, whose framing must be bare and which must have no trailers. */
    String chunked() {
        String data = chunks();
        assertThat(line()).as("the end of a chunked body").isEmpty();
        return data;
    }

    /** The data of the chunks that follow, up to the line of the last chunk; trailers are still to be read. */
    String chunks() {
        StringBuilder data = new StringBuilder();
        while (true) {
            String size = line();
            assertThat(size).as("a chunk's size").matches("[0-9a-f]+");
            if (size.equals("0")) {
                return data.toString();
            }
            data.append(exactly(Integer.parseInt(size, 16)));
            assertThat(line()).as("the end of a chunk").isEmpty();
        }
    }

    /** The next line, without its CRLF, which it must end in. */
    String line() {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\n'; b = read()) {
            assertThat(b).as("end of input within a line").isNotNegative();
            line.append((char) b);
        }
        assertThat(line.toString()).as("a line's end").endsWith("\r");
        line.setLength(line.length() - 1);
        assertThat(line.toString()).as("a line").doesNotContain("\r");
        return line.toString();
    }

    String exactly(int bytes) {
        StringBuilder text = new StringBuilder(bytes);
        for (int i = 0; i < bytes; i++) {
            int b = read();
            assertThat(b).as("end of input after %s of %s bytes", i, bytes).isNotNegative();
            text.append((char) b);
        }
        return text.toString();
    }

    /** Reads that many bytes, one by one: slower than anybody sends. */
    void skip(int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (read() < 0) {
                fail("end of input after %s of %s bytes", i, bytes);
            }
        }
    }

    /** All until a FIN. */
    String toEnd() {
        StringBuilder text = new StringBuilder();
        for (int b = read(); b >= 0; b = read()) {
            text.append((char) b);
        }
        return text.toString();
    }

    /** Reads all until a FIN, block by block, and keeps only how much it was and its last bytes. */
    Tail tail() {
        byte[] block = new byte[64 * 1024];
        String last = "";
        long bytes = 0;
        try {
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                bytes += n;
                String joined =
                        last + new String(block, Math.max(0, n - 16), Math.min(n, 16), StandardCharsets.ISO_8859_1);
                last = joined.substring(Math.max(0, joined.length() - 16));
            }
            return new Tail(bytes, last);
        } catch (IOException e) {
            return fail("after %s bytes, the last of which are <%s>: %s", bytes, last, e.getMessage());
        }
    }

    /** A long message's length and its last bytes. */
    record Tail(long bytes, String last) {}

    /** The next thing must be a FIN. */
    void expectEnd() {
        assertThat(toEnd()).as("bytes before the end").isEmpty();
    }

    /** All until the connection ends, in whatever way; {@code aborted} tells of a RST. */
    Ending ending() {
        StringBuilder text = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                text.append((char) b);
            }
            return new Ending(text.toString(), false);
        } catch (SocketTimeoutException e) {
            return fail("the connection did not end; so far: %s", text);
        } catch (IOException e) {
            return new Ending(text.toString(), true);
        }
    }

    /** Whether the other side breaks off without having sent a whole head and the end of its body. Reads up to a RST. */
    boolean aborts() {
        try {
            in.mark(64 * 1024);
            int b = in.read();
            StringBuilder text = new StringBuilder();
            while (b >= 0 && text.indexOf("GET /next ") < 0) {
                text.append((char) b);
                b = in.read();
            }
            in.reset();
            for (int i = 0; b < 0 && i < text.length(); i++) {
                seen.write(text.charAt(i));
            }
            return b < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** How a connection ended: the bytes before that, and whether it was by a RST. */
    record Ending(String bytes, boolean aborted) {}

    /** Everything that has been read so far, as it came. */
    String seen() {
        return seen.toString(StandardCharsets.ISO_8859_1);
    }

    private int read() {
        try {
            int b = in.read();
            if (b >= 0) {
                seen.write(b);
            }
            return b;
        } catch (SocketTimeoutException e) {
            return fail("nothing comes; before that: %s", seen());
        } catch (IOException e) {
            return fail("the connection broke: %s; before that: %s", e.getMessage(), seen());
        }
    }
}
