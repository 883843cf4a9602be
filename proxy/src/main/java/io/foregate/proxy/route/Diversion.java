package io.foregate.proxy.route;

import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import org.jspecify.annotations.Nullable;

/**
 * How many of the requests that are for one pool another one gets, while a rollout goes on. Whoever has the same key has the same fate,
 * and as the share grows nobody comes back: each key has a place between nothing and the whole, and what is below the share goes to
 * the other pool.
 *
 * <p>Thread-safe. Outlives the snapshots whose routes it stands in.
 */
public final class Diversion {
    /** The whole, in parts per million. */
    public static final int WHOLE = Sampling.WHOLE;

    private static final SplitKey CLIENT = new SplitKey.Client();

    private final long seed;
    private final @Nullable SplitKey key;
    private volatile int share;

    /**
     * One that diverts nothing yet.
     *
     * @param from the pool's name
     * @param to the other's
     * @param key by what requests stay with a pool; null for what their route's split goes by, and else the client's address
     */
    public Diversion(String from, String to, @Nullable SplitKey key) {
        // Another for each pair, so that it isn't always the same clients who come first, nor those whom a split has
        // chosen.
        byte[] names = Octets.ascii(from + '>' + to);
        this.seed = KeyHash.of(names, 0, names.length);
        this.key = key;
    }

    /** In parts per million. */
    public int share() {
        return share;
    }

    /** From now on this is the share. On any thread; requests that are under way stay where they are. */
    public void share(int partsPerMillion) {
        if (partsPerMillion < 0 || partsPerMillion > WHOLE) {
            throw new IllegalArgumentException(partsPerMillion + " parts per million");
        }
        share = partsPerMillion;
    }

    /** Whether the other pool gets a request of a route with this action. Makes no garbage. */
    boolean takes(FilterContext context, ClientAddress client, RouteAction action) {
        int now = share;
        if (now == 0 || now == WHOLE) {
            return now == WHOLE;
        }
        SplitKey by = key != null ? key : action instanceof RouteAction.Split split ? split.key() : CLIENT;
        long point = by instanceof SplitKey.Each ? SplitKey.ownId(context) : by.of(context, client);
        return Math.unsignedMultiplyHigh(KeyHash.mix(point ^ seed), WHOLE) < now;
    }
}
