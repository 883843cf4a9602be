package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import java.nio.charset.StandardCharsets;

/**
 * What a route says about paths: {@code /exact}, {@code /prefix/*} or {@code ~ expression}.
 *
 * <p>Exact paths and prefixes are literal and are kept in the form in which requests are matched: escapes of characters
 * that a segment may hold decoded, other escapes in upper case, everything that can't stand in a target escaped (RFC 3986 §6.2.2).
 */
public sealed interface PathPattern {
    /** The path and nothing else. */
    record Exact(String path) implements PathPattern {
        @Override
        public String toString() {
            return path;
        }
    }

    /**
     * The path and what lies below it, on segment boundaries.
     *
     * @param path without the slash and the asterisk: empty for {@code /*}, which is every path
     */
    record Prefix(String path) implements PathPattern {
        @Override
        public String toString() {
            return path + "/*";
        }
    }

    /** Paths in which the expression is found. */
    record Expression(Regex regex) implements PathPattern {
        @Override
        public String toString() {
            return "~ " + regex;
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException saying what is wrong and what to write instead
     */
    static PathPattern parse(String text) {
        if (text.startsWith("~")) {
            String expression = text.substring(1).strip();
            if (expression.isEmpty()) {
                throw new IllegalArgumentException("'" + text + "' has no expression behind the '~'");
            }
            return new Expression(Regex.of(expression));
        }
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException(
                    "'" + text + "' must begin with '/', or with '~' when it is a regular expression");
        }
        boolean prefix = text.endsWith("/*");
        String path = prefix ? text.substring(0, text.length() - 2) : text;
        if (path.indexOf('*') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "': '*' stands for the rest of the path, at the end behind a slash"
                            + " (/api/*); for anything else write a regular expression (~ ^/a/[^/]+/b$)");
        }
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is more than a path; a query is matched by a query condition");
        }
        String normal = normalize(text, path);
        return prefix ? new Prefix(normal) : new Exact(normal);
    }

    private static String normalize(String text, String path) {
        String normal = isNormal(path) ? path : escaped(text, path);
        if (normal.contains("/.")) {
            refuseDotSegments(text, normal);
        }
        return normal;
    }

    private static boolean isNormal(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c >= 0x80 || !Octets.isTarget((byte) c)) {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text, String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        StringBuilder normal = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '%') {
                int high = i + 2 < bytes.length ? Octets.hexValue(bytes[i + 1]) : -1;
                int low = i + 2 < bytes.length ? Octets.hexValue(bytes[i + 2]) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException(
                            "'" + text + "' has a '%' without two hexadecimal digits; write %25 for the sign itself");
                }
                append(normal, (byte) (high << 4 | low), !Octets.isPlainInPath((byte) (high << 4 | low)));
                i += 2;
            } else {
                append(normal, b, !Octets.isTarget(b));
            }
        }
        return normal.toString();
    }

    private static void refuseDotSegments(String text, String normal) {
        for (String segment : normal.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new IllegalArgumentException("'" + text + "' has a '" + segment
                        + "' segment; requests are matched when these are resolved, so write the resolved path");
            }
        }
    }

    private static void append(StringBuilder normal, byte b, boolean escape) {
        if (!escape) {
            normal.append((char) b);
            return;
        }
        normal.append('%');
        normal.append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)));
        normal.append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }
}
