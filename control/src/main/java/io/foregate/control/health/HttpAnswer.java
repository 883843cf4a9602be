package io.foregate.control.health;

import java.nio.charset.StandardCharsets;

/**
 * What came back from a check by HTTP, whatever the version.
 *
 * @param body as much of it as was asked for
 * @param grpcStatus the outcome of a call, or -1
 * @param grpcMessage what the server says of it, or empty
 */
record HttpAnswer(int status, byte[] body, int grpcStatus, String grpcMessage) {
    /** No more of a body is read. */
    static final int MOST_BYTES = 60 * 1024;

    static HttpAnswer plain(int status, byte[] body) {
        return new HttpAnswer(status, body, -1, "");
    }

    boolean contains(String text) {
        // One byte is one character on both sides, so this is a search for bytes.
        String sought = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new String(body, StandardCharsets.ISO_8859_1).contains(sought);
    }
}
