package io.foregate.control.config;

import io.foregate.control.config.bind.Report;
import io.foregate.control.config.bind.TreePath;
import io.foregate.control.config.model.Discovered;
import io.foregate.control.config.model.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with where servers are to be found. Asks nobody. */
final class DiscoveryChecks {
    private final Report report;

    DiscoveryChecks(Report report) {
        this.report = report;
    }

    /** Whether it says where, in one way. Where the binder found a mistake, it may not. */
    static boolean isWhole(Pool.Server server) {
        return ways(server) == 1;
    }

    private static long ways(Pool.Server server) {
        Discovered found = server.found();
        return Stream.of(server.address(), found.dns(), found.srv(), found.file(), found.discovery())
                .filter(Objects::nonNull)
                .count();
    }

    void pool(Pool pool, TreePath path) {
        TreePath servers = path.key("servers");
        for (int i = 0; i < pool.servers().size(); i++) {
            TreePath at = servers.index(i);
            if (!report.isBroken(at)) {
                server(pool.servers().get(i), at);
            }
        }
    }

    private void server(Pool.Server server, TreePath at) {
        long ways = ways(server);
        if (ways == 0) {
            report.errorAtValue(
                    at, "says nowhere to find a server", "add address:, or dns:, srv:, file: or discovery:");
            return;
        }
        if (ways > 1) {
            List<String> given = new ArrayList<>();
            Discovered found = server.found();
            add(given, "address", server.address());
            add(given, "dns", found.dns());
            add(given, "srv", found.srv());
            add(given, "file", found.file());
            add(given, "discovery", found.discovery());
            report.errorAtValue(
                    at, "has " + String.join(" and ", given), "keep one of them; a list of servers may hold several");
            return;
        }
        Discovered found = server.found();
        if (found.dns() != null && found.dns().at().isAddress()) {
            report.errorAtValue(
                    at.key("dns"), found.dns() + " is an address, not a name", "write it as a server: " + found.dns());
        }
        if (found.refresh() != null && found.dns() == null && found.srv() == null) {
            report.errorAtKey(at.key("refresh"), "nothing is looked up here", "it belongs to dns or srv");
        }
        if (found.family() != null && found.dns() == null) {
            report.errorAtKey(at.key("family"), "nothing is looked up here", "it belongs to dns");
        }
        if (!found.options().isEmpty() && found.discovery() == null) {
            report.errorAtKey(at.key("options"), "no extension is told of it", "it belongs to discovery");
        }
    }

    private static void add(List<String> given, String key, @Nullable Object value) {
        if (value != null) {
            given.add(key);
        }
    }
}
