package io.foregate.tests.support;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request or response as it was on the wire.
 *
 * @param start the first line
 * @param fields the field lines in their order
 * @param body with its framing taken off; empty when only the head was read
 */
public record Message(String start, List<String> fields, byte[] body) {
    static Message head(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\r\n")));
        return new Message(lines.removeFirst(), List.copyOf(lines), new byte[0]);
    }

    Message with(byte[] content) {
        return new Message(start, fields, content);
    }

    /** A response's status. */
    public int status() {
        return Integer.parseInt(start.substring(9, 12));
    }

    /** A request's method. */
    public String method() {
        return start.substring(0, start.indexOf(' '));
    }

    /** A request's target. */
    public String target() {
        return start.split(" ")[1];
    }

    /** The first field of that name, or null. */
    public @Nullable String field(String name) {
        String wanted = name.toLowerCase(java.util.Locale.ROOT) + ":";
        for (String line : fields) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith(wanted)) {
                return line.substring(wanted.length()).trim();
            }
        }
        return null;
    }

    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    boolean chunked() {
        return "chunked".equalsIgnoreCase(field("Transfer-Encoding"));
    }
}
