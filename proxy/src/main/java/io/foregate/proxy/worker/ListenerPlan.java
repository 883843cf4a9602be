package io.foregate.proxy.worker;

import io.foregate.api.message.Octets;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.RouteTable;
import io.foregate.proxy.tls.SniTable;
import java.util.Map;

/**
 * What one snapshot has a listener do with a request.
 *
 * @param nameBytes of the listener, for log lines
 * @param routes of all sites that are served here
 * @param trustedProxies peers whose word on the client is taken
 * @param names whose certificate is shown for which name; empty on a plain listener
 */
public record ListenerPlan(byte[] nameBytes, RouteTable routes, CidrSet trustedProxies, SniTable names) {
    private static final SniTable PLAIN = SniTable.of(Map.of());

    /** Of a plain listener. */
    public static ListenerPlan of(String name, RouteTable routes, CidrSet trustedProxies) {
        return of(name, routes, trustedProxies, PLAIN);
    }

    public static ListenerPlan of(String name, RouteTable routes, CidrSet trustedProxies, SniTable names) {
        return new ListenerPlan(Octets.ascii(name), routes, trustedProxies, names);
    }
}
