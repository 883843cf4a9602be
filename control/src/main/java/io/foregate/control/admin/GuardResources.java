package io.foregate.control.admin;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.Admin;
import io.foregate.control.config.model.Percent;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.guard.Cause;
import io.foregate.control.guard.Guard;
import io.foregate.control.guard.GuardSettings;
import io.foregate.control.guard.GuardState;
import io.foregate.control.guard.Harm;
import io.foregate.control.reload.Begun;
import io.foregate.control.reload.Source;
import io.foregate.proxy.worker.Trial;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Trying a configuration beside the one in force. Stateless. */
final class GuardResources {
    private static final int PARTS = 1_000_000;

    private GuardResources() {}

    static List<Resource> table() {
        return List.of(
                Resource.read(
                        "/v1/guard",
                        "guard",
                        "How it stands with the configuration that is tried beside the one in force, or was tried last.",
                        (call, live) -> Reply.of(state(live))),
                Resource.write(
                                "POST",
                                "/v1/guard",
                                Resource.spec(
                                        "tryConfig",
                                        "Tries a configuration beside the one in force, and puts it in force if it does no"
                                                + " harm. `If-Match` as for `/v1/config`.",
                                        Admin.Role.CONFIGURE),
                                GuardResources::begin)
                        .body("text", Resource.Type.STRING, ConfigResources.TEXT)
                        .body("config", Resource.Type.OBJECT, ConfigResources.TREE)
                        .body("message", Resource.Type.STRING, ConfigResources.MESSAGE)
                        .body("time", Resource.Type.STRING, "For how long both serve; 60s when nothing is said.")
                        .body("share", Resource.Type.STRING, "Of the clients, at first; 10% when nothing is said.")
                        .body("by", Resource.Type.STRING, "What stays on one side: client (by address), or connection.")
                        .body("allow", Resource.Type.STRINGS, "What is no harm this time, as not-found.")
                        .body("insist", Resource.Type.BOOLEAN, "Take it back when too little was seen to tell."),
                Resource.write(
                        "POST",
                        "/v1/guard/finish",
                        Resource.spec(
                                "finishTrial", "Puts the configuration in force that is tried.", Admin.Role.CONFIGURE),
                        (call, live) -> end(call, live, true)),
                Resource.write(
                        "POST",
                        "/v1/guard/abort",
                        Resource.spec(
                                "abortTrial", "Takes the configuration back that is tried.", Admin.Role.CONFIGURE),
                        (call, live) -> end(call, live, false)));
    }

    private static Reply begin(Call call, Live live) throws Refusal, InterruptedException {
        Source wanted = ConfigResources.wanted(call, live);
        GuardSettings settings = settings(call);
        Long expected = ConfigResources.expected(call, live.reloader());
        Begun begun =
                live.reloader().tryOut(expected, wanted, settings, call.caller().name(), call.text("message"));
        return switch (begun) {
            case Begun.Superseded _ -> throw ConfigResources.another(call, live.reloader());
            case Begun.Settled(var result) -> ConfigResources.reply(result);
            case Begun.Trying trying -> {
                Map<String, @Nullable Object> tree = tree(trying.guard().state());
                tree.put("changes", trying.changes().stream().map(Trees::of).toList());
                tree.put(
                        "quarantined",
                        trying.quarantined().stream().map(Trees::of).toList());
                tree.put("warnings", Trees.problems(trying.warnings()));
                yield Reply.of(202, tree);
            }
        };
    }

