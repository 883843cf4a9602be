package io.foregate.control.handover;

import io.foregate.control.build.Standing;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.EndpointWatcher;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.Inheritance;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.EndpointStatus;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody has set while the process ran, and the next one has to know before it serves: servers that drain or are in
 * maintenance, and weights. Otherwise a hand-over would send requests to a server that was taken out.
 *
 * <p>Servers that come later, from DNS for instance, are set when they come. Thread-safe.
 */
final class SetAtRunTime implements Inheritance.Wishes {
    private static final int AS_CONFIGURED = -1;

    private final Map<String, JsonNode> endpoints = new HashMap<>();

    /** As another process has told it. */
    SetAtRunTime(JsonNode tree) {
        tree.path("endpoints").forEach(one -> endpoints.put(one.path("key").asString(""), one));
    }

    /** What has been set in this process. */
    static JsonNode of(Foregate foregate) {
        ObjectNode tree = JsonMapper.shared().createObjectNode();
        ArrayNode endpoints = tree.putArray("endpoints");
        foregate.endpoints().all().forEach((key, endpoint) -> {
            int weight = endpoint.weightOr(AS_CONFIGURED);
            if (!endpoint.inService() || weight != AS_CONFIGURED) {
                ObjectNode one = endpoints.addObject().put("key", text(key));
                EndpointStatus status = endpoint.status();
                if (status.state() == EndpointState.DRAINING || status.state() == EndpointState.MAINTENANCE) {
                    one.put("state", status.state().name())
                            .put("reason", status.reason())
                            .put("keepSticky", endpoint.keepsSticky());
                }
                if (weight != AS_CONFIGURED) {
                    one.put("weight", weight);
                }
            }
        });
        return tree;
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
