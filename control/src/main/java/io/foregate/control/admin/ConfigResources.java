package io.foregate.control.admin;

import io.foregate.control.config.Loaded;
import io.foregate.control.config.model.Admin;
import io.foregate.control.plan.Plan;
import io.foregate.control.plan.PlanText;
import io.foregate.control.plan.PlanTree;
import io.foregate.control.reload.Reloader;
import io.foregate.control.reload.Result;
import io.foregate.control.reload.Revision;
import io.foregate.control.reload.Source;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The configuration: what it is, what another one would do, putting it in force, and what there was before. Stateless. */
final class ConfigResources {
    private static final Pattern ETAG = Pattern.compile("\"([0-9]{1,18})\"");
    static final String TEXT = "The configuration as it would stand in a file (YAML).";
    static final String TREE = "The configuration as a tree, instead of a text.";
    static final String MESSAGE = "Why, for the history.";

    private ConfigResources() {}

    static List<Resource> table() {
        return List.of(
                Resource.read(
                        "/v1/config/{path+}",
                        "config",
                        "The configuration in force, or the part of it at a path such as `pools/web`. The ETag is its revision.",
                        ConfigResources::config),
                put("PUT", "replaceConfig"),
                put("POST", "applyConfig"),
                Resource.ask(
                                "/v1/plan",
                                "plan",
                                "What a configuration would change, and what recent requests would meet. `Accept: text/plain` gives it for"
                                        + " people.",
                                ConfigResources::plan)
                        .needs(Admin.Role.OPERATE)
                        .body("text", Resource.Type.STRING, TEXT)
                        .body("config", Resource.Type.OBJECT, TREE)
                        .body("name", Resource.Type.STRING, "The file's name, for messages.")
                        .query("all", Resource.Type.BOOLEAN, "Whether the text shows all regions, however many."),
                Resource.read(
                        "/v1/revisions",
                        "revisions",
                        "The configurations that there have been, the newest first.",
                        (call, live) -> Reply.of(history(live.reloader()))),
                Resource.read(
                        "/v1/revisions/{revision}",
                        "revision",
                        "One of them, with its text.",
                        ConfigResources::revision),
                Resource.read(
                                "/v1/diff",
                                "diff",
                                "What is different between two revisions. `Accept: text/plain` gives it for people.",
                                ConfigResources::diff)
                        .query("from", Resource.Type.INTEGER, "The older one. Required.")
                        .query("to", Resource.Type.INTEGER, "The newer one; the one in force when nothing is said.")
                        .query("all", Resource.Type.BOOLEAN, "Whether the text shows all regions, however many."),
                Resource.write(
                                "POST",
                                "/v1/rollback",
                                Resource.spec(
                                        "rollback",
                                        "Puts an older revision in force. The file stays as it is.",
                                        Admin.Role.CONFIGURE),
                                ConfigResources::rollback)
                        .body("revision", Resource.Type.INTEGER, "Which; the one before when nothing is said."));
    }

    private static Resource put(String method, String id) {
        return Resource.write(
                        method,
                        "/v1/config",
                        Resource.spec(
                                id,
                                "Puts another configuration in force. `If-Match` says which revision it is to replace:"
                                        + " its ETag, or `*` for whichever it is. The file stays as it is.",
                                Admin.Role.CONFIGURE),
                        ConfigResources::apply)
                .body("text", Resource.Type.STRING, TEXT)
                .body("config", Resource.Type.OBJECT, TREE)
                .body("message", Resource.Type.STRING, MESSAGE);
    }

