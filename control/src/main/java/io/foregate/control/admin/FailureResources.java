package io.foregate.control.admin;

import io.foregate.control.watch.Failures;
import io.foregate.control.watch.Why;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What has failed, and why. Stateless. */
final class FailureResources {
    private static final int USUAL = 50;

    private FailureResources() {}

    static List<Resource> table() {
        return List.of(
                Resource.read(
                                "/v1/failures",
                                "failures",
                                "The last requests that failed or were answered with a 5xx, the newest first.",
                                FailureResources::recent)
                        .query(
                                "limit",
                                Resource.Type.INTEGER,
                                "At most so many, up to " + Failures.MOST + "; " + USUAL + " when nothing is said.")
                        .query(
                                "all",
                                Resource.Type.BOOLEAN,
                                "Whether those are told of, too, where the client was at fault, such as every 404 of ours."),
                Resource.read(
                        "/v1/failures/{id}",
                        "failure",
                        "Why the request with this id failed: route, attempts, phases and cause. `Accept: text/plain` gives it"
                                + " for people.",
                        FailureResources::one));
    }

    private static Reply recent(Call call, Live live) throws Refusal, InterruptedException {
        int limit = call.limit(USUAL, Failures.MOST);
        Failures failures = new Failures(live.foregate());
        List<Map<String, @Nullable Object>> trees = new ArrayList<>();
        for (JsonNode record : failures.recent(limit, "true".equals(call.query().get("all")))) {
            trees.add(tree(record));
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Failures.Kept kept = failures.kept();
        tree.put("kept", kept.count());
        tree.put("since", kept.since());
        tree.put("failures", trees);
        return Reply.of(tree);
    }

    private static Reply one(Call call, Live live) throws Refusal, InterruptedException {
        String id = call.segment("id");
        Failures failures = new Failures(live.foregate());
        List<JsonNode> found = failures.of(id);
        if (found.isEmpty()) {
            throw new Refusal(404, unknown(id, failures.kept()));
        }
        if (call.conditions().text()) {
            return Reply.text(String.join("\n", found.stream().map(Why::text).toList()));
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("id", id);
        tree.put("failures", found.stream().map(FailureResources::tree).toList());
        return Reply.of(tree);
    }

    private static String unknown(String id, Failures.Kept kept) {
        String since = kept.since();
        return "no failure with the id " + id
                + " is known: it went well, it came by another process, or it is too old (kept are "
                + kept.count() + " failures" + (since == null ? "" : ", back to " + since)
                + "); the access log may have it";
    }

    private static Map<String, @Nullable Object> tree(JsonNode record) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        record.properties().forEach(field -> tree.put(field.getKey(), field.getValue()));
        tree.put("cause", Why.sentence(record));
        tree.put(
                "tries",
                Why.attempts(record).stream()
                        .map(attempt -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("endpoint", attempt.endpoint());
                            one.put("cause", attempt.cause());
                            one.put("words", attempt.words());
                            return one;
                        })
                        .toList());
        return tree;
    }
}
