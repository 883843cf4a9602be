package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route with what it asks of a request whose host and path fit. Immutable. */
final class Candidate {
    static final Candidate[] NONE = {};
    // Shared, so that among thousands of routes the empty ones are one cache line.
    private static final Condition[] UNCONDITIONAL = {};

    final PathPattern path;
    final Route route;
    private final Condition[] conditions;

    Candidate(PathPattern path, List<Condition> conditions, Route route) {
        this.path = path;
        this.route = route;
        this.conditions = conditions.isEmpty() ? UNCONDITIONAL : conditions.toArray(Condition[]::new);
    }

    int conditionCount() {
        return conditions.length;
    }

    List<Condition> conditions() {
        return List.of(conditions);
    }

    boolean test(RequestHead head, ClientAddress client) {
        for (Condition condition : conditions) {
            if (!condition.test(head, client)) {
                return false;
            }
        }
        return true;
    }

    /** The first of {@code candidates} whose conditions hold, or null. */
    static @Nullable Route first(Candidate[] candidates, RequestHead head, ClientAddress client) {
        for (Candidate candidate : candidates) {
            if (candidate.test(head, client)) {
                return candidate.route;
            }
        }
        return null;
    }
}
