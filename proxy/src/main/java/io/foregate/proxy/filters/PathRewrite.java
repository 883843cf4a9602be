package io.foregate.proxy.filters;

import com.google.re2j.Matcher;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.PathPattern;
import io.foregate.proxy.route.Regex;
import io.foregate.proxy.route.ValueTemplate;
import io.foregate.proxy.route.ValueTemplate.Placeholder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The ways in which a path is rewritten. Immutable. */
sealed interface PathRewrite {
    /** Appends the new path to the head's block; returns false, having appended nothing, when the path is to stay. */
    boolean write(RequestHead head, FilterContext context);

    static PathRewrite replace(String path) {
        if (!path.startsWith("/") && !path.startsWith("{path}")) {
            throw new IllegalArgumentException("'" + path + "' must begin with '/'");
        }
        return new Whole(template(path));
    }

    static PathRewrite prefix(String prefix, String replacement) {
        byte[] normal = path(prefix);
        if (normal.length == 0) {
            throw new IllegalArgumentException(
                    "'" + prefix + "' is a prefix of every path: there is nothing to replace");
        }
        return new Prefix(normal, replacement.isEmpty() ? new byte[0] : path(replacement));
    }

    static PathRewrite expression(Regex expression, String replacement) {
        List<Object> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < replacement.length()) {
            char c = replacement.charAt(at++);
            char next = at < replacement.length() ? replacement.charAt(at) : 0;
            if (c != '$') {
                text.append(c);
            } else if (next == '$') {
                text.append(c);
                at++;
            } else {
                int end = next == '{' ? replacement.indexOf('}', at) : at + 1;
                String group = end < at || end > replacement.length()
                        ? ""
                        : replacement.substring(next == '{' ? at + 1 : at, end);
                if (!text.isEmpty()) {
                    parts.add(template(text.toString()));
                    text.setLength(0);
                }
                parts.add(group(expression, replacement, group));
                at = next == '{' ? end + 1 : end;
            }
        }
        if (!text.isEmpty()) {
            parts.add(template(text.toString()));
        }
        return new Expression(expression, parts);
    }

    private static Integer group(Regex expression, String replacement, String group) {
        if (!group.matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException("'" + replacement
                    + "' has a '$' without the number of a group; write $1, ${12}, or $$ for the sign itself");
        }
        int number = Integer.parseInt(group);
        if (number > expression.groupCount()) {
            throw new IllegalArgumentException("'" + replacement + "' refers to group " + number + ", but '"
                    + expression + "' has " + expression.groupCount());
        }
        return number;
    }

    private static byte[] path(String text) {
        if (!(PathPattern.parse(text) instanceof PathPattern.Exact(String path))) {
            throw new IllegalArgumentException("'" + text + "' must be a plain path, such as /api");
        }
        String bare = path;
        while (bare.endsWith("/")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        return Octets.ascii(bare);
    }

    private static ValueTemplate template(String text) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (!Octets.isTarget(b) || b == '?') {
                throw new IllegalArgumentException(
                        "'" + text + "' holds what may not stand in a path; escape it as " + escaped(b));
            }
        }
        ValueTemplate template = ValueTemplate.parse(text);
        if (template.uses(Placeholder.QUERY) || template.uses(Placeholder.URI)) {
            throw new IllegalArgumentException(
                    "'" + text + "': the query is kept as it is and is no part of the path; write {path} for the path");
        }
        return template;
    }

    private static String escaped(byte b) {
        char high = Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16));
        char low = Character.toUpperCase(Character.forDigit(b & 15, 16));
        return "%" + high + low;
    }

    /** Another path altogether. */
    record Whole(ValueTemplate path) implements PathRewrite {
        @Override
        public boolean write(RequestHead head, FilterContext context) {
            path.appendTo(head.headers(), context);
            return true;
        }
    }

    /** Another beginning, or none. */
    final class Prefix implements PathRewrite {
        private final byte[] prefix;
        private final byte[] replacement;

        Prefix(byte[] prefix, byte[] replacement) {
            this.prefix = prefix;
            this.replacement = replacement;
        }

        @Override
        public boolean write(RequestHead head, FilterContext context) {
            Headers block = head.headers();
            int start = head.pathStart();
            int covered = coveredLength(block.array(), start, start + head.pathLength());
            if (covered < 0) {
                return false;
            }
            int from = block.end();
            block.append(replacement);
            block.appendOwn(start + covered, head.pathLength() - covered);
            if (block.end() == from) {
                block.append((byte) '/');
            }
            return true;
        }

        /**
         * How many bytes of the path, as it is forwarded, the prefix covers; -1 when the path doesn't begin with it. Routes
         * match with escapes of what a segment may hold decoded and repeated slashes taken as one, so a prefix that they match
         * has to be found in such disguises too.
         */
        private int coveredLength(byte[] block, int start, int end) {
            int at = start;
            int p = 0;
            while (p < prefix.length) {
                if (at == end) {
                    return -1;
                }
                if (block[at] != '%') {
                    if (block[at] != prefix[p++]) {
                        return -1;
                    }
                    at = block[at] == '/' ? endOfSlashes(block, at, end) : at + 1;
                    continue;
                }
                byte decoded = decoded(block, at);
                boolean same = Octets.isPlainInPath(decoded)
                        ? prefix[p] == decoded
                        : prefix[p] == '%' && decoded(prefix, p) == decoded;
                if (!same) {
                    return -1;
                }
                p += Octets.isPlainInPath(decoded) ? 1 : 3;
                at += 3;
            }
            return at == end || block[at] == '/' ? at - start : -1;
        }

        private static int endOfSlashes(byte[] block, int at, int end) {
            int next = at + 1;
            while (next < end && block[next] == '/') {
                next++;
            }
            return next;
        }

        // Escapes are whole: TargetPath and PathPattern have seen to it.
        private static byte decoded(byte[] bytes, int at) {
            return (byte) (Octets.hexValue(bytes[at + 1]) << 4 | Octets.hexValue(bytes[at + 2]));
        }
    }

    /** Other parts, wherever an expression is found. */
    final class Expression implements PathRewrite {
        private final Regex expression;
        // Each a ValueTemplate or the number of a group.
        private final Object[] parts;

        Expression(Regex expression, List<Object> parts) {
            this.expression = expression;
            this.parts = parts.toArray();
        }

        @Override
        public boolean write(RequestHead head, FilterContext context) {
            // In the form that routes match, so that an escape can't pass by the expression.
            Matcher matcher = expression.matcher(head.matchPathString());
            if (!matcher.find()) {
                return false;
            }
            Headers block = head.headers();
            int start = head.matchStart();
            int copied = 0;
            do {
                block.appendOwn(start + copied, matcher.start() - copied);
                for (Object part : parts) {
                    if (part instanceof ValueTemplate template) {
                        template.appendTo(block, context);
                    } else if (part instanceof Integer group && matcher.start(group) >= 0) {
                        block.appendOwn(start + matcher.start(group), matcher.end(group) - matcher.start(group));
                    }
                }
                copied = matcher.end();
            } while (matcher.find());
            block.appendOwn(start + copied, head.matchLength() - copied);
            return true;
        }
    }
}
