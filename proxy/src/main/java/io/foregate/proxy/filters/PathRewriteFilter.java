package io.foregate.proxy.filters;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.TargetPath;
import io.foregate.proxy.route.Regex;
import java.util.List;

/**
 * Changes the path that is forwarded; the query is kept as it is.
 *
 * <p>What comes out is checked like what came in: a path that doesn't begin with a slash, holds a byte that may not stand in
 * one, or has dot segments (which no rule has seen, since they weren't in the path that was routed) is answered with 400.
 *
 * <p>The new target is written at the end of the head's block. Immutable, shared by all loops; makes no garbage, but for
 * regular expressions.
 */
public final class PathRewriteFilter implements Filter {
    private static final Verdict BAD_REQUEST = new Verdict.Respond(400, List.of(), null);

    private final PathRewrite rewrite;

    private PathRewriteFilter(PathRewrite rewrite) {
        this.rewrite = rewrite;
    }

    /**
     * Replaces the whole path.
     *
     * @param path the new path, maybe with placeholders
     * @throws IllegalArgumentException when it is no path or has an unknown placeholder
     */
    public static PathRewriteFilter replace(String path) {
        return new PathRewriteFilter(PathRewrite.replace(path));
    }

    /**
     * Removes a prefix on segment boundaries: {@code /api} turns {@code /api/users} into {@code /users} and {@code /api}
     * into {@code /}; {@code /apix} stays.
     *
     * @throws IllegalArgumentException when it is no path
     */
    public static PathRewriteFilter stripPrefix(String prefix) {
        return new PathRewriteFilter(PathRewrite.prefix(prefix, ""));
    }

    /**
     * Replaces a prefix on segment boundaries by another.
     *
     * @throws IllegalArgumentException when one of them is no path
     */
    public static PathRewriteFilter replacePrefix(String prefix, String replacement) {
        return new PathRewriteFilter(PathRewrite.prefix(prefix, replacement));
    }

    /**
     * Replaces every part of the path in which the expression is found; other paths stay.
     *
     * @param replacement text with {@code $1} or <code>${12}</code> for what a group captured, {@code $$} for the sign
     *     itself, and placeholders
     * @throws IllegalArgumentException when it refers to a group that the expression hasn't, or can't stand in a path
     */
    public static PathRewriteFilter regex(Regex expression, String replacement) {
        return new PathRewriteFilter(PathRewrite.expression(expression, replacement));
    }

    @Override
    public Verdict onRequest(RequestHead head, FilterContext context) {
        if (head.form() == RequestHead.TargetForm.ASTERISK) {
            return Verdict.CONTINUE;
        }
        Headers block = head.headers();
        int from = block.end();
        if (!rewrite.write(head, context)) {
            return Verdict.CONTINUE;
        }
        if (!isPath(block.array(), from, block.end())) {
            return BAD_REQUEST;
        }
        if (head.queryLength() >= 0) {
            block.append((byte) '?');
            block.appendOwn(head.queryStart(), head.queryLength());
        }
        head.target(head.form(), from, block.end() - from);
        // A resolved path that stands elsewhere had dot segments.
        return TargetPath.resolve(head) && head.pathStart() == from ? Verdict.CONTINUE : BAD_REQUEST;
    }

    private static boolean isPath(byte[] block, int start, int end) {
        if (start == end || block[start] != '/') {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (!Octets.isTarget(block[i]) || block[i] == '?') {
                return false;
            }
        }
        return true;
    }
}
