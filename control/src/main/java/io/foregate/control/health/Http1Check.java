package io.foregate.control.health;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One request and its answer in HTTP/1.1, on a connection that is closed afterwards. Blocking. */
final class Http1Check {
    private static final int MOST_HEAD_BYTES = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private int headBytes;

    private Http1Check(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Asks.
     *
     * @param host of the request, since a question may leave it open
     * @throws IOException saying what is wrong, when there is no answer in HTTP
     */
    static HttpAnswer ask(CheckConnection connection, CheckPlan.Http question, String host) throws IOException {
        return new Http1Check(connection.in(), connection.out()).ask(question, host);
    }

    private HttpAnswer ask(CheckPlan.Http question, String host) throws IOException {
        String head = question.method() + " " + question.target() + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: Foregate-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        int status = status(line());
        while (status < 200) {
            skipFields();
            status = status(line());
        }
        if (question.body() == null || question.method().equals("HEAD") || status == 204 || status == 304) {
            return HttpAnswer.plain(status, new byte[0]);
        }
        return HttpAnswer.plain(status, body());
    }

    private static int status(String line) throws IOException {
        boolean http = line.startsWith("HTTP/1.") && line.length() >= 12 && line.charAt(8) == ' ';
        String digits = http ? line.substring(9, 12) : "";
        if (!digits.matches("[1-9][0-9][0-9]") || digits.equals("101")) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(digits);
    }

    private void skipFields() throws IOException {
        String line = line();
        while (!line.isEmpty()) {
            line = line();
        }
    }

    private byte[] body() throws IOException {
        int length = HttpAnswer.MOST_BYTES;
        boolean chunked = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String field = line.toLowerCase(Locale.ROOT);
            if (field.startsWith("content-length:")) {
                length = length(field.substring("content-length:".length()).trim());
            } else if (field.startsWith("transfer-encoding:")) {
                chunked = field.endsWith("chunked");
            }
        }
        return chunked ? chunks() : in.readNBytes(length);
    }

    private static int length(String text) throws IOException {
        if (!text.matches("[0-9]{1,18}")) {
            throw new IOException("the answer has an invalid Content-Length");
        }
        return (int) Math.min(Long.parseLong(text), HttpAnswer.MOST_BYTES);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < HttpAnswer.MOST_BYTES) {
            String size = line().split(";", 2)[0].trim();
            if (!size.matches("[0-9A-Fa-f]{1,8}")) {
                throw new IOException("the answer has an invalid chunk");
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                break;
            }
            int wanted = (int) Math.min(length, HttpAnswer.MOST_BYTES - body.size());
            byte[] chunk = in.readNBytes(wanted);
            body.writeBytes(chunk);
            if (chunk.length < length) {
                break;
            }
            line();
            headBytes = 0;
        }
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException(
                        headBytes == 0 ? "the connection was closed without an answer" : "the answer broke off");
            }
            if (++headBytes > MOST_HEAD_BYTES) {
                throw new IOException("the answer's head is larger than " + MOST_HEAD_BYTES + " bytes");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
