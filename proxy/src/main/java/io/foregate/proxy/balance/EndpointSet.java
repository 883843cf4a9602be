package io.foregate.proxy.balance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The members of a pool at one time, and whatever choosing among them needs, computed when the set is made: on the cold side,
 * whenever a member comes, goes, or changes its state or weight. Immutable.
 */
public final class EndpointSet {
    private static final int WHOLE = 1 << 16;

    private final Member[] members;
    private final Standing[] standings;
    private final int[] weights;
    private final Balancer balancer;
    private final Group[] groups;
    // The part of requests, of WHOLE, up to and including each group.
    private final int[] ends;
    private final @Nullable StickyTable sticky;
    private final SlowStart slowStart;
    // Those that get a request only to find out whether they are back.
    private final Member[] down;
    private final boolean panic;
    private final int up;

    /** Members that are divided by {@code balancing}: all of the pool, whatever their standing. */
    public EndpointSet(List<Share> shares, Balancing balancing) {
        this.members = new Member[shares.size()];
        this.standings = new Standing[shares.size()];
        this.weights = new int[shares.size()];
        List<Member> stuckTo = new ArrayList<>();
        int well = 0;
        for (int i = 0; i < members.length; i++) {
            Share share = shares.get(i);
            members[i] = share.member();
            standings[i] = share.standing();
            weights[i] = share.weight();
            well += share.standing() == Standing.UP ? 1 : 0;
            if (share.standing() == Standing.UP || share.standing() == Standing.STICKY_ONLY) {
                stuckTo.add(share.member());
            }
        }
        this.up = well;
        this.balancer = balancing.balancer();
        this.slowStart = balancing.slowStart();
        List<Levels.Part> parts = Levels.divide(shares, balancing);
        this.groups = new Group[parts.size()];
        this.ends = new int[groups.length];
        double load = 0;
        boolean panicking = false;
        for (int i = 0; i < groups.length; i++) {
            Levels.Part part = parts.get(i);
            groups[i] = new Group(part.shares(), balancing, part.panic(), i);
            load += part.load();
            ends[i] = (int) Math.round(load * WHOLE);
            panicking |= part.panic();
            for (Share share : part.shares()) {
                if (share.standing() == Standing.DOWN) {
                    stuckTo.add(share.member());
                }
            }
        }
        this.panic = panicking;
        List<Member> tryable = new ArrayList<>();
        for (Share share : shares) {
            if (share.standing() == Standing.DOWN && share.serves() && share.priority() != Share.BACKUP) {
                tryable.add(share.member());
            }
        }
        this.down = tryable.toArray(Member[]::new);
        this.sticky = balancing.tokens() == null ? null : new StickyTable(stuckTo, balancing.tokens());
    }

    /** How many members there are, whatever their standing. */
    public int size() {
        return members.length;
    }

    public Member get(int position) {
        return members[position];
    }

    /** Whether that member takes part. */
    public Standing standing(int position) {
        return standings[position];
    }

    /** How many are up. */
    public int up() {
        return up;
    }

    /** Its weight, when it doesn't begin slowly. */
    public int weight(int position) {
        return weights[position];
    }

    /** How members of sets such as this begin. */
    public SlowStart slowStart() {
        return slowStart;
    }

    /** Whether so few are up that those that are down are asked too. */
    public boolean panic() {
        return panic;
    }

    /** The member that a client sticks to who brought that token; null when it is none, or nobody may stick to its member. */
    public @Nullable Member stickyMember(byte[] bytes, int start, int length) {
        return sticky == null ? null : sticky.find(bytes, start, length);
    }

    /** The token by which clients stick to that member, not to be changed; null when they may not. */
    public byte @Nullable [] stickyToken(Member member) {
        return sticky == null ? null : sticky.token(member);
    }

    /**
     * The member to ask, or null when every one has been tried or is resting. On the loop that owns {@code state}; makes no
     * garbage.
     */
    public @Nullable Member pick(PickState state, Picking picking, long nowNanos) {
        Member stuckTo = picking.sticky();
        if (stuckTo != null && !picking.tried().contains(stuckTo) && stuckTo.available(nowNanos)) {
            return stuckTo;
        }
        Member back = back(state, picking, nowNanos);
        if (back != null || groups.length == 0) {
            return back;
        }
        int first = first(state, picking);
        Member chosen = balancer.pick(groups[first], state, picking, nowNanos);
        for (int i = 0; chosen == null && i < groups.length; i++) {
            if (i != first) {
                chosen = balancer.pick(groups[i], state, picking, nowNanos);
            }
        }
        return chosen;
    }

    // One that was down and whose rest is over: one request finds out whether it is back. One look for each pick,
    // whatever the number.
    private @Nullable Member back(PickState state, Picking picking, long nowNanos) {
        if (down.length == 0) {
            return null;
        }
        Member member = down[state.nextTry() % down.length];
        boolean due = !picking.tried().contains(member) && member.usable(nowNanos) && member.available(nowNanos);
        return due ? member : null;
    }

    private int first(PickState state, Picking picking) {
        if (ends[0] == WHOLE) {
            return 0;
        }
        // The same group for the same key, as long as its part stays.
        boolean keyed = picking.keyed() && balancer == Balancer.HASH;
        int at = keyed ? (int) (KeyHash.mix(picking.hash()) >>> 48) : state.random(WHOLE);
        for (int i = 0; i < ends.length; i++) {
            if (at < ends[i]) {
                return i;
            }
        }
        return 0;
    }
}
