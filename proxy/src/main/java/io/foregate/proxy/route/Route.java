package io.foregate.proxy.route;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.proxy.observe.Tally;
import io.foregate.proxy.upstream.Pool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One compiled route: what is done on the way, and who answers. Immutable but for detours that rollouts make; shared by all loops,
 * part of one snapshot.
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
    private final @Nullable Tally tally;
    private volatile Detour @Nullable [] detours;

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
        this.tally = null;
    }

    private Route(Route from, RouteTraffic traffic, @Nullable Tally tally) {
        this.site = from.site;
        this.pattern = from.pattern;
        this.siteBytes = from.siteBytes;
        this.patternBytes = from.patternBytes;
        this.filters = from.filters;
        this.settings = from.settings;
        this.action = from.action;
        this.traffic = traffic;
        this.tally = tally;
    }

    /** The same route, with faults or a mirror. */
    public Route with(RouteTraffic other) {
        return new Route(this, other, tally);
    }

    /** The same route, whose requests are counted there. */
    public Route countedBy(Tally other) {
        return new Route(this, traffic, other);
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

    /** Where its requests are counted, whatever snapshot they begin with; null when nobody wants to know. */
    public @Nullable Tally tally() {
        return tally;
    }

    /** From now on these are its detours, each away from another pool. On any thread. */
    public void divert(List<Detour> ways) {
        detours = ways.isEmpty() ? null : ways.toArray(Detour[]::new);
    }

    /** Its detours at present, each away from another pool. */
    public List<Detour> detours() {
        Detour[] now = detours;
        return now == null ? List.of() : List.of(now);
    }

    /** Where a request that is for {@code pool} goes instead; null when it stays. */
    public RouteAction.@Nullable Target detour(Pool pool, FilterContext context, ClientAddress client) {
        Detour[] now = detours;
        if (now != null) {
            for (Detour detour : now) {
                if (detour.from() == pool) {
                    return detour.diversion().takes(context, client, action) ? detour.to() : null;
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return site + " " + pattern;
    }
}
