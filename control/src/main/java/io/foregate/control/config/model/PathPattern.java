package io.foregate.control.config.model;

import io.foregate.api.message.Octets;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Nodes;
import io.foregate.control.config.bind.Scalar;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which paths a route is for.
 *
 * @param text for {@link Kind#EXACT} the path; for {@link Kind#PREFIX} the path without {@code /*}, empty for all paths;
 *     for {@link Kind#REGEX} the expression
 * @param whole kind and text as one writes them; the same for equal ones, and kept because it is asked for often
 */
@Scalar(
        value = "a path",
        examples = {"/about", "/api/*", "~ ^/item/[0-9]+$"},
        doc = "`/about` is that path alone; `/api/*` is `/api` and all that is below it; `/*` is every path;"
                + " `~ ^/item/[0-9]+$` is a regular expression.")
public record PathPattern(Kind kind, String text, String whole) {
    /** The kinds of patterns, the most specific first. */
    public enum Kind {
        EXACT,
        PREFIX,
        REGEX
    }

    private static final int MOST = 4000;
    private static final Pattern ESCAPES = Pattern.compile("([^%]|%[0-9A-Fa-f]{2})*+");

    public PathPattern(Kind kind, String text) {
        this(kind, text, whole(kind, text));
    }

    private static String whole(Kind kind, String text) {
        return switch (kind) {
            case EXACT -> text;
            case PREFIX -> text + "/*";
            case REGEX -> "~ " + text;
        };
    }

    public static PathPattern parse(String text) throws BadValue {
        if (text.startsWith("~")) {
            String regex = text.substring(1).strip();
            if (regex.isEmpty()) {
                throw new BadValue("~ has no regular expression", "write for example ~ ^/item/[0-9]+$");
            }
            return new PathPattern(Kind.REGEX, Regex.parse(regex).source());
        }
        if (text.equals("*")) {
            throw new BadValue("\"*\" is not a path", "write /*");
        }
        if (!text.startsWith("/")) {
            throw new BadValue(Nodes.quote(text) + " is not a path", "paths begin with /, regular expressions with ~");
        }
        boolean prefix = text.endsWith("/*");
        String path = prefix ? text.substring(0, text.length() - 2) : text;
        if (path.endsWith("*") && path.indexOf('*') == path.length() - 1) {
            throw new BadValue(
                    Nodes.quote(text) + " does not end at a segment",
                    "write " + (path.length() > 2 ? path.substring(0, path.length() - 1) + "/*" : "/*")
                            + ", or a regular expression: ~ ^" + path.substring(0, path.length() - 1));
        }
        if (path.indexOf('*') >= 0) {
            throw new BadValue(
                    Nodes.quote(text) + " has a * within it",
                    "write a regular expression: ~ ^" + path.replace("*", "[^/]+"));
        }
        check(path, text);
        if (path.contains("//")) {
            throw new BadValue(
                    Nodes.quote(text) + " is never matched: of several slashes in a request one counts",
                    "write " + text.replaceAll("/+", "/"));
        }
        Kind kind = prefix ? Kind.PREFIX : Kind.EXACT;
        String normal = normalize(path);
        return normal.equals(path) ? new PathPattern(kind, path, text) : new PathPattern(kind, normal);
    }

    /** How specific it is, the most specific being 0; within a rank the longer text is. */
    public int rank() {
        return switch (kind) {
            case EXACT -> 0;
            case PREFIX -> text.isEmpty() ? 3 : 1;
            case REGEX -> 2;
        };
    }

    /** Decodes escapes that were not needed and writes the others in upper case (RFC 3986 §6.2.2). */
    private static String normalize(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringBuilder normal = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                normal.append(c);
                continue;
            }
            String escape = path.substring(i, i + 3).toUpperCase(Locale.ROOT);
            char decoded = (char) Integer.parseInt(escape, 1, 3, 16);
            normal.append(Octets.isPlainInPath((byte) decoded) ? Character.toString(decoded) : escape);
            i += 2;
        }
        return normal.toString();
    }

    /** Refuses what can't be the path of a request: a query, raw characters, dot segments. */
    static void check(String path, String text) throws BadValue {
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new BadValue(
                    Nodes.quote(text) + " holds more than a path", "to match a query, write when: { query: … }");
        }
        if (path.length() > MOST) {
            throw new BadValue("a path of more than " + MOST + " characters", "");
        }
        if (!isOfPaths(path)) {
            throw new BadValue(
                    Nodes.quote(text) + " holds a character that a path can't",
                    "percent-encode it, such as é as %C3%A9");
        }
        if (path.indexOf('%') >= 0 && !ESCAPES.matcher(path).matches()) {
            throw new BadValue(
                    Nodes.quote(text) + " has a % without two hexadecimal digits", "write %25 for the sign itself");
        }
        String normal = normalize(path);
        if (normal.contains("/.") && ((normal + "/").contains("/./") || (normal + "/").contains("/../"))) {
            throw new BadValue(
                    Nodes.quote(text) + " has a dot segment", "requests are matched after . and .. are resolved");
        }
    }

    private static boolean isOfPaths(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return whole;
    }
}
