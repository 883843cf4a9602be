package io.foregate.control.plan;

import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.PathPattern;
import io.foregate.control.config.model.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Leaves away what two configurations have in common of their sites, routes, pools, policies and listeners. Stateless. */
final class Differing {
    private Differing() {}

    /** The parts of {@code config} that aren't just the same in {@code other}, in their order. */
    static Config of(Config config, Config other) {
        Map<HostPattern, Site> sites = new LinkedHashMap<>();
        without(config.sites(), other.sites()).forEach((host, site) -> {
            Site counterpart = other.sites().get(host);
            sites.put(host, counterpart == null ? site : routes(site, counterpart));
        });
        return new Config(
                sites,
                without(config.pools(), other.pools()),
                without(config.policies(), other.policies()),
                without(config.listeners(), other.listeners()),
                config.defaults(),
                config.tls(),
                config.dns(),
                config.trustedProxies(),
                config.overload(),
                config.logs(),
                config.shutdown(),
                config.process(),
                config.admin());
    }

    private static Site routes(Site site, Site other) {
        Map<PathPattern, List<Site.Route>> left = without(site.routes(), other.routes());
        // Of a path that only one of them has, it is the name that is told.
        left.replaceAll((path, routes) -> other.routes().containsKey(path) ? routes : List.of());
        return new Site(site.listeners(), left, site.use(), site.tls(), site.rules());
    }

    private static <K, V> Map<K, V> without(Map<K, V> map, Map<K, V> same) {
        Map<K, V> left = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!value.equals(same.get(key))) {
                left.put(key, value);
            }
        });
        return left;
    }
}
