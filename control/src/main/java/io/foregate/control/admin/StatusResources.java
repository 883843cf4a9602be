package io.foregate.control.admin;

import io.foregate.control.certificates.CertificateState;
import io.foregate.control.config.model.Admin;
import io.foregate.control.explain.Answer;
import io.foregate.control.explain.ExplainedText;
import io.foregate.control.explain.ExplainedTree;
import io.foregate.control.explain.Explainer;
import io.foregate.control.explain.Question;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.Running;
import io.foregate.proxy.observe.Defence;
import io.foregate.proxy.observe.Overloads;
import io.foregate.proxy.server.Listener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How it stands with the process: itself, certificates, defences, and what would become of a request. Stateless. */
final class StatusResources {
    private StatusResources() {}

    static List<Resource> table() {
        return List.of(
                Resource.read(
                        "/v1/status",
                        "status",
                        "Version, uptime, revision, the one that is tried beside it, listeners, connections, rollouts, and what is"
                                + " quarantined.",
                        (call, live) -> Reply.of(status(live))),
                Resource.read(
                        "/v1/certificates",
                        "certificates",
                        "The certificates of each site, and how it stands with them.",
                        (call, live) -> Reply.of(certificates(live.foregate()))),
                Resource.read(
                        "/v1/defences",
                        "defences",
                        "How often clients were kept from doing what, and requests were refused for overload, since the start.",
                        (call, live) -> Reply.of(defences(live.foregate()))),
                Resource.ask(
                                "/v1/routes/match",
                                "matchRoute",
                                "What would become of a request. `Accept: text/plain` gives it for people.",
                                StatusResources::match)
                        .body("method", Resource.Type.STRING, "The method; GET when nothing is said.")
                        .body("url", Resource.Type.STRING, "A URL, or a path. Required.")
                        .body("headers", Resource.Type.STRINGS, "Fields of the request, each `Name: value`.")
                        .body("from", Resource.Type.STRING, "The client's address; 127.0.0.1 when nothing is said."),
                Resource.read(
                                "/v1/audit",
                                "audit",
                                "Who has changed what, or tried to: the last " + Audit.KEPT + ", the newest first.",
                                (call, live) -> Reply.of(audit(live.audit())))
                        .needs(Admin.Role.CONFIGURE));
    }

    private static Map<String, @Nullable Object> status(Live live) {
        Foregate foregate = live.foregate();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("version", live.version());
        tree.put("state", foregate.stopping() ? "draining" : "serving");
        tree.put("started", live.started().toString());
        tree.put(
                "uptimeSeconds", Duration.between(live.started(), Instant.now()).toSeconds());
        tree.put("pid", ProcessHandle.current().pid());
        tree.put("revision", live.reloader().current().number());
        tree.put("file", live.reloader().inForce().name());
        tree.put("trial", GuardResources.trial(live));
        tree.put("snapshots", foregate.snapshots());
        tree.put("connections", foregate.connections());
        List<Map<String, Object>> listeners = new ArrayList<>();
        for (Listener listener : foregate.listeners()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", listener.name());
            one.put("address", Addresses.text(listener.address()));
            one.put("connections", listener.reception().connections());
            listeners.add(one);
        }
        tree.put("listeners", listeners);
        tree.put("quarantined", foregate.quarantined().stream().map(Trees::of).toList());
        tree.put("rollouts", RolloutResources.all(live));
        return tree;
    }

    private static Map<String, Object> certificates(Foregate foregate) {
        Instant now = Instant.now();
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (CertificateState state : foregate.certificates()) {
            Map<String, @Nullable Object> tree = new LinkedHashMap<>();
            tree.put("site", state.site());
            tree.put("health", state.health(now).name().toLowerCase(Locale.ROOT));
            tree.put("problem", state.problem());
            tree.put("since", state.since().toString());
            tree.put("shown", state.shown().stream().map(StatusResources::shown).toList());
            all.add(tree);
        }
        return Map.of("certificates", all);
    }

    private static Map<String, @Nullable Object> shown(CertificateState.Shown one) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("subject", one.subject());
        tree.put("names", one.names());
        tree.put("issuer", one.issuer());
        tree.put("key", one.key());
        tree.put("notAfter", one.notAfter().toString());
        Instant stapled = one.stapledUntil();
        tree.put("stapledUntil", stapled == null ? null : stapled.toString());
        return tree;
    }

    private static Map<String, Object> defences(Foregate foregate) {
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Defence defence : Defence.values()) {
            counts.put(defence.logName(), foregate.defences().count(defence));
        }
        Map<String, Object> overload = new LinkedHashMap<>();
        for (Overloads.Cause cause : Overloads.Cause.values()) {
            overload.put(
                    cause.name().toLowerCase(Locale.ROOT),
                    foregate.defences().overloads().count(cause));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("defences", counts);
        tree.put("overload", overload);
        return tree;
    }

    private static Reply match(Call call, Live live) throws Refusal {
        String url = call.text("url");
        if (url.isEmpty()) {
            throw new Refusal(400, "url is missing");
        }
        String method = call.body().path("method").asString("GET");
        String from = call.body().path("from").asString("127.0.0.1");
        List<String> fields = new ArrayList<>();
        for (JsonNode field : call.body().path("headers")) {
            fields.add(field.asString());
        }
        if ((method + url + String.join("", fields)).chars().anyMatch(c -> c == '\r' || c == '\n')) {
            throw new Refusal(400, "a line break can't be part of what is asked");
        }
        Running running = live.foregate().running();
        Answer answer;
        try {
            answer = new Explainer(running.config(), running.built()).explain(new Question(method, url, fields, from));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "from: " + e.getMessage());
        }
        if (call.conditions().text()) {
            StringWriter text = new StringWriter();
            new ExplainedText(new PrintWriter(text)).print(method + " " + url, answer);
            return Reply.text(text.toString());
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("routed", answer instanceof Answer.Routed);
        tree.putAll(ExplainedTree.of(answer));
        return Reply.of(tree);
    }

    private static Map<String, Object> audit(Audit audit) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Audit.Entry entry : audit.entries()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("time", entry.time().toString());
            tree.put("who", entry.who());
            tree.put("from", entry.from());
            tree.put("what", entry.what());
            tree.put("status", entry.status());
            tree.put("outcome", entry.outcome());
            entries.add(tree);
        }
        return Map.of("entries", entries);
    }
}