    private static Reply config(Call call, Live live) throws Refusal {
        Reloader.InForce now = live.reloader().now();
        Revision revision = now.revision();
        Source source = now.source();
        List<String> path = call.path().getOrDefault("path", List.of());
        Object part = ConfigTree.of(source);
        for (String segment : path) {
            part = ConfigTree.child(part, segment);
            if (part == null) {
                throw new Refusal(404, "the configuration has no " + String.join("/", path));
            }
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("revision", revision.number());
        tree.put("file", source.name());
        if (path.isEmpty()) {
            tree.put("text", new String(source.text(), StandardCharsets.UTF_8));
        }
        tree.put("config", part);
        return Reply.of(tree).revision(revision.number());
    }

    // Problems name the file of the process, and relative paths start where they do in it.
    static Source wanted(Call call, Live live) throws Refusal {
        JsonNode text = call.body().path("text");
        JsonNode config = call.body().path("config");
        if (text.isMissingNode() == config.isMissingNode()) {
            throw new Refusal(400, "write either text or config");
        }
        // JSON is YAML.
        String yaml = text.isMissingNode() ? config.toPrettyString() : text.asString();
        return new Source(live.reloader().inForce().name(), yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static Reply apply(Call call, Live live) throws Refusal, InterruptedException {
        Source wanted = wanted(call, live);
        Reloader reloader = live.reloader();
        @Nullable Long expected = expected(call, reloader);
        String who = call.caller().name();
        Result result = expected == null
                ? reloader.apply(wanted, who, call.text("message"))
                : reloader.applyUpon(expected, wanted, who, call.text("message"));
        if (result == null) {
            throw another(call, reloader);
        }
        return reply(result);
    }

    /** The revision that a write is to replace; null for whichever it is. */
    static @Nullable Long expected(Call call, Reloader reloader) throws Refusal {
        String match = call.conditions().ifMatch();
        if (match == null) {
            throw new Refusal(
                    428,
                    "say which revision this replaces: If-Match: \""
                            + reloader.current().number() + "\", or *");
        }
        if (match.strip().equals("*")) {
            return null;
        }
        Matcher etag = ETAG.matcher(match.strip());
        if (!etag.matches()) {
            throw another(call, reloader);
        }
        return Long.valueOf(etag.group(1));
    }

    /** Another revision is in force than the one that was to be replaced. */
    static Refusal another(Call call, Reloader reloader) {
        return new Refusal(
                412,
                "revision " + reloader.current().number() + " is in force, not "
                        + call.conditions().ifMatch() + "; look at what has changed and try again");
    }

    static Reply reply(Result result) {
        return switch (result) {
            case Result.Applied applied ->
                Reply.of(Trees.of(applied)).revision(applied.revision().number());
            case Result.Refused refused -> Reply.of(422, Trees.of(refused));
            case Result.Planned planned -> Reply.of(PlanTree.of(planned.plan()));
        };
    }

    private static Reply plan(Call call, Live live) throws Refusal, InterruptedException {
        return switch (live.reloader().plan(wanted(call, live))) {
            case Result.Planned planned -> shown(named(planned.plan(), call, live), call);
            case Result.Refused refused -> Reply.of(422, Trees.of(refused));
            case Result.Applied applied -> throw new IllegalStateException("a plan has applied " + applied);
        };
    }

    private static Plan named(Plan plan, Call call, Live live) {
        String name = call.text("name");
        return name.isEmpty() ? plan : plan.named(live.reloader().inForce().name(), name);
    }

    private static Reply shown(Plan plan, Call call) {
        if (!call.conditions().text()) {
            return Reply.of(PlanTree.of(plan));
        }
        boolean all = "true".equals(call.query().get("all"));
        StringWriter text = new StringWriter();
        new PlanText(new PrintWriter(text), all ? Integer.MAX_VALUE : PlanText.USUAL_REGIONS).print(plan);
        return Reply.text(text.toString());
    }

    private static Map<String, Object> history(Reloader reloader) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("current", reloader.current().number());
        tree.put(
                "revisions",
                reloader.revisions().history().stream().map(Trees::of).toList());
        return tree;
    }

    private static Reply revision(Call call, Live live) throws Refusal {
        long number = Call.number(call.segment("revision"), "revision");
        Source source = source(number, live);
        for (Revision revision : live.reloader().revisions().history()) {
            if (revision.number() == number) {
                Map<String, Object> tree = Trees.of(revision);
                tree.put("file", source.name());
                tree.put("text", new String(source.text(), StandardCharsets.UTF_8));
                return Reply.of(tree);
            }
        }
        throw new Refusal(404, "there is no revision " + number);
    }

    private static Source source(long number, Live live) throws Refusal {
        Source source = live.reloader().revisions().source(number);
        if (source == null) {
            throw new Refusal(404, "there is no revision " + number);
        }
        return source;
    }

    private static Reply diff(Call call, Live live) throws Refusal {
        long none = -1;
        long from = call.number("from", none);
        if (from == none) {
            throw new Refusal(400, "from is missing: the number of a revision");
        }
        long to = call.number("to", live.reloader().current().number());
        return shown(Plan.of(sound(from, live), sound(to, live)), call);
    }

    private static Loaded.Ok sound(long number, Live live) throws Refusal {
        return switch (source(number, live).load()) {
            case Loaded.Ok ok -> ok;
            case Loaded.Invalid invalid ->
                throw new Refusal(
                        422,
                        "revision " + number + " can't be used any more: "
                                + invalid.problems().getFirst());
        };
    }

    private static Reply rollback(Call call, Live live) throws InterruptedException, Refusal {
        JsonNode wanted = call.body().path("revision");
        @Nullable Long number = wanted.isMissingNode() || wanted.isNull() ? null : (Long) wanted.asLong();
        if (number != null) {
            source(number, live);
        }
        return reply(live.reloader().rollback(number, call.caller().name()));
    }
}
