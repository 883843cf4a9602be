package io.foregate.control.plan;

import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.HostPattern.Kind;
import io.foregate.control.config.model.Name;
import io.foregate.control.plan.Decision.Difference;
import io.foregate.control.plan.PathRegions.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes the exact regions of requests of which two configurations make different things, from their routes alone. Regions
 * don't overlap. A region may hold no request at all only where expressions exclude each other.
 *
 * <p>Listeners that only one of the two has are left out: all that comes to them changes.
 */
public final class Regions {
    private static final HostPattern ANY = new HostPattern(Kind.ANY, "");

    private static final class Host {
        final HostPattern pattern;
        final List<Part> parts;
        final List<Host> below = new ArrayList<>();

        Host(HostPattern pattern, List<Part> parts) {
            this.pattern = pattern;
            this.parts = parts;
        }
    }

    private Regions() {}

    public static List<Region> between(EffectiveConfig before, EffectiveConfig after) {
        // Listeners mostly serve the same sites.
        Map<List<List<HostPattern>>, List<Name>> alike = new LinkedHashMap<>();
        for (EffectiveListener listener : after.listeners()) {
            Name name = listener.name();
            if (before.listeners().stream().anyMatch(old -> old.name().equals(name))) {
                List<List<HostPattern>> served = List.of(
                        List.copyOf(sites(before, name).keySet()),
                        List.copyOf(sites(after, name).keySet()));
                alike.computeIfAbsent(served, _ -> new ArrayList<>()).add(name);
            }
        }
        List<Region> regions = new ArrayList<>();
        for (List<Name> listeners : alike.values()) {
            Name one = listeners.getFirst();
            regions(List.copyOf(listeners), sites(before, one), sites(after, one), regions);
        }
        return List.copyOf(regions);
    }

    private static Map<HostPattern, EffectiveSite> sites(EffectiveConfig config, Name listener) {
        Map<HostPattern, EffectiveSite> sites = new LinkedHashMap<>();
        for (EffectiveSite site : config.sites()) {
            if (site.listeners().contains(listener)) {
                sites.put(site.host(), site);
            }
        }
        return sites;
    }

    private static void regions(
            List<Name> listeners,
            Map<HostPattern, EffectiveSite> before,
            Map<HostPattern, EffectiveSite> after,
            List<Region> regions) {
        Host root = new Host(ANY, PathRegions.compare(before.get(ANY), after.get(ANY)));
        Map<String, Host> wildcards = new HashMap<>();
        wildcards.put("", root);
        // What is above comes first: any, shorter wildcards, longer ones, exact hosts.
        TreeSet<HostPattern> hosts = new TreeSet<>(Comparator.comparing(HostPattern::kind)
                .reversed()
                .thenComparing(host -> host.name().length())
                .thenComparing(HostPattern::name));
        hosts.addAll(before.keySet());
        hosts.addAll(after.keySet());
        for (HostPattern pattern : hosts) {
            if (!pattern.equals(ANY)) {
                Host host = new Host(pattern, PathRegions.compare(site(before, pattern), site(after, pattern)));
                parent(pattern, wildcards).below.add(host);
                if (pattern.kind() == Kind.WILDCARD) {
                    wildcards.put(pattern.name(), host);
                }
            }
        }
        collect(listeners, root, regions);
    }

    // The site that serves all that the pattern means, but for what longer patterns take out of it.
    private static @Nullable EffectiveSite site(Map<HostPattern, EffectiveSite> sites, HostPattern pattern) {
        EffectiveSite own = sites.get(pattern);
        for (String suffix = pattern.name(); own == null && !suffix.isEmpty(); ) {
            suffix = above(suffix);
            own = sites.get(suffix.isEmpty() ? ANY : new HostPattern(Kind.WILDCARD, suffix));
        }
        return own;
    }

    private static Host parent(HostPattern pattern, Map<String, Host> wildcards) {
        String suffix = above(pattern.name());
        while (true) {
            Host found = wildcards.get(suffix);
            if (found != null) {
                return found;
            }
            suffix = above(suffix);
        }
    }

    private static String above(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }

    private static void collect(List<Name> listeners, Host host, List<Region> regions) {
        List<HostPattern> others = new ArrayList<>();
        List<Host> apart = new ArrayList<>();
        gather(host, host, others, apart);
        for (Part part : host.parts) {
            for (Difference difference : part.differences()) {
                regions.add(new Region(
                        listeners,
                        host.pattern,
                        List.copyOf(others),
                        part.path(),
                        List.copyOf(part.others()),
                        difference.when(),
                        difference.unless(),
                        difference.before(),
                        difference.after()));
            }
        }
        apart.forEach(other -> collect(listeners, other, regions));
    }

    // Hosts below in which the same changes are one with it.
    private static void gather(Host top, Host host, List<HostPattern> others, List<Host> apart) {
        for (Host lower : host.below) {
            if (lower.parts.equals(top.parts)) {
                gather(top, lower, others, apart);
            } else {
                others.add(lower.pattern);
                apart.add(lower);
            }
        }
    }
}
