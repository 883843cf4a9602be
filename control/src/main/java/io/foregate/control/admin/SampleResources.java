package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import io.foregate.control.sample.Examples;
import io.foregate.control.sample.Sample;
import io.foregate.proxy.sample.KeptNames;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is kept of recent requests. Stateless. */
final class SampleResources {
    private static final int USUAL_EXAMPLES = 10;
    private static final int MOST_EXAMPLES = 1000;

    private SampleResources() {}

    static List<Resource> table() {
        return List.of(Resource.read(
                        "/v1/sample",
                        "sample",
                        "The sample of recent requests that plans are shown: how large it is, what is kept of each, and the last ones.",
                        SampleResources::sample)
                .needs(Admin.Role.OPERATE)
                .query("last", Resource.Type.INTEGER, "How many of the last ones to show; 10 when nothing is said."));
    }

    private static Reply sample(Call call, Live live) throws Refusal, InterruptedException {
        Sample sample = live.foregate().sample();
        int size = sample.heads().size();
        int shown = (int) Math.clamp(call.number("last", USUAL_EXAMPLES), 0, Math.min(size, MOST_EXAMPLES));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sampled", sample.on());
        tree.put("heads", size);
        tree.put("requests", sample.requests());
        if (size > 0) {
            tree.put(
                    "from",
                    Instant.ofEpochMilli(sample.heads().getFirst().origin().epochMillis())
                            .toString());
            tree.put("kept", kept(sample.heads().getLast().kept()));
        }
        tree.put(
                "last",
                sample.heads().subList(size - shown, size).reversed().stream()
                        .map(Examples::tree)
                        .toList());
        return Reply.of(tree);
    }

    private static Map<String, Object> kept(KeptNames names) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("fields", texts(names.values()));
        tree.put("markedFields", texts(names.marked()));
        tree.put("markedParameters", texts(names.parameters()));
        tree.put("markedCookies", texts(names.cookies()));
        return tree;
    }

    private static List<String> texts(List<?> names) {
        return names.stream().map(Object::toString).toList();
    }
}
