package io.foregate.control.admin;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Timeout;
import io.foregate.proxy.observe.RecordFilter;
import io.foregate.proxy.server.InFlight;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is under way at this moment: exchanges and connections. Stateless. */
final class FlightResources {
    private static final int USUAL = 100;
    private static final int MOST = 1_000;

    private FlightResources() {}

    static List<Resource> table() {
        return List.of(
                limited(filtered(Resource.read(
                        "/v1/exchanges",
                        "exchanges",
                        "The requests that are under way, the oldest first, each as the access log would have it if it ended now.",
                        FlightResources::exchanges))),
                limited(Resource.read(
                        "/v1/connections",
                        "connections",
                        "The connections of clients that speak HTTP, the oldest first.",
                        FlightResources::connections)));
    }

    private static Resource limited(Resource resource) {
        return resource.query(
                "limit",
                Resource.Type.INTEGER,
                "At most so many, up to " + MOST + "; " + USUAL + " when nothing is said.");
    }

    /** Lets a resource be asked for some exchanges only. */
    static Resource filtered(Resource resource) {
        Resource with = resource;
        for (RecordFilter.Key key : RecordFilter.Key.values()) {
            with = with.query(key.text(), Resource.Type.STRING, key.about());
        }
        return with.query("slow", Resource.Type.STRING, "Those that last at least so long, such as 500ms.");
    }

    /** Which exchanges a call is about. */
    static RecordFilter filter(Call call) throws Refusal {
        Map<RecordFilter.Key, String> wanted = new EnumMap<>(RecordFilter.Key.class);
        for (RecordFilter.Key key : RecordFilter.Key.values()) {
            String text = call.query().get(key.text());
            if (text != null) {
                wanted.put(key, text);
            }
        }
        String slow = call.query().get("slow");
        try {
            return RecordFilter.of(
                    wanted, slow == null ? 0 : Timeout.parse(slow).nanos());
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        } catch (BadValue e) {
            throw new Refusal(400, "slow: " + e.what());
        }
    }

    private static Reply exchanges(Call call, Live live) throws Refusal, InterruptedException {
        InFlight.Page<InFlight.OneExchange> page =
                live.foregate().plane().inFlight().exchanges(filter(call), call.limit(USUAL, MOST));
        List<JsonNode> all = new ArrayList<>();
        for (InFlight.OneExchange one : page.oldest()) {
            all.add(JsonMapper.shared().readTree(one.line()));
        }
        return Reply.of(tree(page, "exchanges", all));
    }

    private static Reply connections(Call call, Live live) throws Refusal, InterruptedException {
        InFlight.Page<InFlight.OneConnection> page =
                live.foregate().plane().inFlight().connections(call.limit(USUAL, MOST));
        List<Map<String, Object>> all = new ArrayList<>();
        for (InFlight.OneConnection one : page.oldest()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("client", one.of().client());
            tree.put("peer", one.of().peer());
            tree.put("listener", one.of().listener());
            tree.put("protocol", one.httpVersion() == 20 ? "HTTP/2" : "HTTP/1.1");
            tree.put("tls", one.of().secure());
            tree.put("age_ms", one.ageNanos() / 1_000_000);
            tree.put("requests", one.requests());
            tree.put("bytes_in", one.bytes()[0]);
            tree.put("bytes_out", one.bytes()[1]);
            all.add(tree);
        }
        return Reply.of(tree(page, "connections", all));
    }

    private static Map<String, Object> tree(InFlight.Page<?> page, String name, List<?> all) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("total", page.total());
        if (page.silent() > 0) {
            tree.put("silentLoops", page.silent());
        }
        tree.put(name, all);
        return tree;
    }
}
