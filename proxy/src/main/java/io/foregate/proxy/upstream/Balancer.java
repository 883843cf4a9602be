package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/** Chooses an endpoint. Stateless: what has to be remembered is in the loop's {@link PickState} and in the endpoints. */
public enum Balancer {
    /** Each in turn, in proportion to its weight. */
    ROUND_ROBIN {
        @Override
        @Nullable
        Endpoint pick(EndpointSet set, PickState state, Tried tried, long nowNanos) {
            int turns = set.turns();
            int turn = state.turn;
            for (int i = 0; i < turns; i++) {
                turn = turn + 1 >= turns ? 0 : turn + 1;
                Endpoint endpoint = set.turn(turn);
                if (!tried.contains(endpoint) && endpoint.available(nowNanos)) {
                    state.turn = turn;
                    return endpoint;
                }
            }
            return null;
        }
    },

    /**
     * The one with the fewest exchanges under way in the whole process, in proportion to its weight: all are looked at where they
     * are few, two random ones where they are many.
     */
    LEAST_REQUESTS {
        @Override
        @Nullable
        Endpoint pick(EndpointSet set, PickState state, Tried tried, long nowNanos) {
            int size = set.size();
            if (size > LOOK_AT_ALL) {
                Endpoint one = set.get(state.random(size));
                Endpoint other = set.get(state.random(size));
                Endpoint better = busier(one, other) ? other : one;
                if (!tried.contains(better) && better.usable(nowNanos) && better.available(nowNanos)) {
                    return better;
                }
            }
            // Equals take turns.
            state.turn = state.turn + 1 >= size ? 0 : state.turn + 1;
            Endpoint best = null;
            for (int i = 0; i < size; i++) {
                int at = state.turn + i;
                Endpoint endpoint = set.get(at >= size ? at - size : at);
                if ((best == null || busier(best, endpoint))
                        && !tried.contains(endpoint)
                        && endpoint.usable(nowNanos)) {
                    best = endpoint;
                }
            }
            // Only the one that is chosen is claimed for a try after a rest. Another loop may have been quicker.
            return best == null || best.available(nowNanos) ? best : ROUND_ROBIN.pick(set, state, tried, nowNanos);
        }
    };

    private static final int LOOK_AT_ALL = 32;

    /** The endpoint to ask, or null when every one has been tried or is resting. On the loop that owns {@code state}. */
    abstract @Nullable Endpoint pick(EndpointSet set, PickState state, Tried tried, long nowNanos);

    private static boolean busier(Endpoint one, Endpoint other) {
        return (long) (one.inFlight() + 1) * other.weight() > (long) (other.inFlight() + 1) * one.weight();
    }
}
