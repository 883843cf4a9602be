package io.foregate.control.admin;

import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Name;
import io.foregate.control.rollout.Judgement;
import io.foregate.control.rollout.Progress;
import io.foregate.control.rollout.RolloutPlan;
import io.foregate.control.rollout.RolloutRefused;
import io.foregate.control.rollout.RolloutView;
import io.foregate.control.rollout.Rollouts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Rollouts: how they fare, and what somebody wants of them. Stateless. */
final class RolloutResources {
    private static final String ROLLOUT = "/v1/rollouts/{pool}";

    private RolloutResources() {}

    /** What somebody wants of the rollout of one pool. */
    private interface Wish {
        RolloutView of(Rollouts rollouts, Name pool, String who) throws RolloutRefused;
    }

    static List<Resource> table() {
        return List.of(
                Resource.read(
                        "/v1/rollouts",
                        "rollouts",
                        "All rollouts, and the last one of each pool that has none now.",
                        (call, live) -> Reply.of(Map.of("rollouts", all(live)))),
                Resource.read(
                        ROLLOUT,
                        "rollout",
                        "The rollout of a pool, or its last one: step, share, what the guard says, and what has happened.",
                        RolloutResources::one),
                Resource.write(
                                "POST",
                                ROLLOUT,
                                Resource.spec(
                                        "startRollout",
                                        "Sends a share of the pool's requests to another pool, step by step, under a guard.",
                                        Admin.Role.OPERATE),
                                RolloutResources::start)
                        .body("to", Resource.Type.STRING, "The pool that gets them. Required.")
                        .body(
                                "steps",
                                Resource.Type.STRINGS,
                                "The shares, such as `5%`; the last is `100%`. " + String.join(", ", RolloutPlan.STEPS)
                                        + " when nothing is said.")
                        .body(
                                "every",
                                Resource.Type.STRING,
                                "How long a step lasts at least; " + RolloutPlan.EVERY + " when nothing is said.")
                        .body(
                                "guard",
                                Resource.Type.STRING,
                                "What is demanded of the new pool, such as `errors < 0.5% and p99 < 300ms`, or `none`; `"
                                        + RolloutPlan.GUARD + "` when nothing is said.")
                        .body(
                                "by",
                                Resource.Type.STRING,
                                "By what requests stay with a pool: `client`, `request`, `header:NAME`, `cookie:NAME` or"
                                        + " `query:NAME`; what the route's split goes by, or the client's address, when nothing"
                                        + " is said."),
                post("pause", "Stays at its step; the guard goes on.", Rollouts::pause),
                post("resume", "Goes on after a pause.", Rollouts::resume),
                post("abort", "Sends nothing more to the new pool, at once.", Rollouts::abort),
                post("finish", "Goes to the last step at once.", Rollouts::finish));
    }

    private static Resource post(String verb, String summary, Wish wish) {
        return Resource.write(
                "POST",
                ROLLOUT + "/" + verb,
                Resource.spec(verb + "Rollout", summary, Admin.Role.OPERATE),
                (call, live) -> {
                    try {
                        return Reply.of(tree(wish.of(live.rollouts(), call.name("pool"), who(call))));
                    } catch (RolloutRefused e) {
                        throw refusal(e);
                    }
                });
    }

    private static String who(Call call) {
        return call.caller().name();
    }

    static List<Map<String, Object>> all(Live live) {
        return live.rollouts().all().stream().map(RolloutResources::tree).toList();
    }

    private static Reply one(Call call, Live live) throws Refusal {
        RolloutView view = live.rollouts().of(call.name("pool"));
        if (view == null) {
            throw new Refusal(404, "there has been no rollout of pool " + call.name("pool"));
        }
        return Reply.of(tree(view));
    }

    private static Reply start(Call call, Live live) throws Refusal {
        List<String> steps = new ArrayList<>();
        for (JsonNode step : call.body().path("steps")) {
            steps.add(step.asString());
        }
        RolloutPlan.Wish wish =
                new RolloutPlan.Wish(call.text("to"), steps, call.text("every"), call.text("guard"), call.text("by"));
        try {
            return Reply.of(tree(live.rollouts().start(RolloutPlan.of(call.name("pool"), wish), who(call))));
        } catch (RolloutRefused e) {
            throw refusal(e);
        }
    }

    private static Refusal refusal(RolloutRefused e) {
        int status = switch (e.reason()) {
            case WRONG -> 400;
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
        };
        return new Refusal(status, String.valueOf(e.getMessage()));
    }

    private static Map<String, Object> tree(RolloutView view) {
        RolloutPlan plan = view.plan();
        Progress progress = view.progress();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("pool", plan.from().text());
        tree.put("to", plan.to().text());
        tree.put("phase", progress.phase().name().toLowerCase(Locale.ROOT));
        tree.put("active", progress.phase().active());
        tree.put("share", view.share().toString());
        tree.put("step", progress.step() + 1);
        tree.put("steps", plan.steps().stream().map(Object::toString).toList());
        tree.put("every", plan.every().toString());
        tree.put("elapsedMillis", progress.elapsedMillis());
        tree.put("note", progress.note());
        tree.put("since", progress.since().toString());
        tree.put("guard", plan.guard().toString());
        tree.put("judgement", tree(view.judgement()));
        tree.put("by", plan.by().text());
        tree.put("author", view.origin().author());
        tree.put("started", view.origin().started().toString());
        tree.put("advice", view.advice());
        List<Map<String, Object>> events = new ArrayList<>();
        for (RolloutView.Event event : view.events()) {
            events.add(Map.of("time", event.time().toString(), "text", event.text()));
        }
        tree.put("events", events);
        return tree;
    }

    private static Map<String, Object> tree(Judgement judgement) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("says", judgement.kind().name().toLowerCase(Locale.ROOT));
        tree.put("requests", judgement.requests());
        tree.put("needed", judgement.needed());
        List<Map<String, Object>> conditions = new ArrayList<>();
        for (Judgement.Found found : judgement.findings()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("condition", found.condition());
            one.put("value", found.value());
            one.put("detail", found.detail());
            one.put("met", found.met());
            conditions.add(one);
        }
        tree.put("conditions", conditions);
        return tree;
    }
}
