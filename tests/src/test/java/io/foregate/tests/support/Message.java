package io.foregate.tests.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request or response as it was on the wire.
 *
 * @param start the first line
 * @param fields the field lines in their order
 * @param body with its framing taken off; empty when only the head was read
 */
public record Message(String start, List<String> fields, byte[] body) {
    /** A head, with its empty line or without. */
    public static Message head(String text) {
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
        List<String> values = values(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    public String text() {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    boolean chunked() {
        return "chunked".equalsIgnoreCase(field("Transfer-Encoding"));
    }

    /** The head as it was, empty line included. */
    public String raw() {
        return start + "\r\n" + fields.stream().map(line -> line + "\r\n").collect(Collectors.joining()) + "\r\n";
    }

    /** Every value of that name, in order. */
    public List<String> values(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return fields.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }

    /** The only value of that name. */
    public String value(String name) {
        assertThat(values(name)).as("%s in%n%s", name, raw()).hasSize(1);
        return values(name).getFirst();
    }

    public Message expect(String name, String... expected) {
        assertThat(values(name)).as("%s in%n%s", name, raw()).containsExactly(expected);
        return this;
    }

    public Message expectNo(String name) {
        return expect(name);
    }

    public Message expectStart(String expected) {
        assertThat(start).isEqualTo(expected);
        return this;
    }
}
