package io.foregate.proxy.server;

import io.foregate.proxy.route.CidrSet;

/**
 * How many connections one listener holds.
 *
 * @param most altogether
 * @param mostPerClient from one IPv4 address or one IPv6 /64
 * @param exempt peers that stand for many clients, of whom only {@code most} is asked
 */
public record ConnectionLimits(int most, int mostPerClient, CidrSet exempt) {
    public static final ConnectionLimits NONE =
            new ConnectionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, CidrSet.of());
}
