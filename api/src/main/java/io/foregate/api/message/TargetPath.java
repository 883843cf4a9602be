package io.foregate.api.message;

/**
 * Finds path and query in a target and brings the path into the one form on which every rule agrees (RFC 3986 §6.2.2).
 *
 * <p>Dot segments, plain or percent-encoded, are removed from what is forwarded as well as from what is matched: a rule
 * for {@code /public/*} that let {@code /public/../admin} pass would guard nothing. Escaped slashes stay escaped. Escapes of
 * characters that a segment may hold are decoded, other escapes written in upper case and repeated slashes taken as one for matching
 * only, since many origins read them so; what is forwarded keeps them, so that signatures over the raw path stay valid.
 *
 * <p>Stateless; one pass over a target that has neither a dot segment, an escape nor a repeated slash.
 */
public final class TargetPath {
    private TargetPath() {}

    /**
     * Derives path, match path and query of {@code head} from its target.
     *
     * @return false when the target is ambiguous and has to be refused: a broken escape, an escaped NUL or control
     *     character, dot segments that lead above the root, or that only some origins would see as such
     */
    public static boolean resolve(RequestHead head) {
        Headers block = head.headers();
        byte[] bytes = block.array();
        int start = head.targetStart();
        int end = start + head.targetLength();
        int at = start;
        boolean escaped = false;
        boolean odd = false;
        byte before = 0;
        while (at < end) {
            byte b = bytes[at];
            if (b == '?') {
                break;
            }
            if (b == '%') {
                if (!validEscape(bytes, at, end)) {
                    return false;
                }
                escaped = true;
            } else if (b == '\\' || b == ';' || (before == '/' && (b == '.' || b == '/'))) {
                odd = true;
            }
            before = b;
            at++;
        }
        head.path(start, at - start);
        if (at < end) {
            head.query(at + 1, end - at - 1);
        } else {
            head.query(end, -1);
        }
        return (!escaped && !odd) || head.form() == RequestHead.TargetForm.ASTERISK || rewrite(head);
    }

    private static boolean validEscape(byte[] bytes, int at, int end) {
        if (at + 2 >= end) {
            return false;
        }
        int high = Octets.hexValue(bytes[at + 1]);
        int low = Octets.hexValue(bytes[at + 2]);
        if (high < 0 || low < 0) {
            return false;
        }
        int value = high << 4 | low;
        return value >= 0x20 && value != 0x7f;
    }

    private static boolean rewrite(RequestHead head) {
        Headers block = head.headers();
        int pathStart = head.pathStart();
        int pathLength = head.pathLength();
        if (hasDisguisedDots(block.array(), pathStart, pathStart + pathLength)) {
            return false;
        }
        if (hasDotSegment(block.array(), pathStart, pathLength)) {
            // path and query, rewritten, at the block's end: never longer than they were
            int from = block.end();
            byte[] bytes = block.reserve(head.targetLength());
            int to = removeDotSegments(bytes, pathStart, pathLength, from);
            if (to < 0) {
                return false;
            }
            int newPathLength = to - from;
            int queryLength = head.queryLength();
            if (queryLength >= 0) {
                bytes[to++] = '?';
                System.arraycopy(bytes, head.queryStart(), bytes, to, queryLength);
                to += queryLength;
            }
            block.end(to);
            head.target(head.form(), from, to - from);
            head.path(from, newPathLength);
            head.query(to - Math.max(queryLength, 0), queryLength);
            pathStart = from;
            pathLength = newPathLength;
        }
        matchForm(head, pathStart, pathLength);
        return true;
    }

    /**
     * Whether there are dots that are a dot segment to some origins and not to others: next to a backslash or an escaped slash,
     * which some take for a slash, or before path parameters, which some drop.
     */
    private static boolean hasDisguisedDots(byte[] bytes, int start, int end) {
        boolean disguised = false;
        int at = start;
        while (at < end) {
            int dots = 0;
            boolean onlyDots = true;
            int i = at;
            while (i < end && bytes[i] != ';' && separatorLength(bytes, i, end) == 0) {
                int dot = dotLength(bytes, i, end);
                onlyDots &= dot > 0;
                dots++;
                i += Math.max(dot, 1);
            }
            boolean plainEnd = i == end || bytes[i] == '/';
            if (onlyDots && (dots == 1 || dots == 2) && (disguised || !plainEnd)) {
                return true;
            }
            while (i < end && separatorLength(bytes, i, end) == 0) {
                i++;
            }
            disguised = i < end && bytes[i] != '/';
            at = i < end ? i + separatorLength(bytes, i, end) : end;
        }
        return false;
    }

