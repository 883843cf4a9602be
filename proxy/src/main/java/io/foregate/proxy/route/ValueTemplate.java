package io.foregate.proxy.route;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value with placeholders, such as {@code https://{host}{uri}}, compiled once and written without garbage.
 *
 * <p>Placeholders are filled from the request as it is when the value is written: behind a path rewrite, {@code {path}} is
 * the rewritten path. {@code {{} and {@code }}} stand for the braces themselves. Since every byte of a head has been
 * validated, what a placeholder yields is always fit for a field value.
 *
 * <p>Immutable, shared by all loops.
 */
public final class ValueTemplate {
    /** What a placeholder stands for. */
    public enum Placeholder {
        /** The client's address, trusted proxies looked through. */
        CLIENT_IP("client.ip"),
        /** The id of this request. */
        REQUEST_ID("request.id"),
        /** The host asked for, without port, as sent. */
        HOST("host"),
        /** The path as it is forwarded. */
        PATH("path"),
        /** The query without its question mark; nothing when there is none. */
        QUERY("query"),
        /** {@code http} or {@code https}. */
        SCHEME("scheme"),
        /** The method's token. */
        METHOD("method"),
        /** Path and query. */
        URI("uri");

        private final String text;

        Placeholder(String name) {
            this.text = name;
        }

        /** The name between the braces. */
        public String text() {
            return text;
        }
    }

    private static final List<Placeholder> PLACEHOLDERS = List.of(Placeholder.values());
    private static final byte[] HTTP = Octets.ascii("http");
    private static final byte[] HTTPS = Octets.ascii("https");

    private final String text;
    private final boolean location;
    // Null where literals[i] stands.
    private final @Nullable Placeholder[] kinds;
    private final byte[][] literals;

    private ValueTemplate(String text, List<Object> parts, boolean location) {
        this.text = text;
        this.location = location;
        this.kinds = new Placeholder[parts.size()];
        this.literals = new byte[parts.size()][];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = parts.get(i) instanceof Placeholder placeholder ? placeholder : null;
            literals[i] =
                    parts.get(i) instanceof String literal ? literal.getBytes(StandardCharsets.UTF_8) : new byte[0];
        }
    }

    /**
     * Compiles a value for a field or a path.
     *
     * @throws IllegalArgumentException on an unknown placeholder, a brace out of place, or a byte that may not stand in a
     *     field value
     */
    public static ValueTemplate parse(String text) {
        return new ValueTemplate(text, compile(text), false);
    }

    /**
     * Compiles a redirect's target. One that begins with {@code {path}} or {@code {uri}} is written with a single slash in
     * front, whatever the client sent: a Location of {@code //elsewhere} would lead to another host.
     *
     * @throws IllegalArgumentException as {@link #parse} does, and when a slash stands right in front of such a placeholder
     */
    public static ValueTemplate parseLocation(String text) {
        ValueTemplate template = new ValueTemplate(text, compile(text), true);
        if (template.kinds.length > 1
                && template.kinds[0] == null
                && template.literals[0].length == 1
                && template.literals[0][0] == '/'
                && isPath(template.kinds[1])) {
            throw new IllegalArgumentException(
                    "'" + text + "' would begin with two slashes and so name another host; write '" + text.substring(1)
                            + "', which begins with a slash already");
        }
        return template;
    }

    private static List<Object> compile(String text) {
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                at += 2;
            } else if (c == '{') {
                int close = text.indexOf('}', at);
                if (close < 0) {
                    throw new IllegalArgumentException(
                            "'" + printable(text) + "' has a '{' without a '}'; write '{{' for" + " the brace itself");
                }
                if (!literal.isEmpty()) {
                    parts.add(literal.toString());
                    literal.setLength(0);
                }
                parts.add(placeholder(text.substring(at + 1, close)));
                at = close + 1;
            } else if (c == '}') {
                throw new IllegalArgumentException(
                        "'" + printable(text) + "' has a '}' without a '{'; write '}}' for the brace itself");
            } else {
                refuseControl(text, c);
                literal.append(c);
                at++;
            }
        }
        if (!literal.isEmpty()) {
            parts.add(literal.toString());
        }
        return parts;
    }

    private static Placeholder placeholder(String name) {
        for (Placeholder each : PLACEHOLDERS) {
            if (each.text.equals(name)) {
                return each;
            }
        }
        StringBuilder known = new StringBuilder();
        for (Placeholder each : PLACEHOLDERS) {
            known.append(" {").append(each.text).append('}');
        }
        throw new IllegalArgumentException("unknown placeholder {" + printable(name) + "}; known are" + known);
    }

    private static void refuseControl(String text, char c) {
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            String name = switch (c) {
                case '\r' -> "CR";
                case '\n' -> "LF";
                case 0 -> "NUL";
                default -> "character 0x" + HexFormat.of().toHexDigits((byte) c);
            };
            throw new IllegalArgumentException(
                    "'" + printable(text) + "' holds " + name + ", which may not stand in a value");
        }
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < 0x20 || c == 0x7f ? '\u00b7' : c);
        }
        return out.toString();
    }

    /** Whether the value is the same for every request. */
    public boolean constant() {
        for (Placeholder kind : kinds) {
            if (kind != null) {
                return false;
            }
        }
        return true;
    }

    /** Whether the value has that placeholder. */
    public boolean uses(Placeholder placeholder) {
        for (Placeholder kind : kinds) {
            if (kind == placeholder) {
                return true;
            }
        }
        return false;
    }

    /**
     * Appends the value to the field that is open in {@code target}, or just to its block. {@code target} may be the
     * request's own headers.
     */
    public void appendTo(Headers target, FilterContext context) {
        RequestHead head = context.request();
        for (int i = 0; i < kinds.length; i++) {
            byte[] block = source(i, head, context);
            int start = start(i, head);
            int length = length(i, head, context);
            int slashes = i == 0 && location ? leadingSlashes(i, block, start, length) : 0;
            if (slashes > 0) {
                target.append((byte) '/');
            }
            target.append(block, start + slashes, length - slashes);
        }
    }

    /** How many bytes {@link #write} will write at most. */
    public int maxLength(FilterContext context) {
        RequestHead head = context.request();
        int length = 0;
        for (int i = 0; i < kinds.length; i++) {
            length += length(i, head, context);
        }
        return length;
    }

    /** Writes the value and returns the position behind it; {@link #maxLength} tells how much room it needs. */
    public int write(FilterContext context, byte[] into, int at) {
        RequestHead head = context.request();
        for (int i = 0; i < kinds.length; i++) {
            byte[] block = source(i, head, context);
            int start = start(i, head);
            int length = length(i, head, context);
            int slashes = i == 0 && location ? leadingSlashes(i, block, start, length) : 0;
            if (slashes > 0) {
                into[at++] = '/';
            }
            System.arraycopy(block, start + slashes, into, at, length - slashes);
            at += length - slashes;
        }
        return at;
    }

    /** The value as a new array; for answers that are made from it on the spot. */
    public byte[] toBytes(FilterContext context) {
        byte[] bytes = new byte[maxLength(context)];
        int end = write(context, bytes, 0);
        return end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
    }

    private byte[] source(int part, RequestHead head, FilterContext context) {
        Placeholder kind = kinds[part];
        if (kind == null) {
            return literals[part];
        }
        return switch (kind) {
            case CLIENT_IP -> context.clientAddress();
            case REQUEST_ID -> context.requestId();
            case SCHEME -> head.secure() ? HTTPS : HTTP;
            case HOST, PATH, QUERY, METHOD, URI -> head.headers().array();
        };
    }

    private int start(int part, RequestHead head) {
        Placeholder kind = kinds[part];
        if (kind == null) {
            return 0;
        }
        return switch (kind) {
            case CLIENT_IP, REQUEST_ID, SCHEME -> 0;
            case HOST -> head.authorityStart();
            case PATH -> head.pathStart();
            case QUERY -> head.queryStart();
            case METHOD -> head.methodStart();
            case URI -> head.targetStart();
        };
    }

    private int length(int part, RequestHead head, FilterContext context) {
        Placeholder kind = kinds[part];
        if (kind == null) {
            return literals[part].length;
        }
        return switch (kind) {
            case CLIENT_IP -> context.clientAddress().length;
            case REQUEST_ID -> context.requestIdLength();
            case SCHEME -> head.secure() ? HTTPS.length : HTTP.length;
            case HOST -> head.hostLength();
            case PATH -> head.pathLength();
            case QUERY -> Math.max(head.queryLength(), 0);
            case METHOD -> head.methodLength();
            case URI -> head.targetLength();
        };
    }

    /** The run of slashes that one slash is to replace. Browsers read a backslash as a slash. */
    private int leadingSlashes(int part, byte[] block, int start, int length) {
        if (!isPath(kinds[part])) {
            return 0;
        }
        int slashes = 0;
        while (slashes < length && (block[start + slashes] == '/' || block[start + slashes] == '\\')) {
            slashes++;
        }
        return slashes;
    }

    private static boolean isPath(@Nullable Placeholder kind) {
        return kind == Placeholder.PATH || kind == Placeholder.URI;
    }

    /** The text that it was compiled from. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValueTemplate that && text.equals(that.text) && location == that.location;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
