package io.foregate.control.handover;

import io.foregate.control.build.Standing;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.EndpointWatcher;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.Inheritance;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointHealth;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.EndpointStatus;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a process knows of its servers, and the next one has to know before it serves: what somebody has set (drain, maintenance,
 * weights), and which are up or down. Otherwise a hand-over would send requests to a server that was taken out, or that fails.
 *
 * <p>Servers that come later, from DNS for instance, are set when they come. Thread-safe.
 */
final class KnownServers implements Inheritance.Wishes {
    private static final int AS_CONFIGURED = -1;

    private final Map<String, JsonNode> endpoints = new HashMap<>();

    /** As another process has told it. */
    KnownServers(JsonNode tree) {
        tree.path("endpoints").forEach(one -> endpoints.put(one.path("key").asString(""), one));
    }

    /** What is known in this process. */
    static JsonNode of(Foregate foregate) {
        EndpointRegistry registry = foregate.endpoints();
        Map<String, Endpoint> known = new LinkedHashMap<>();
        registry.all().forEach((key, endpoint) -> {
            // Of those that differ in their settings alone, the one that serves.
            if (registry.uses(endpoint) || !known.containsKey(text(key))) {
                known.put(text(key), endpoint);
            }
        });
        ObjectNode tree = JsonMapper.shared().createObjectNode();
        ArrayNode endpoints = tree.putArray("endpoints");
        known.forEach((key, endpoint) -> {
            ObjectNode one = JsonMapper.shared().createObjectNode();
            set(one, endpoint);
            health(one, endpoint.health());
            if (!one.isEmpty()) {
                endpoints.add(one.put("key", key));
            }
        });
        return tree;
    }

    private static void set(ObjectNode one, Endpoint endpoint) {
        EndpointStatus status = endpoint.status();
        if (status.state() == EndpointState.DRAINING || status.state() == EndpointState.MAINTENANCE) {
            one.put("state", status.state().name())
                    .put("reason", status.reason())
                    .put("keepSticky", endpoint.keepsSticky());
        }
        int weight = endpoint.weightOr(AS_CONFIGURED);
        if (weight != AS_CONFIGURED) {
            one.put("weight", weight);
        }
    }

    private static void health(ObjectNode one, EndpointHealth health) {
        EndpointStatus status = health.status();
        if (status.state() == EndpointState.UP || status.state() == EndpointState.DOWN) {
            one.putObject("health")
                    .put("state", status.state().name())
                    .put("reason", status.reason())
                    .put("restNanos", health.restNanos(System.nanoTime()));
        }
    }

    private static String text(EndpointRegistry.Key key) {
        return key.pool() + " " + key.address() + " " + key.authority();
    }

    @Override
    public void begun(Standing standing) {
        standing.endpoints().watch(new EndpointWatcher() {
            @Override
            public void arrived(EndpointRegistry.Key key, Endpoint endpoint) {
                JsonNode wish;
                synchronized (endpoints) {
                    wish = endpoints.remove(text(key));
                }
                if (wish != null) {
                    set(endpoint, wish);
                }
            }

            @Override
            public void departed(EndpointRegistry.Key key, Endpoint endpoint) {}
        });
    }

    private static void set(Endpoint endpoint, JsonNode wish) {
        JsonNode health = wish.path("health");
        String reason = health.path("reason").asString("");
        switch (health.path("state").asString("")) {
            case "UP" -> endpoint.health().inheritUp(reason);
            case "DOWN" ->
                endpoint.health().inheritDown(reason, health.path("restNanos").asLong(0));
            default -> {}
        }
        switch (wish.path("state").asString("")) {
            case "DRAINING" -> endpoint.drain(wish.path("keepSticky").asBoolean(false));
            case "MAINTENANCE" -> endpoint.maintenance(wish.path("reason").asString(""));
            default -> {}
        }
        if (wish.path("weight").isInt()) {
            endpoint.weight(wish.path("weight").asInt());
        }
    }
}
