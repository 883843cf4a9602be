package io.foregate.control.pools;

import io.foregate.proxy.upstream.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Since when the endpoints of a membership serve, for those that begin slowly. Whoever serves when it is looked at first, or soon
 * after, has served all along: when a process starts, and names resolve and checks pass one after the other, no server is new
 * that hasn't served before. Guarded by its membership.
 */
final class Warming {
    private static final long EVER = Long.MIN_VALUE;
    private static final long START_NANOS = 10_000_000_000L;

    private final Map<Endpoint, Long> since = new HashMap<>();
    // During the start, after having served: when they come back they are new.
    private final Set<Endpoint> left = new HashSet<>();
    private long begunNanos;
    private boolean begun;

    /** Notes who serves now: of those that did before, the time stays. */
    void look(Set<Endpoint> serving, long nowNanos) {
        if (!begun) {
            begun = true;
            begunNanos = nowNanos;
        }
        boolean starting = nowNanos - begunNanos < START_NANOS;
        noteLeft(serving, starting);
        since.keySet().retainAll(serving);
        for (Endpoint endpoint : serving) {
            if (!since.containsKey(endpoint)) {
                since.put(endpoint, starting && !left.remove(endpoint) ? EVER : nowNanos);
            }
        }
    }

    private void noteLeft(Set<Endpoint> serving, boolean starting) {
        if (!starting) {
            left.clear();
            return;
        }
        for (Endpoint endpoint : since.keySet()) {
            if (!serving.contains(endpoint)) {
                left.add(endpoint);
            }
        }
    }

    /** How long it has served without a break; the longest time where that is always. */
    long ageNanos(Endpoint endpoint, long nowNanos) {
        Long from = since.get(endpoint);
        return from == null || from.longValue() == EVER ? Long.MAX_VALUE : nowNanos - from;
    }
}
