package io.foregate.proxy.route;

import io.foregate.api.filter.Filter;
import io.foregate.api.message.Octets;
import java.util.List;

/**
 * One compiled route: what is done on the way, and who answers. Immutable, shared by all loops, part of one snapshot.
 */
public final class Route {
    private final String site;
    private final String pattern;
    private final byte[] siteBytes;
    private final byte[] patternBytes;
    private final Filter[] filters;
    private final RouteSettings settings;
    private final RouteAction action;
    private final RouteTraffic traffic;

    /**
     * @param site host pattern as in the configuration
     * @param pattern path pattern as in the configuration; with the site it names the route in logs
     */
    public Route(String site, String pattern, List<Filter> filters, RouteSettings settings, RouteAction action) {
        this.site = site;
        this.pattern = pattern;
        this.siteBytes = Octets.ascii(site);
        this.patternBytes = Octets.ascii(pattern);
        this.filters = filters.toArray(Filter[]::new);
        this.settings = settings;
        this.action = action;
        this.traffic = RouteTraffic.NONE;
    }

    private Route(Route from, RouteTraffic traffic) {
        this.site = from.site;
        this.pattern = from.pattern;
        this.siteBytes = from.siteBytes;
        this.patternBytes = from.patternBytes;
        this.filters = from.filters;
        this.settings = from.settings;
        this.action = from.action;
        this.traffic = traffic;
    }

    /** The same route, with faults or a mirror. */
    public Route with(RouteTraffic other) {
        return new Route(this, other);
    }

    public String site() {
        return site;
    }

    public String pattern() {
        return pattern;
    }

    /** The site for log lines; not to be changed. */
    public byte[] siteBytes() {
        return siteBytes;
    }

    /** The pattern for log lines; not to be changed. */
    public byte[] patternBytes() {
        return patternBytes;
    }

    public int filterCount() {
        return filters.length;
    }

    /** Filters see the request in this order, and the response in the opposite one. */
    public Filter filter(int position) {
        return filters[position];
    }

    public RouteSettings settings() {
        return settings;
    }

    public RouteAction action() {
        return action;
    }

    public RouteTraffic traffic() {
        return traffic;
    }

    @Override
    public String toString() {
        return site + " " + pattern;
    }
}
