package io.foregate.control.build;

import io.foregate.api.spi.DiscoveredServer;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.model.Discovered;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Pool.Server;
import io.foregate.control.discovery.Extensions;
import io.foregate.control.pools.DiscoverySource;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.PoolServer;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Compiles the places where servers of a pool are found. Opens nothing. What is found later becomes a server here, with the pool's
 * settings.
 *
 * @param plain settings of servers that are spoken to without TLS
 * @param secure settings of those with
 */
record SourceBuilder(EndpointRegistry registry, EffectivePool pool, PoolSettings plain, PoolSettings secure) {
    private static final int MAX_WEIGHT = 1000;

    DiscoverySource source(Server server) throws UnbuildableException {
        Discovered found = server.found();
        Map<String, String> options = new LinkedHashMap<>();
        if (found.refresh() != null && found.refresh().period() != null) {
            options.put("refresh", found.refresh().period().toString());
        }
        String factory;
        if (found.dns() != null) {
            factory = "dns";
            options.put("name", found.dns().toString());
            if (found.family() != null) {
                options.put("family", found.family().name().toLowerCase(Locale.ROOT));
            }
        } else if (found.srv() != null) {
            factory = "srv";
            options.put("name", found.srv().text());
            options.put("secure", String.valueOf(found.srv().secure()));
        } else if (found.file() != null) {
            factory = "file";
            options.put("file", found.file().text());
        } else if (found.discovery() != null) {
            factory = found.discovery().text();
            found.options().forEach((key, value) -> options.put(key.text(), value));
            String complaint = Extensions.complaint(factory, options);
            if (complaint != null) {
                throw new UnbuildableException(pool.servers().origin(), new IllegalArgumentException(complaint));
            }
        } else {
            throw new IllegalStateException("pool " + pool.name() + " passed the checks with a server that is nowhere");
        }
        return new DiscoverySource(factory, options, server.where(), one -> server(server, one));
    }

    private PoolServer server(Server as, DiscoveredServer found) {
        HostPort address =
                parse((found.host().indexOf(':') >= 0 ? "[" + found.host() + "]" : found.host()) + ":" + found.port());
        HostPort authority = found.authority().isEmpty() ? address : parse(found.authority());
        EndpointRegistry.Key key =
                new EndpointRegistry.Key(pool.name(), address, authority, found.secure() ? secure : plain);
        int weight = Math.min(found.weight() * as.weight(), MAX_WEIGHT);
        int priority = as.backup() ? Share.BACKUP : as.priority() + found.priority();
        String zone = found.zone().isEmpty() && as.zone() != null ? as.zone().text() : found.zone();
        return new PoolServer(registry.endpoint(key), weight, priority, zone);
    }

    private static HostPort parse(String text) {
        try {
            return HostPort.parse(text);
        } catch (BadValue e) {
            throw new IllegalArgumentException(e.what(), e);
        }
    }
}
