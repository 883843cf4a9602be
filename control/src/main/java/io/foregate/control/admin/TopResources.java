package io.foregate.control.admin;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.watch.Top;
import io.foregate.proxy.observe.Meter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who is asked how much. Stateless. */
final class TopResources {
    private static final Duration USUAL_TIME = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int USUAL = 20;
    private static final int MOST = 1_000;

    private TopResources() {}

    static List<Resource> table() {
        return List.of(Resource.read(
                        "/v1/top",
                        "top",
                        "The busiest routes, pools, endpoints and clients: measured for a while, after which this answers.",
                        TopResources::top)
                .query("for", Resource.Type.STRING, "How long to measure, up to 30s; 2s when nothing is said.")
                .query(
                        "limit",
                        Resource.Type.INTEGER,
                        "At most so many of each, up to " + MOST + "; " + USUAL + " when nothing is said."));
    }

    private static Reply top(Call call, Live live) throws Refusal, InterruptedException {
        int limit = call.limit(USUAL, MOST);
        Top.Seen seen = Top.look(live.foregate(), time(call.query().get("for")));
        if (seen == null) {
            throw new Refusal(503, "as many look as may; end another tap or top");
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("seconds", rounded(seen.seconds()));
        seen.rows().forEach((by, rows) -> {
            if (by == Meter.By.ALL) {
                tree.put("all", rows.isEmpty() ? Map.of() : row(by, rows.getFirst(), seen.seconds()));
            } else {
                tree.put(
                        by.name().toLowerCase(Locale.ROOT) + "s",
                        rows.stream()
                                .limit(limit)
                                .map(row -> row(by, row, seen.seconds()))
                                .toList());
            }
        });
        return Reply.of(tree);
    }

    private static Duration time(@Nullable String text) throws Refusal {
        if (text == null) {
            return USUAL_TIME;
        }
        try {
            Duration time = Duration.ofNanos(Timeout.parse(text).nanos());
            if (time.compareTo(LONGEST) > 0) {
                throw new Refusal(400, "for is at most 30s");
            }
            return time;
        } catch (BadValue e) {
            throw new Refusal(400, "for: " + e.what());
        }
    }

    private static Map<String, Object> row(Meter.By by, Top.Row row, double seconds) {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (by) {
            case ALL -> {}
            case ROUTE -> {
                tree.put("site", row.of());
                tree.put("route", row.name());
            }
            case POOL -> tree.put("pool", row.name());
            case ENDPOINT -> {
                tree.put("pool", row.of());
                tree.put("endpoint", row.name());
            }
            case CLIENT -> tree.put("client", row.name());
        }
        tree.put("requests", row.ended().requests());
        tree.put("perSecond", rounded(row.ended().requests() / seconds));
        tree.put("errors", row.ended().errors());
        tree.put("errorPart", rounded(row.ended().errorRate()));
        tree.put("p50Millis", rounded(row.ended().quantileNanos(0.5) / 1e6));
        tree.put("p99Millis", rounded(row.ended().quantileNanos(0.99) / 1e6));
        tree.put("inFlight", row.inFlight());
        return tree;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
