package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Name;
import io.foregate.control.discovery.DiscoveryState;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.pools.Membership;
import io.foregate.control.pools.PoolServer;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Pools and their endpoints, and what may be wanted of them at run time. Stateless. */
final class PoolResources {
    private static final String ENDPOINT = "/v1/pools/{pool}/endpoints/{endpoint}";

    private PoolResources() {}

    /** What somebody wants of one endpoint. */
    private interface Wish {
        void of(Endpoint endpoint) throws Refusal;
    }

    static List<Resource> table() {
        return List.of(
                Resource.read("/v1/pools", "pools", "All pools with their endpoints.", (call, live) -> pools(live)),
                Resource.read(
                        "/v1/pools/{pool}",
                        "pool",
                        "One pool with its endpoints.",
                        (call, live) -> Reply.of(tree(live, membership(call, live)))),
                Resource.read(
                        ENDPOINT,
                        "endpoint",
                        "One endpoint: state, reason, since when, weight, and what is under way.",
                        (call, live) -> Reply.of(tree(server(call, live)))),
                post("drain", "Sends it nothing new; it finishes what it has.", (call, live) -> {
                            boolean sticky = call.body().path("keepSticky").asBoolean(false);
                            return change(call, live, endpoint -> endpoint.drain(sticky));
                        })
                        .body(
                                "keepSticky",
                                Resource.Type.BOOLEAN,
                                "Whether clients that stick to it still go there; false when nothing is said."),
                post("maintenance", "Takes it out of service: nothing new at all.", (call, live) -> {
                            String reason = call.text("reason");
                            return change(call, live, endpoint -> endpoint.maintenance(reason));
                        })
                        .body("reason", Resource.Type.STRING, "Why, for people."),
                post("back", "Ends draining or maintenance.", (call, live) -> {
                    return change(call, live, Endpoint::backInService);
                }),
                post("weight", "Sets its weight at run time.", (call, live) -> {
                            JsonNode weight = call.body().path("weight");
                            Integer wanted = weight.isInt() ? (Integer) weight.asInt() : null;
                            if (wanted == null && !weight.isMissingNode() && !weight.isNull()) {
                                throw new Refusal(400, "weight is a number from 0 to 1000");
                            }
                            return change(call, live, endpoint -> weigh(endpoint, wanted));
                        })
                        .body(
                                "weight",
                                Resource.Type.INTEGER,
                                "From 0 to 1000. Without it, the weight is what the configuration says again."));
    }

    private static Resource post(String verb, String summary, Resource.Handler handler) {
        return Resource.write("POST", ENDPOINT + "/" + verb, Resource.spec(verb, summary, Admin.Role.OPERATE), handler);
    }

    private static void weigh(Endpoint endpoint, @Nullable Integer wanted) throws Refusal {
        try {
            endpoint.weight(wanted);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private static Reply pools(Live live) {
        List<Map<String, Object>> pools = new ArrayList<>();
        for (Membership membership : live.foregate().endpoints().memberships()) {
            pools.add(tree(live, membership));
        }
        return Reply.of(Map.of("pools", pools));
    }

    private static Membership membership(Call call, Live live) throws Refusal {
        Name name = call.name("pool");
        Membership membership = live.foregate().endpoints().membership(name);
        if (membership == null) {
            throw new Refusal(404, "there is no pool " + name);
        }
        return membership;
    }

    private static PoolServer server(Call call, Live live) throws Refusal {
        String wanted = call.segment("endpoint").toLowerCase(Locale.ROOT);
        Membership membership = membership(call, live);
        for (PoolServer server : membership.servers()) {
            if (server.endpoint().name().equals(wanted)) {
                return server;
            }
        }
        List<String> known = membership.servers().stream()
                .map(server -> server.endpoint().name())
                .limit(10)
                .toList();
        throw new Refusal(
                404,
                "pool " + membership.name() + " has no endpoint " + wanted
                        + (known.isEmpty() ? "" : "; it has " + String.join(", ", known)));
    }

    // Also of those at the same place that snapshots with other settings still use.
    private static Reply change(Call call, Live live, Wish wish) throws Refusal {
        if (live.foregate().isHeld()) {
            throw new Refusal(409, "another process is about to take over; ask it, when it has");
        }
        PoolServer server = server(call, live);
        EndpointRegistry registry = live.foregate().endpoints();
        EndpointRegistry.Key key = registry.key(server.endpoint());
        if (key == null) {
            wish.of(server.endpoint());
        } else {
            for (Endpoint endpoint : registry.at(key.pool(), key.address())) {
                if (Objects.equals(endpoint.authority(), server.endpoint().authority())) {
                    wish.of(endpoint);
                }
            }
        }
        return Reply.of(tree(server));
    }

    private static Map<String, Object> tree(Live live, Membership membership) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", membership.name().text());
        tree.put(
                "endpoints",
                membership.servers().stream().map(PoolResources::tree).toList());
        List<Map<String, @Nullable Object>> sources = new ArrayList<>();
        for (DiscoveryState state : live.foregate().discoveries()) {
            if (state.pool().equals(membership.name().text())) {
                Map<String, @Nullable Object> source = new LinkedHashMap<>();
                source.put("source", state.source());
                source.put("servers", state.servers());
                source.put("failure", state.failure());
                source.put("since", state.since().toString());
                sources.add(source);
            }
        }
        tree.put("sources", sources);
        return tree;
    }

    private static Map<String, Object> tree(PoolServer server) {
        Endpoint endpoint = server.endpoint();
        EndpointStatus status = endpoint.status();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", endpoint.name());
        tree.put("state", status.state().name().toLowerCase(Locale.ROOT));
        tree.put("reason", status.reason());
        tree.put(
                "since",
                Instant.now()
                        .minusNanos(System.nanoTime() - status.sinceNanos())
                        .toString());
        tree.put("weight", endpoint.weightOr(server.weight()));
        tree.put("configuredWeight", server.weight());
        tree.put("priority", server.priority());
        tree.put("zone", server.zone());
        tree.put("inFlight", endpoint.inFlight());
        tree.put("waiting", endpoint.waiting());
        tree.put("connections", endpoint.connections());
        tree.put("latencyMillis", endpoint.latencyNanos() / 1_000_000.0);
        return tree;
    }
}
