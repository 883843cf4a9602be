package io.foregate.proxy.balance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members among which a balancer chooses: those of one priority and zone that may be asked. Immutable. */
final class Group {
    private final Member[] members;
    private final Weights weights;
    private final @Nullable Maglev table;
    private final boolean panic;
    private final int ordinal;
    private final int boundPercent;

    /**
     * @param panic whether those that count as down are among them
     * @param ordinal its place in the set
     */
    Group(List<Share> shares, Balancing balancing, boolean panic, int ordinal) {
        int size = shares.size();
        this.members = new Member[size];
        int[] counting = new int[size];
        String[] names = new String[size];
        for (int i = 0; i < size; i++) {
            Share share = shares.get(i);
            members[i] = share.member();
            names[i] = share.member().name();
            counting[i] = Math.max(1, share.weight() * share.warmth());
        }
        this.weights = new Weights(counting);
        this.table = balancing.balancer() == Balancer.HASH ? new Maglev(names, counting) : null;
        this.boundPercent = balancing.boundPercent();
        this.panic = panic;
        this.ordinal = ordinal;
    }

    int size() {
        return members.length;
    }

    int ordinal() {
        return ordinal;
    }

    Member member(int position) {
        return members[position];
    }

    Weights weights() {
        return weights;
    }

    /** For {@link Balancer#HASH}. */
    Maglev table() {
        if (table == null) {
            throw new IllegalStateException("a table is only there for hashing");
        }
        return table;
    }

    /** Whether the member may have its turn; claims its try after a rest. */
    boolean ready(Member member, Picking picking, long nowNanos) {
        return !picking.tried().contains(member)
                && (panic ? member.availableInPanic(nowNanos) : member.available(nowNanos));
    }

    /** Whether {@link #ready} may say yes; claims nothing. */
    boolean usable(Member member, Picking picking, long nowNanos) {
        return !picking.tried().contains(member) && (panic || member.usable(nowNanos));
    }

    /** How many may be under way at a member before a key goes to the next, when there are {@code all} in the group. */
    long bound(int position, long all) {
        long parts = weights.total() * 100;
        return ((all + 1) * boundPercent * weights.weight(position) + parts - 1) / parts;
    }

    /** Exchanges under way at all of them. */
    long inFlight() {
        long sum = 0;
        for (Member member : members) {
            sum += member.inFlight();
        }
        return sum;
    }
}
