package io.foregate.proxy.worker;

import io.foregate.api.message.Octets;
import io.foregate.proxy.codec.MinRate;
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
 * @param minRate how fast clients have to be
 */
public record ListenerPlan(
        byte[] nameBytes, RouteTable routes, CidrSet trustedProxies, SniTable names, MinRate minRate) {
    private static final SniTable PLAIN = SniTable.of(Map.of());

    /** Of a listener that there is no more: what its last connections still ask for is found nowhere. */
    public static final ListenerPlan NOWHERE = of("", RouteTable.builder().build(), CidrSet.of());

    /** Of a plain listener that lets clients be as slow as the timeouts do. */
    public static ListenerPlan of(String name, RouteTable routes, CidrSet trustedProxies) {
        return of(name, routes, trustedProxies, PLAIN);
    }

    /** Of a listener that lets clients be as slow as the timeouts do. */
    public static ListenerPlan of(String name, RouteTable routes, CidrSet trustedProxies, SniTable names) {
        return new ListenerPlan(Octets.ascii(name), routes, trustedProxies, names, MinRate.NONE);
    }

    public ListenerPlan withMinRate(MinRate rate) {
        return new ListenerPlan(nameBytes, routes, trustedProxies, names, rate);
    }
}
