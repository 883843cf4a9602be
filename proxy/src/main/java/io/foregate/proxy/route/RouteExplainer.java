package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.route.RouteTrace.Outcome;
import io.foregate.proxy.route.RouteTrace.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matches like {@link VirtualHost#match}, but writes down what it considers. Cold: makes garbage. One use, one thread.
 */
final class RouteExplainer {
    private final RequestHead head;
    private final ClientAddress client;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable Candidate chosen;

    RouteExplainer(RequestHead head, ClientAddress client) {
        this.head = head;
        this.client = client;
    }

    RouteTrace explain(@Nullable VirtualHost host) {
        String asked = head.hostString();
        if (host == null) {
            return new RouteTrace(asked, null, "no site has this name, and there is no site \"*\"", List.of(), null);
        }
        walk(host);
        Candidate best = chosen;
        return new RouteTrace(
                asked,
                host.pattern(),
                siteReason(host.pattern()),
                List.copyOf(steps),
                best == null ? null : best.route);
    }

    private static String siteReason(String pattern) {
        if (pattern.equals(HostPattern.ANY)) {
            return "no other site has this name";
        }
        return pattern.startsWith(HostPattern.WILDCARD)
                ? "the longest wildcard that covers this name"
                : "the site of exactly this name";
    }

    private void walk(VirtualHost host) {
        byte[] block = head.headers().array();
        int at = head.matchStart();
        int end = at + head.matchLength();
        if (at == end || block[at] != '/') {
            return;
        }
        // The most specific is met last on the way down.
        Deque<PathNode> met = new ArrayDeque<>();
        Deque<Boolean> below = new ArrayDeque<>();
        PathNode node = host.root();
        while (true) {
            met.push(node);
            below.push(at == end || block[at] == '/');
            PathNode child = at < end ? node.child(block[at]) : null;
            if (child == null || !child.continues(block, at, end)) {
                break;
            }
            node = child;
            at += child.label.length;
        }
        if (at == end) {
            considerAll(node.exact, "exact path", true, "");
        }
        while (!met.isEmpty()) {
            PathNode prefix = met.pop();
            considerAll(prefix.prefix, "prefix", below.pop(), "the path goes on within a segment");
        }
        for (Candidate candidate : host.expressions()) {
            boolean found = candidate.path instanceof PathPattern.Expression(Regex regex)
                    && regex.find(block, head.matchStart(), head.matchLength());
            consider(candidate, "expression", found, "the expression is not found in the path");
        }
        considerAll(host.catchAll(), "catch-all", true, "");
    }

    private void considerAll(Candidate[] candidates, String rank, boolean pathMatches, String whyNot) {
        for (Candidate candidate : candidates) {
            consider(candidate, rank, pathMatches, whyNot);
        }
    }

    private void consider(Candidate candidate, String rank, boolean pathMatches, String whyNot) {
        if (!pathMatches) {
            steps.add(new Step(candidate.route, rank, Outcome.PATH_DIFFERS, whyNot));
            return;
        }
        List<String> failed = new ArrayList<>();
        for (Condition condition : candidate.conditions()) {
            if (!condition.test(head, client)) {
                failed.add(condition.toString());
            }
        }
        if (!failed.isEmpty()) {
            steps.add(new Step(
                    candidate.route, rank, Outcome.CONDITION_NOT_MET, "not met: " + String.join("; ", failed)));
        } else if (chosen != null) {
            steps.add(new Step(candidate.route, rank, Outcome.OUTRANKED, "less specific than " + chosen.path));
        } else {
            chosen = candidate;
            String met = candidate.conditionCount() == 0
                    ? "the most specific path that matches"
                    : "the most specific path that matches, and all of its conditions are met";
            steps.add(new Step(candidate.route, rank, Outcome.CHOSEN, met));
        }
    }
}
