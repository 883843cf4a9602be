package io.foregate.control.health;

import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.hpack.HpackDecoder;
import io.foregate.proxy.codec.hpack.PseudoName;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One request and its answer in HTTP/2, on a connection that is closed afterwards. Blocking, so that a check needs no loop. It
 * sends what has to be sent in one go and reads frames until the answer has ended, or has gone on for as long as anyone cares.
 */
final class Http2Check {
    /** A field of the request. */
    record Field(String name, String value) {}

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEAD = 9;
    private static final int MOST_FRAME_BYTES = 16_384;
    private static final int MOST_SECTION_BYTES = 64 * 1024;
    private static final int STREAM = 1;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;

    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    private final InputStream in;
    private final OutputStream out;
    private final HpackDecoder decoder = new HpackDecoder(4096, MOST_SECTION_BYTES, 256);
    private final ByteArrayOutputStream section = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean endsStream;
    private int status;
    private int grpcStatus = -1;
    private String grpcMessage = "";

    private Http2Check(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Asks.
     *
     * @param fields of the request, the pseudo-fields among them in front
     * @param content of the request; none if empty
     * @param whole whether the answer's body and trailers are wanted
     * @throws IOException saying what is wrong, when there is no answer in HTTP/2
     */
    static HttpAnswer ask(CheckConnection connection, List<Field> fields, byte[] content, boolean whole)
            throws IOException {
        Http2Check check = new Http2Check(connection.in(), connection.out());
        check.send(fields, content);
        return check.answer(whole);
    }

    // ---- the request ----

    private void send(List<Field> fields, byte[] content) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (Field field : fields) {
            // A literal that isn't indexed, with its name in full (RFC 7541 §6.2.2).
            block.write(0);
            string(block, field.name);
            string(block, field.value);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PREFACE);
        // ENABLE_PUSH is 0.
        frame(all, SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 0});
        frame(all, HEADERS, END_HEADERS | (content.length == 0 ? END_STREAM : 0), STREAM, block.toByteArray());
        if (content.length > 0) {
            frame(all, DATA, END_STREAM, STREAM, content);
        }
        out.write(all.toByteArray());
        out.flush();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < 0x7f) {
            block.write(bytes.length);
        } else {
            block.write(0x7f);
            int rest = bytes.length - 0x7f;
            for (; rest >= 0x80; rest >>>= 7) {
                block.write(rest | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    private static void frame(ByteArrayOutputStream to, int type, int flags, int stream, byte[] payload) {
        int length = payload.length;
        to.writeBytes(new byte[] {
            (byte) (length >>> 16),
            (byte) (length >>> 8),
            (byte) length,
            (byte) type,
            (byte) flags,
            0,
            0,
            0,
            (byte) stream
        });
        to.writeBytes(payload);
    }

    // ---- the answer ----

    private HttpAnswer answer(boolean whole) throws IOException {
        boolean ended = false;
        while (!ended && (whole || status == 0) && body.size() < HttpAnswer.MOST_BYTES) {
            ended = frame();
        }
        return new HttpAnswer(status, body.toByteArray(), grpcStatus, grpcMessage);
    }

    /** Reads one frame; returns whether it ends the answer. */
    private boolean frame() throws IOException {
        byte[] head = in.readNBytes(FRAME_HEAD);
        if (head.length < FRAME_HEAD) {
            throw new EOFException("the connection was closed without an answer");
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        int type = head[3];
        int flags = head[4];
        boolean ours = (head[5] & 0x7f | head[6] | head[7]) == 0 && head[8] == STREAM;
        if (length > MOST_FRAME_BYTES) {
            throw new IOException("the answer is not HTTP/2");
        }
        byte[] payload = in.readNBytes(length);
        if (payload.length < length) {
            throw new EOFException("the answer broke off");
        }
        switch (type) {
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    acknowledge(SETTINGS, new byte[0]);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    acknowledge(PING, payload);
                }
            }
            case RST_STREAM -> {
                if (ours) {
                    throw new IOException("the stream was reset with code " + code(payload, 0));
                }
            }
            case GOAWAY -> {
                // A server that answers what it has and takes no more is still good for this answer.
                if (code(payload, 0) < STREAM || code(payload, 4) != 0) {
                    throw new IOException("the server ended the connection with code " + code(payload, 4));
                }
            }
            case PUSH_PROMISE -> throw new IOException("the server pushes, which it was told not to do");
            case HEADERS, CONTINUATION -> {
                section.writeBytes(type == HEADERS ? content(payload, flags) : payload);
                if (section.size() > MOST_SECTION_BYTES) {
                    throw new IOException("the answer's head is larger than " + MOST_SECTION_BYTES + " bytes");
                }
                endsStream |= type == HEADERS && (flags & END_STREAM) != 0;
                if ((flags & END_HEADERS) != 0) {
                    fields();
                    return ours && endsStream;
                }
            }
            case DATA -> {
                if (ours) {
                    // PRIORITY means nothing here (RFC 9113 §4.1).
                    body.writeBytes(content(payload, flags & PADDED));
                    return (flags & END_STREAM) != 0;
                }
            }
            default -> {}
        }
        return false;
    }

    private void acknowledge(int type, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame(frame, type, ACK, 0, payload);
        out.write(frame.toByteArray());
        out.flush();
    }

    private static int code(byte[] payload, int at) {
        return payload.length < at + 4
                ? -1
                : (payload[at] & 0x7f) << 24
                        | (payload[at + 1] & 0xff) << 16
                        | (payload[at + 2] & 0xff) << 8
                        | payload[at + 3] & 0xff;
    }

    /** Takes padding and priority off. */
    private static byte[] content(byte[] payload, int flags) throws IOException {
        boolean padded = (flags & PADDED) != 0;
        int padding = padded && payload.length > 0 ? payload[0] & 0xff : 0;
        int start = padded ? 1 : 0;
        start += (flags & PRIORITY) != 0 ? 5 : 0;
        int length = payload.length - start - padding;
        if (length < 0) {
            throw new IOException("the answer is not HTTP/2");
        }
        byte[] content = new byte[length];
        System.arraycopy(payload, start, content, 0, length);
        return content;
    }

    private void fields() throws IOException {
        Headers headers = new Headers();
        byte[] bytes = section.toByteArray();
        section.reset();
        int[] found = {0};
        HpackDecoder.Result result = decoder.decode(bytes, 0, bytes.length, headers, (name, start, length) -> {
            if (name == PseudoName.STATUS && length == 3) {
                String digits = new String(headers.array(), start, length, StandardCharsets.ISO_8859_1);
                found[0] = digits.matches("[1-9][0-9][0-9]") ? Integer.parseInt(digits) : 0;
            }
            return true;
        });
        if (result != HpackDecoder.Result.OK) {
            throw new IOException("the answer's head is " + result.name().toLowerCase(Locale.ROOT));
        }
        if (found[0] >= 200) {
            status = found[0];
        }
        String outcome = headers.get("grpc-status");
        if (outcome != null && outcome.matches("[0-9]{1,3}")) {
            grpcStatus = Integer.parseInt(outcome);
            String message = headers.get("grpc-message");
            grpcMessage = message == null ? "" : message;
        }
    }
}
