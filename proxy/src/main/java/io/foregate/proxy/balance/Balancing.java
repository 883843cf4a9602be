package io.foregate.proxy.balance;

import org.jspecify.annotations.Nullable;

/**
 * How a pool's requests are divided. Immutable.
 *
 * @param headroomPercent how much more than their own part servers can carry: a priority or zone gives requests away when fewer
 *     are up than that makes good
 * @param panicPercent when a smaller part is up, those that are down are asked too; 0 is never
 * @param zone where this process is; empty when nobody said
 * @param boundPercent how much more than the average one may have under way before {@link Balancer#HASH} goes to the next
 * @param slowStart how members begin
 * @param tokens the names by which clients stick to members, or null
 */
public record Balancing(
        Balancer balancer,
        int headroomPercent,
        int panicPercent,
        String zone,
        int boundPercent,
        SlowStart slowStart,
        @Nullable StickyTokens tokens) {
    public static final int HEADROOM_PERCENT = 40;
    public static final int PANIC_PERCENT = 20;
    public static final int BOUND_PERCENT = 125;

    /** With the usual numbers, without zone and stickiness. */
    public static Balancing by(Balancer balancer) {
        return new Balancing(balancer, HEADROOM_PERCENT, PANIC_PERCENT, "", BOUND_PERCENT, SlowStart.NONE, null);
    }
}
