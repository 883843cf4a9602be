package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/** Chooses a member of a group. Stateless: what has to be remembered is in the loop's {@link PickState} and in the members. */
public enum Balancer {
    /** Each in turn, in proportion to its weight. */
    ROUND_ROBIN {
        @Override
        @Nullable
        Member pick(Group group, PickState state, Picking picking, long nowNanos) {
            for (int i = 0; i < DRAWS; i++) {
                Member member = group.member(group.weights().turn(state.nextTurn(group)));
                if (group.ready(member, picking, nowNanos)) {
                    return member;
                }
            }
            return anyReady(group, state, picking, nowNanos);
        }
    },

    /** Any one, in proportion to its weight. */
    RANDOM {
        @Override
        @Nullable
        Member pick(Group group, PickState state, Picking picking, long nowNanos) {
            for (int i = 0; i < DRAWS; i++) {
                Member member = group.member(group.weights().random(state.bits()));
                if (group.ready(member, picking, nowNanos)) {
                    return member;
                }
            }
            return anyReady(group, state, picking, nowNanos);
        }
    },

    /**
     * The one with the fewest exchanges under way in the whole process for its weight: all are looked at where they are few, two
     * that are drawn by weight where they are many.
     */
    LEAST_REQUESTS {
        @Override
        @Nullable
        Member pick(Group group, PickState state, Picking picking, long nowNanos) {
            int size = group.size();
            if (size > LOOK_AT_ALL) {
                int one = group.weights().random(state.bits());
                int other = another(group, state, one);
                boolean swap = busier(group, one, other);
                Member chosen = eitherReady(group, swap ? other : one, swap ? one : other, picking, nowNanos);
                return chosen == null ? anyReady(group, state, picking, nowNanos) : chosen;
            }
            // Those that have nothing to do take turns, by weight.
            int first = group.weights().turn(state.nextTurn(group));
            int best = -1;
            for (int i = 0; i < size; i++) {
                int at = first + i >= size ? first + i - size : first + i;
                if ((best < 0 || busier(group, best, at)) && group.usable(group.member(at), picking, nowNanos)) {
                    best = at;
                }
            }
            if (best < 0) {
                return null;
            }
            // Only the one that is chosen is claimed for a try after a rest. Another loop may have been quicker.
            Member chosen = group.member(best);
            return group.ready(chosen, picking, nowNanos) ? chosen : anyReady(group, state, picking, nowNanos);
        }
    },

    /**
     * Of two that are drawn by weight, the one that would answer sooner: peak latency times exchanges under way, for its weight. One
     * of which nothing is known gets a request when it has none, and no other before the answer has come.
     */
    PEAK_EWMA {
        @Override
        @Nullable
        Member pick(Group group, PickState state, Picking picking, long nowNanos) {
            int one = group.weights().random(state.bits());
            int other = another(group, state, one);
            boolean swap = cost(group, other, nowNanos) < cost(group, one, nowNanos);
            Member chosen = eitherReady(group, swap ? other : one, swap ? one : other, picking, nowNanos);
            return chosen == null ? anyReady(group, state, picking, nowNanos) : chosen;
        }
    },

    /**
     * The same one for the same key, as long as the members stay and it doesn't have much more to do than others; by turns where a
     * request has no key.
     */
    HASH {
        @Override
        @Nullable
        Member pick(Group group, PickState state, Picking picking, long nowNanos) {
            if (!picking.keyed()) {
                return ROUND_ROBIN.pick(group, state, picking, nowNanos);
            }
            Maglev table = group.table();
            int slot = table.slot(picking.hash());
            for (int i = 0; i < PROBES; i++) {
                int at = table.at(slot);
                Member member = group.member(at);
                if (!full(group, at, state, nowNanos) && group.ready(member, picking, nowNanos)) {
                    return member;
                }
                slot = slot + 1 == table.size() ? 0 : slot + 1;
            }
            return LEAST_REQUESTS.pick(group, state, picking, nowNanos);
        }

        // Nobody is passed over for a few requests: with little to do, keys are worth more than balance.
        private boolean full(Group group, int at, PickState state, long nowNanos) {
            int inFlight = group.member(at).inFlight();
            return inFlight >= ALWAYS_TAKES && inFlight + 1 > group.bound(at, state.load(group, nowNanos));
        }
    };

    private static final int LOOK_AT_ALL = 32;
    private static final int DRAWS = 8;
    private static final int PROBES = 64;
    private static final int ALWAYS_TAKES = 8;
    private static final double UNKNOWN_NANOS = 1e15;

    /** The member to ask, or null when every one has been tried or is resting. On the loop that owns {@code state}. */
    abstract @Nullable Member pick(Group group, PickState state, Picking picking, long nowNanos);

    // The first that is ready from a random one on.
    private static @Nullable Member anyReady(Group group, PickState state, Picking picking, long nowNanos) {
        int size = group.size();
        int first = state.random(size);
        for (int i = 0; i < size; i++) {
            Member member = group.member(first + i >= size ? first + i - size : first + i);
            if (group.ready(member, picking, nowNanos)) {
                return member;
            }
        }
        return null;
    }

    private static @Nullable Member eitherReady(Group group, int better, int worse, Picking picking, long nowNanos) {
        Member member = group.member(better);
        if (group.ready(member, picking, nowNanos)) {
            return member;
        }
        Member second = group.member(worse);
        return group.ready(second, picking, nowNanos) ? second : null;
    }

    // Another one than that, where there is one.
    private static int another(Group group, PickState state, int one) {
        for (int i = 0; i < 2; i++) {
            int other = group.weights().random(state.bits());
            if (other != one) {
                return other;
            }
        }
        return one + 1 == group.size() ? 0 : one + 1;
    }

    private static boolean busier(Group group, int one, int other) {
        int ones = group.member(one).inFlight();
        int others = group.member(other).inFlight();
        // Whoever has nothing to do is as good as any other that hasn't: else the heaviest would get all while there is
        // little.
        return ones > 0
                && (others == 0
                        || (long) (ones + 1) * group.weights().weight(other)
                                > (long) (others + 1) * group.weights().weight(one));
    }

    private static double cost(Group group, int at, long nowNanos) {
        Member member = group.member(at);
        long latency = member.peakLatencyNanos(nowNanos);
        int inFlight = member.inFlight();
        if (latency == 0) {
            return inFlight == 0 ? 0 : UNKNOWN_NANOS * inFlight;
        }
        return (double) latency * (inFlight + 1) / group.weights().weight(at);
    }
}