    private static GuardSettings settings(Call call) throws Refusal {
        try {
            String time = call.body().path("time").asString("60s");
            Duration lasts = Duration.ofNanos(Timeout.parse(time).nanos());
            if (lasts.compareTo(GuardSettings.SHORTEST) < 0 || lasts.compareTo(GuardSettings.LONGEST) > 0) {
                throw new Refusal(400, "time: write 5s to 24h");
            }
            String share = call.body().path("share").asString("10%");
            double part = (double) Percent.parse(share).partsPerMillion() / PARTS;
            if (part <= 0 || part > GuardSettings.LARGEST_SHARE) {
                throw new Refusal(400, "share: write up to 50%, as the other side has to be seen, too");
            }
            Trial.Sticky sticky = switch (call.body().path("by").asString("client")) {
                case "client" -> Trial.Sticky.CLIENT;
                case "connection" -> Trial.Sticky.CONNECTION;
                default -> throw new Refusal(400, "by: write client or connection");
            };
            boolean insist = call.body().path("insist").asBoolean(false);
            return new GuardSettings(lasts, part, sticky, allowed(call), insist);
        } catch (BadValue e) {
            throw new Refusal(400, e.what());
        }
    }

    private static Set<Cause> allowed(Call call) throws Refusal {
        Set<Cause> allowed = EnumSet.noneOf(Cause.class);
        for (JsonNode name : call.body().path("allow")) {
            Cause cause = Cause.of(name.asString(""));
            if (cause == null) {
                throw new Refusal(
                        400,
                        "allow: write some of "
                                + String.join(
                                        ", ",
                                        EnumSet.allOf(Cause.class).stream()
                                                .map(Cause::text)
                                                .toList()));
            }
            allowed.add(cause);
        }
        return allowed;
    }

    private static Reply end(Call call, Live live, boolean finish) throws Refusal, InterruptedException {
        Guard guard = live.reloader().guard();
        String who = call.caller().name();
        if (guard == null || !(finish ? guard.finish(who) : guard.abort(who))) {
            throw new Refusal(409, "no configuration is being tried");
        }
        guard.awaitEnd(Duration.ofSeconds(10));
        return Reply.of(tree(guard.state()));
    }

    private static Map<String, @Nullable Object> state(Live live) {
        Guard guard = live.reloader().guard();
        if (guard == null) {
            Map<String, @Nullable Object> none = new LinkedHashMap<>();
            none.put("phase", "none");
            return none;
        }
        return tree(guard.state());
    }

    /** The configuration that is being tried at present, in a few words; null when there is none. */
    static @Nullable Map<String, Object> trial(Live live) {
        Guard guard = live.reloader().guard();
        GuardState state = guard == null ? null : guard.state();
        if (state == null || state.phase() != GuardState.Phase.TRYING) {
            return null;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("revision", state.revision());
        tree.put("against", state.against());
        tree.put("share", state.share());
        tree.put("secondsLeft", state.secondsLeft());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(GuardState state) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("revision", state.revision());
        tree.put("against", state.against());
        tree.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
        tree.put("begun", state.begun().toString());
        tree.put("share", state.share());
        tree.put("secondsLeft", state.secondsLeft());
        tree.put("before", tree(state.before()));
        tree.put("after", tree(state.after()));
        tree.put("outcome", state.outcome());
        Harm harm = state.harm();
        tree.put("harm", harm == null ? null : tree(harm, state));
        tree.put("routes", state.routes().stream().map(GuardResources::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(Harm harm, GuardState state) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("route", harm.route());
        tree.put("everywhere", harm.everywhere());
        tree.put("cause", harm.cause().text());
        tree.put("text", harm.text());
        tree.put("requestsBefore", harm.numbers().before());
        tree.put("harmedBefore", harm.numbers().happenedBefore());
        tree.put("requestsAfter", harm.numbers().after());
        tree.put("harmedAfter", harm.numbers().happenedAfter());
        tree.put("harmedInAll", state.harmed());
        tree.put("secondsToUndo", state.secondsToUndo());
        return tree;
    }

    private static Map<String, Object> tree(GuardState.RouteNumbers route) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("route", route.route());
        tree.put("before", tree(route.before()));
        tree.put("after", tree(route.after()));
        return tree;
    }

    private static Map<String, Object> tree(GuardState.Side side) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("requests", side.requests());
        tree.put("errors", side.errors());
        tree.put("notFound", side.notFound());
        tree.put("denied", side.denied());
        tree.put("medianMillis", side.medianNanos() / 1e6);
        tree.put("slowestTenthMillis", side.slowestTenthNanos() / 1e6);
        return tree;
    }
}
