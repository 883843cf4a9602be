package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.tls.TlsPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one host: exact paths and prefixes in a radix tree, regular expressions in a list.
 *
 * <p>Ranking: exact path, then longest prefix, then regular expressions, then {@code /*}. The catch-all ranks below the
 * expressions although it is a prefix, because otherwise no expression could ever match beside it. Expressions are tried
 * with more conditions first, then the longer one, then in alphabetical order: never in the order of the file. Routes of
 * one path are tried with more conditions first. When no route of a path has its conditions met, the next less specific
 * path is tried.
 *
 * <p>The cost is linear in the path's length and independent of the number of exact and prefix routes; expressions and
 * routes that differ by conditions alone are tried one by one. Immutable, shared by all loops; no garbage unless an
 * expression has to be searched for.
 */
public final class VirtualHost {
    private static final Comparator<Candidate> MORE_CONDITIONS_FIRST =
            Comparator.comparingInt(Candidate::conditionCount).reversed();
    private static final Comparator<Candidate> EXPRESSION_ORDER = MORE_CONDITIONS_FIRST
            .thenComparingInt(c -> -c.path.toString().length())
            .thenComparing(c -> c.path.toString());

    private final String pattern;
    private final PathNode root;
    private final Candidate[] expressions;
    private final Candidate[] all;
    private final int routeCount;
    private final @Nullable TlsPolicy tls;

    VirtualHost(String pattern, List<Candidate> candidates, @Nullable TlsPolicy tls) {
        this.pattern = pattern;
        this.tls = tls;
        this.routeCount = candidates.size();
        SortedMap<String, PathNode.Routes> paths = new TreeMap<>();
        List<Candidate> matchedBySearch = new ArrayList<>();
        List<Candidate> catchAll = new ArrayList<>();
        List<Candidate> ranked = new ArrayList<>(candidates);
        ranked.sort(MORE_CONDITIONS_FIRST);
        for (Candidate candidate : ranked) {
            switch (candidate.path) {
                case PathPattern.Exact(String path) -> {
                    PathNode.Routes routes = paths.computeIfAbsent(path, _ -> new PathNode.Routes());
                    routes.exact = append(routes.exact, candidate);
                }
                case PathPattern.Prefix(String path) -> {
                    if (path.isEmpty()) {
                        catchAll.add(candidate);
                    } else {
                        PathNode.Routes routes = paths.computeIfAbsent(path, _ -> new PathNode.Routes());
                        routes.prefix = append(routes.prefix, candidate);
                    }
                }
                case PathPattern.Expression _ -> matchedBySearch.add(candidate);
            }
        }
        matchedBySearch.sort(EXPRESSION_ORDER);
        this.root = PathNode.build(paths);
        this.expressions = matchedBySearch.toArray(Candidate[]::new);
        this.all = catchAll.toArray(Candidate[]::new);
    }

    private static Candidate[] append(Candidate[] candidates, Candidate more) {
        Candidate[] longer = Arrays.copyOf(candidates, candidates.length + 1);
        longer[candidates.length] = more;
        return longer;
    }

    /** The site as it was named: a host, {@code *.suffix} or {@code *}; lower case. */
    public String pattern() {
        return pattern;
    }

    /** The policy of the handshake that a client makes when it asks for this site; null when there can be none. */
    public @Nullable TlsPolicy tls() {
        return tls;
    }

    public int routeCount() {
        return routeCount;
    }

    /** The most specific route whose path and conditions the request meets, or null. */
    public @Nullable Route match(RequestHead head, ClientAddress client) {
        byte[] block = head.headers().array();
        int at = head.matchStart();
        int end = at + head.matchLength();
        if (at == end || block[at] != '/') {
            // "OPTIONS *" asks about the server, not about a path.
            return null;
        }
        PathNode node = root;
        PathNode deepest = null;
        while (at < end) {
            byte next = block[at];
            if (next == '/' && node.prefix.length > 0) {
                deepest = node;
            }
            PathNode child = node.child(next);
            if (child == null || !child.continues(block, at, end)) {
                break;
            }
            node = child;
            at += child.label.length;
        }
        if (at == end) {
            Route route = Candidate.first(node.exact, head, client);
            if (route != null) {
                return route;
            }
            deepest = node.prefix.length > 0 ? node : deepest;
        }
        for (PathNode prefix = deepest; prefix != null; prefix = prefix.fallback) {
            Route route = Candidate.first(prefix.prefix, head, client);
            if (route != null) {
                return route;
            }
        }
        Route route = expressions.length == 0 ? null : search(head, client);
        return route != null ? route : Candidate.first(all, head, client);
    }

    private @Nullable Route search(RequestHead head, ClientAddress client) {
        byte[] block = head.headers().array();
        for (Candidate candidate : expressions) {
            // Conditions first: they are cheaper than a search.
            if (candidate.test(head, client)
                    && candidate.path instanceof PathPattern.Expression expression
                    && expression.regex().find(block, head.matchStart(), head.matchLength())) {
                return candidate.route;
            }
        }
        return null;
    }

    // ---- for explanations ----

    PathNode root() {
        return root;
    }

    Candidate[] expressions() {
        return expressions;
    }

    Candidate[] catchAll() {
        return all;
    }
}
