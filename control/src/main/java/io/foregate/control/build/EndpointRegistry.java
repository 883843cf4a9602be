package io.foregate.control.build;

import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The endpoints of the process. They outlive snapshots: a build asks for the endpoint of a pool, address and settings, and
 * gets the one of the build before, with its health, addresses and open connections.
 *
 * <p>Thread-safe; lives as long as the process.
 */
public final class EndpointRegistry {
    /** What makes an endpoint the same one in two configurations. */
    public record Key(Name pool, HostPort address, PoolSettings settings) {}

    private final int loops;
    private final Map<Key, Endpoint> endpoints = new LinkedHashMap<>();

    /** Throws nothing, opens nothing; {@code loops} is how many event loops there are. */
    public EndpointRegistry(int loops) {
        this.loops = loops;
    }

    int loops() {
        return loops;
    }

    /** The endpoint of that key: the one that is known, or a new one whose name has yet to be resolved. */
    synchronized Endpoint endpoint(Key key) {
        return endpoints.computeIfAbsent(key, made -> new Endpoint(made.address.toString(), made.settings, loops));
    }

    /** All endpoints, in the order in which they came. */
    public synchronized Map<Key, Endpoint> all() {
        return new LinkedHashMap<>(endpoints);
    }

    /** Forgets the endpoints that the configuration in force doesn't name, once no snapshot uses them any more. */
    public synchronized void retain(Set<Key> keys) {
        endpoints.keySet().retainAll(keys);
    }
}
