package io.foregate.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The head of an answer of the admin API, as far as it matters here.
 *
 * @param etag without its quotes; empty when there is none
 * @param length of the body; -1 when its end is told otherwise
 * @param chunked whether the body comes in chunks
 */
record AnswerHead(int status, String etag, int length, boolean chunked) {
    private static final int LONGEST = 64 * 1024;

    static AnswerHead read(InputStream in) throws IOException {
        String[] lines = text(in).split("\r\n");
        if (!lines[0].matches("HTTP/1\\.[01] [0-9]{3}.*")) {
            throw new IOException("what answers speaks no HTTP");
        }
        int length = -1;
        String etag = "";
        boolean chunked = false;
        for (String line : lines) {
            String lower = line.toLowerCase(Locale.ROOT);
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            } else if (lower.startsWith("etag:")) {
                etag = value.replace("\"", "");
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.endsWith("chunked");
            }
        }
        return new AnswerHead(Integer.parseInt(lines[0].substring(9, 12)), etag, length, chunked);
    }

    private static String text(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int end = 0;
        while (end < 4) {
            int b = in.read();
            if (b < 0 || head.size() > LONGEST) {
                throw new IOException("no answer came");
            }
            head.write(b);
            end = b == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : b == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads the body to its end. */
    AdminClient.Answer whole(InputStream in) throws IOException {
        byte[] bytes = length < 0 ? body(in).readAllBytes() : in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the answer broke off");
        }
        return new AdminClient.Answer(status, etag, new String(bytes, StandardCharsets.UTF_8));
    }

    /** The body as it comes. */
    InputStream body(InputStream in) {
        return chunked ? new Chunks(in) : in;
    }

    /** Takes the framing of chunks away (RFC 9112 §7.1). */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private int left;
        private boolean begun;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                next();
            }
            if (ended || length == 0) {
                return ended ? -1 : 0;
            }
            int count = in.read(into, offset, Math.min(length, left));
            if (count < 0) {
                throw new IOException("the answer broke off");
            }
            left -= count;
            return count;
        }

        private void next() throws IOException {
            String line = line();
            if (begun && line.isEmpty()) {
                line = line();
            }
            begun = true;
            try {
                left = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("the answer broke off", e);
            }
            ended = left == 0;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0 || line.length() > LONGEST) {
                    throw new IOException("the answer broke off");
                }
                line.append((char) b);
            }
            return line.toString().strip();
        }
    }
}
