package io.foregate.proxy.route;

import io.foregate.api.message.Octets;
import java.util.Arrays;
import java.util.List;
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

    private PathNode(byte[] label, Routes routes, @Nullable PathNode fallback, List<String> childKeys, int depth) {
        this.label = label;
        this.exact = routes.exact;
        this.prefix = routes.prefix;
        this.fallback = fallback;
        if (childKeys.isEmpty()) {
            firstChildByte = 0;
            children = CHILDLESS;
        } else {
            firstChildByte = childKeys.getFirst().charAt(depth);
            children = new PathNode[childKeys.getLast().charAt(depth) - firstChildByte + 1];
        }
    }

    /** What stands at one path. */
    static final class Routes {
        static final Routes NONE = new Routes();
        Candidate[] exact = Candidate.NONE;
        Candidate[] prefix = Candidate.NONE;
    }

    /** The tree of those routes, by path in ASCII; each path begins with a slash. */
    static PathNode build(SortedMap<String, Routes> routes) {
        return build(routes, List.copyOf(routes.keySet()), 0, 0, null);
    }

    /** The node of the first {@code depth} bytes, which the sorted {@code paths} share; {@code from} is its parent's depth. */
    private static PathNode build(
            SortedMap<String, Routes> routes, List<String> paths, int from, int depth, @Nullable PathNode fallback) {
        String path = paths.isEmpty() ? "" : paths.getFirst().substring(0, depth);
        Routes here = routes.getOrDefault(path, Routes.NONE);
        List<String> below = here == Routes.NONE ? paths : paths.subList(1, paths.size());
        PathNode node = new PathNode(Octets.ascii(path.substring(from)), here, fallback, below, depth);
        int at = 0;
        while (at < below.size()) {
            char next = below.get(at).charAt(depth);
            int to = at + 1;
            while (to < below.size() && below.get(to).charAt(depth) == next) {
                to++;
            }
            List<String> child = below.subList(at, to);
            // Only what goes on with a slash lies below this path: "/apix" doesn't lie below "/api".
            PathNode childFallback = next == '/' && here.prefix.length > 0 ? node : fallback;
            node.children[next - node.firstChildByte] =
                    build(routes, child, depth, commonLength(child, depth + 1), childFallback);
            at = to;
        }
        return node;
    }

    private static int commonLength(List<String> sorted, int atLeast) {
        String first = sorted.getFirst();
        String last = sorted.getLast();
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
