package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import java.util.Arrays;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A node of a compressed radix tree over the bytes of paths. Each node stands for the bytes from the root to it.
 *
 * <p>Prefix routes are linked upwards: {@link #fallback} is the next less specific node whose prefix any path below this
 * one matches, so that a match which has to give up the best node needs no memory of its way. Immutable once {@link
 * #build} returns.
 */
final class PathNode {
    private static final @Nullable PathNode[] CHILDLESS = new PathNode[0];

    /** The bytes between the parent and this node. */
    final byte[] label;

    /** Routes of exactly this path, those with more conditions first. */
    final Candidate[] exact;

    /** Routes of this path and what lies below it, those with more conditions first. */
    final Candidate[] prefix;

    /** The nearest node above that has prefix routes and a segment boundary towards this one. */
    final @Nullable PathNode fallback;

    private final int firstChildByte;
    private final @Nullable PathNode[] children;

    /** With room for children from {@code firstByte} to {@code lastByte}; for none when that is less. */
    private PathNode(byte[] label, Routes routes, @Nullable PathNode fallback, int firstByte, int lastByte) {
        this.label = label;
        this.exact = routes.exact;
        this.prefix = routes.prefix;
        this.fallback = fallback;
        this.firstChildByte = firstByte;
        this.children = lastByte < firstByte ? CHILDLESS : new PathNode[lastByte - firstByte + 1];
    }

    /** What stands at one path. */
    static final class Routes {
        static final Routes NONE = new Routes();
        Candidate[] exact = Candidate.NONE;
        Candidate[] prefix = Candidate.NONE;
    }

    /** The tree of those routes, by path in ASCII; each path begins with a slash. */
    static PathNode build(SortedMap<String, Routes> routes) {
        return new Grower(routes).grow(0, routes.size(), 0, 0, null);
    }

    /** Builds the nodes of one tree. Paths are told by their places in order, since there may be ten thousands of them. */
    private static final class Grower {
        private final String[] paths;
        private final Routes[] routes;

        Grower(SortedMap<String, Routes> sorted) {
            paths = sorted.keySet().toArray(String[]::new);
            routes = sorted.values().toArray(Routes[]::new);
        }

        /**
         * The node of the first {@code depth} bytes, which the paths from {@code first} to before {@code end} share; {@code from} is
         * its parent's depth.
         */
        PathNode grow(int first, int end, int from, int depth, @Nullable PathNode fallback) {
            boolean hasOwn = first < end && paths[first].length() == depth;
            Routes here = hasOwn ? routes[first] : Routes.NONE;
            int at = hasOwn ? first + 1 : first;
            byte[] label = first < end ? Octets.ascii(paths[first].substring(from, depth)) : new byte[0];
            int firstByte = at < end ? paths[at].charAt(depth) : 0;
            int lastByte = at < end ? paths[end - 1].charAt(depth) : -1;
            PathNode node = new PathNode(label, here, fallback, firstByte, lastByte);
            while (at < end) {
                char next = paths[at].charAt(depth);
                int to = at + 1;
                while (to < end && paths[to].charAt(depth) == next) {
                    to++;
                }
                // Only what goes on with a slash lies below this path: "/apix" doesn't lie below "/api".
                PathNode childFallback = next == '/' && here.prefix.length > 0 ? node : fallback;
                int childDepth = commonLength(paths[at], paths[to - 1], depth + 1);
                node.children[next - node.firstChildByte] = grow(at, to, depth, childDepth, childFallback);
                at = to;
            }
            return node;
        }
    }

    private static int commonLength(String first, String last, int atLeast) {
        int length = Math.min(first.length(), last.length());
        int at = atLeast;
        while (at < length && first.charAt(at) == last.charAt(at)) {
            at++;
        }
        return at;
    }

    /** The child that begins with {@code b}, or null. */
    @Nullable
    PathNode child(byte b) {
        int slot = b - firstChildByte;
        return slot >= 0 && slot < children.length ? children[slot] : null;
    }

    /** Whether the path goes on with this node's label at {@code at}. */
    boolean continues(byte[] block, int at, int end) {
        int length = label.length;
        return end - at >= length && Arrays.equals(block, at, at + length, label, 0, length);
    }
}
