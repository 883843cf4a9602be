package io.foregate.proxy.worker;

import io.foregate.api.message.Octets;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.RouteTable;

/**
 * What one snapshot has a listener do with a request.
 *
 * @param nameBytes of the listener, for log lines
 * @param routes of all sites that are served here
 * @param trustedProxies peers whose word on the client is taken
 */
public record ListenerPlan(byte[] nameBytes, RouteTable routes, CidrSet trustedProxies) {
    public static ListenerPlan of(String name, RouteTable routes, CidrSet trustedProxies) {
        return new ListenerPlan(Octets.ascii(name), routes, trustedProxies);
    }
}
