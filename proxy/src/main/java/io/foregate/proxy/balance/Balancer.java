package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/** Chooses a member. Stateless: what has to be remembered is in the loop's {@link PickState} and in the members. */
public enum Balancer {
    /** Each in turn, in proportion to its weight. */
    ROUND_ROBIN {
        @Override
        public @Nullable Member pick(EndpointSet set, PickState state, Tried tried, long nowNanos) {
            int turns = set.turns();
            int turn = state.turn;
            for (int i = 0; i < turns; i++) {
                turn = turn + 1 >= turns ? 0 : turn + 1;
                Member member = set.turn(turn);
                if (!tried.contains(member) && member.available(nowNanos)) {
                    state.turn = turn;
                    return member;
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
        public @Nullable Member pick(EndpointSet set, PickState state, Tried tried, long nowNanos) {
            int size = set.size();
            if (size > LOOK_AT_ALL) {
                int one = state.random(size);
                int other = state.random(size);
                Member better = set.get(busier(set, one, other) ? other : one);
                if (!tried.contains(better) && better.usable(nowNanos) && better.available(nowNanos)) {
                    return better;
                }
            }
            // Equals take turns.
            state.turn = state.turn + 1 >= size ? 0 : state.turn + 1;
            int best = -1;
            for (int i = 0; i < size; i++) {
                int at = state.turn + i >= size ? state.turn + i - size : state.turn + i;
                Member member = set.get(at);
                if ((best < 0 || busier(set, best, at)) && !tried.contains(member) && member.usable(nowNanos)) {
                    best = at;
                }
            }
            if (best < 0) {
                return null;
            }
            // Only the one that is chosen is claimed for a try after a rest. Another loop may have been quicker.
            Member chosen = set.get(best);
            return chosen.available(nowNanos) ? chosen : ROUND_ROBIN.pick(set, state, tried, nowNanos);
        }
    };

    private static final int LOOK_AT_ALL = 32;

    /** The endpoint to ask, or null when every one has been tried or is resting. On the loop that owns {@code state}. */
    public abstract @Nullable Member pick(EndpointSet set, PickState state, Tried tried, long nowNanos);

    private static boolean busier(EndpointSet set, int one, int other) {
        return (long) (set.get(one).inFlight() + 1) * set.weight(other)
                > (long) (set.get(other).inFlight() + 1) * set.weight(one);
    }
}