    private static int separatorLength(byte[] bytes, int at, int end) {
        if (bytes[at] == '/' || bytes[at] == '\\') {
            return 1;
        }
        if (bytes[at] != '%' || at + 2 >= end) {
            return 0;
        }
        byte value = decoded(bytes, at);
        return value == '/' || value == '\\' ? 3 : 0;
    }

    private static boolean hasDotSegment(byte[] bytes, int start, int length) {
        int end = start + length;
        int at = start;
        while (at < end) {
            if (bytes[at] == '/' && dotSegmentLength(bytes, at + 1, end) >= 0) {
                return true;
            }
            at++;
        }
        return false;
    }

    /** Length in bytes of the segment at {@code at} if it is a dot segment (1 or 2 dots, maybe escaped), else -1. */
    private static int dotSegmentLength(byte[] bytes, int at, int end) {
        int dots = 0;
        int i = at;
        while (i < end && bytes[i] != '/') {
            int dot = dotLength(bytes, i, end);
            if (dot == 0 || ++dots > 2) {
                return -1;
            }
            i += dot;
        }
        return dots == 0 ? -1 : i - at;
    }

    private static int dotLength(byte[] bytes, int at, int end) {
        if (bytes[at] == '.') {
            return 1;
        }
        return bytes[at] == '%' && at + 2 < end && bytes[at + 1] == '2' && (bytes[at + 2] | 0x20) == 'e' ? 3 : 0;
    }

    /** RFC 3986 §5.2.4 on [start, start + length) into {@code to}; returns the end, or -1 above the root. */
    private static int removeDotSegments(byte[] bytes, int start, int length, int to) {
        int end = start + length;
        int base = to;
        int at = start;
        while (at < end) {
            int segment = dotSegmentLength(bytes, at + 1, end);
            if (segment < 0) {
                do {
                    bytes[to++] = bytes[at++];
                } while (at < end && bytes[at] != '/');
                continue;
            }
            boolean up = dots(bytes, at + 1, segment) == 2;
            if (up) {
                if (to == base) {
                    return -1;
                }
                do {
                    to--;
                } while (bytes[to] != '/');
            }
            at += 1 + segment;
            if (at == end) {
                bytes[to++] = '/';
            }
        }
        return to;
    }

    private static int dots(byte[] bytes, int at, int length) {
        int dots = 0;
        for (int i = at; i < at + length; i += bytes[i] == '.' ? 1 : 3) {
            dots++;
        }
        return dots;
    }

    private static void matchForm(RequestHead head, int start, int length) {
        Headers block = head.headers();
        byte[] bytes = block.array();
        int end = start + length;
        boolean differs = false;
        for (int i = start; i < end && !differs; i++) {
            differs = bytes[i] == '%'
                    ? Octets.isPlainInPath(decoded(bytes, i)) || lowerHex(bytes[i + 1]) || lowerHex(bytes[i + 2])
                    : bytes[i] == '/' && i > start && bytes[i - 1] == '/';
        }
        if (!differs) {
            return;
        }
        int from = block.end();
        bytes = block.reserve(length);
        int to = from;
        for (int i = start; i < end; i++) {
            if (bytes[i] == '%' && Octets.isPlainInPath(decoded(bytes, i))) {
                bytes[to++] = decoded(bytes, i);
                i += 2;
            } else if (bytes[i] == '%') {
                bytes[to++] = '%';
                bytes[to++] = upperHex(bytes[++i]);
                bytes[to++] = upperHex(bytes[++i]);
            } else if (bytes[i] != '/' || to == from || bytes[to - 1] != '/') {
                bytes[to++] = bytes[i];
            }
        }
        block.end(to);
        head.matchPath(from, to - from);
    }

    private static boolean lowerHex(byte digit) {
        return digit >= 'a';
    }

    private static byte upperHex(byte digit) {
        return (byte) (digit >= 'a' ? digit - 32 : digit);
    }

    private static byte decoded(byte[] bytes, int at) {
        return (byte) (Octets.hexValue(bytes[at + 1]) << 4 | Octets.hexValue(bytes[at + 2]));
    }
}
