package io.foregate.proxy.route;

import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.tls.TlsPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All sites and their routes, compiled: the most specific route wins, whatever the order in which they were added.
 *
 * <p>The host is chosen first: the exact name, else the longest wildcard, else {@code *}; ASCII case, a trailing dot and the
 * port don't matter. {@code *.example.com} covers one or more labels to the left, not {@code example.com} itself. Only the
 * routes of that host are then considered, as in nginx and Envoy: a request that no route of {@code a.example.com} matches
 * is not tried on {@code *.example.com}. How routes of one host rank is told at {@link VirtualHost}.
 *
 * <p>Immutable, shared by all loops, part of one snapshot.
 */
public final class RouteTable {
    private final HostTable exact;
    private final HostTable wildcards;
    private final @Nullable VirtualHost any;
    private final List<VirtualHost> hosts;

    private RouteTable(List<VirtualHost> hosts) {
        List<String> exactNames = new ArrayList<>();
        List<VirtualHost> exactHosts = new ArrayList<>();
        List<String> suffixes = new ArrayList<>();
        List<VirtualHost> wildcardHosts = new ArrayList<>();
        VirtualHost forAny = null;
        for (VirtualHost host : hosts) {
            String pattern = host.pattern();
            if (pattern.equals(HostPattern.ANY)) {
                forAny = host;
            } else if (pattern.startsWith(HostPattern.WILDCARD)) {
                suffixes.add(pattern.substring(HostPattern.WILDCARD.length()));
                wildcardHosts.add(host);
            } else {
                exactNames.add(pattern);
                exactHosts.add(host);
            }
        }
        this.hosts = List.copyOf(hosts);
        this.exact = new HostTable(exactNames, exactHosts);
        this.wildcards = new HostTable(suffixes, wildcardHosts);
        this.any = forAny;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The site that answers for the host asked for, or null when there is none. */
    public @Nullable VirtualHost host(RequestHead head) {
        byte[] block = head.headers().array();
        int start = head.authorityStart();
        int end = start + head.hostLength();
        if (end > start && block[end - 1] == '.') {
            end--;
        }
        boolean lookForWildcards = !wildcards.isEmpty();
        VirtualHost widest = any;
        int hash = 0;
        for (int at = end - 1; at >= start; at--) {
            byte b = Octets.lower(block[at]);
            if (b == '.' && lookForWildcards && at > start) {
                VirtualHost found = wildcards.find(hash, block, at + 1, end - at - 1);
                widest = found != null ? found : widest;
            }
            hash = HostTable.step(hash, b);
        }
        VirtualHost named = exact.find(hash, block, start, end - start);
        return named != null ? named : widest;
    }

    /** The route for a request, or null when the host has none for it or there is no such host; see {@link #host}. */
    public @Nullable Route match(RequestHead head, ClientAddress client) {
        VirtualHost host = host(head);
        return host == null ? null : host.match(head, client);
    }

    /** Matches and tells which routes came into question and why each was passed over. Cold. */
    public RouteTrace explain(RequestHead head, ClientAddress client) {
        return new RouteExplainer(head, client).explain(host(head));
    }

    /** All sites, in the order in which they were added first. */
    public List<VirtualHost> hosts() {
        return hosts;
    }

    /** Gathers routes. Cold, one thread. */
    public static final class Builder {
        private final Map<String, Map<PathPattern, List<Candidate>>> sites = new LinkedHashMap<>();
        private final Map<String, TlsPolicy> policies = new HashMap<>();

        private Builder() {}

        /**
         * Makes a site known even if it has no route: its requests are not those of another site then.
         *
         * @throws IllegalArgumentException when {@code host} is not a host, {@code *.suffix} or {@code *}
         */
        public Builder addHost(String host) {
            sites.computeIfAbsent(HostPattern.normalize(host), _ -> new LinkedHashMap<>());
            return this;
        }

        /** Says under which policy handshakes for a site are made. */
        public Builder tls(String host, TlsPolicy policy) {
            policies.put(HostPattern.normalize(host), policy);
            return this;
        }

        /**
         * Adds a route.
         *
         * @param host a host, {@code *.suffix} or {@code *}
         * @param path {@code /exact}, {@code /prefix/*} or {@code ~ expression}
         * @param conditions all of which have to be met; one that stands there twice counts once
         * @throws IllegalArgumentException saying what is wrong with host, path or conditions
         */
        public Builder add(String host, String path, List<Condition> conditions, Route route) {
            String site = HostPattern.normalize(host);
            PathPattern pattern = PathPattern.parse(path);
            List<Condition> distinct = conditions.size() < 2
                    ? conditions
                    : conditions.stream().distinct().toList();
            for (int i = 0; i < distinct.size(); i++) {
                for (int j = i + 1; j < distinct.size(); j++) {
                    if (distinct.get(i).excludes(distinct.get(j))) {
                        throw new IllegalArgumentException(
                                "no request can meet both '" + distinct.get(i) + "' and '" + distinct.get(j) + "'");
                    }
                }
            }
            sites.computeIfAbsent(site, _ -> new LinkedHashMap<>())
                    .computeIfAbsent(pattern, _ -> new ArrayList<>(1))
                    .add(new Candidate(pattern, distinct, route));
            return this;
        }

        /**
         * Routes between which nothing decides: same host and path, equally many conditions, and not provably disjoint.
         * Every route is named against the first one that it clashes with.
         */
        public List<RouteConflict> conflicts() {
            List<RouteConflict> conflicts = new ArrayList<>();
            sites.forEach((site, paths) -> paths.forEach((path, candidates) -> {
                for (int later = 1; later < candidates.size(); later++) {
                    for (int earlier = 0; earlier < later; earlier++) {
                        RouteConflict.Kind kind = clash(candidates.get(earlier), candidates.get(later));
                        if (kind != null) {
                            conflicts.add(new RouteConflict(
                                    kind,
                                    site,
                                    path.toString(),
                                    candidates.get(earlier).route,
                                    candidates.get(later).route));
                            break;
                        }
                    }
                }
            }));
            return conflicts;
        }

        private static RouteConflict.@Nullable Kind clash(Candidate a, Candidate b) {
            if (a.conditionCount() != b.conditionCount()) {
                return null;
            }
            Set<Condition> conditionsOfA = new HashSet<>(a.conditions());
            if (conditionsOfA.containsAll(b.conditions())) {
                return RouteConflict.Kind.DUPLICATE;
            }
            for (Condition one : a.conditions()) {
                for (Condition other : b.conditions()) {
                    if (one.excludes(other)) {
                        return null;
                    }
                }
            }
            return RouteConflict.Kind.AMBIGUOUS;
        }

        /**
         * Compiles the table.
         *
         * @throws IllegalStateException when there are {@link #conflicts()}
         */
        public RouteTable build() {
            List<RouteConflict> conflicts = conflicts();
            if (!conflicts.isEmpty()) {
                throw new IllegalStateException(conflicts.getFirst().message());
            }
            List<VirtualHost> hosts = new ArrayList<>();
            sites.forEach((site, paths) -> {
                List<Candidate> candidates = new ArrayList<>(paths.size());
                paths.values().forEach(candidates::addAll);
                hosts.add(new VirtualHost(site, candidates, policies.get(site)));
            });
            return new RouteTable(hosts);
        }
    }
}
