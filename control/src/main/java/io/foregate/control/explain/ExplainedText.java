package io.foregate.control.explain;

import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Explained;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Pool;
import io.foregate.control.config.model.Traffic;
import io.foregate.proxy.route.RouteTrace;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What would become of a request, for people. */
public final class ExplainedText {
    private final PrintWriter out;

    public ExplainedText(PrintWriter out) {
        this.out = out;
    }

    public void print(String request, Answer answer) {
        out.println(request);
        switch (answer) {
            case Answer.Refused(int status, String reason) -> line("refused", "with " + status + ": " + reason);
            case Answer.Nowhere nowhere -> {
                site(nowhere.listener(), nowhere.trace());
                if (nowhere.site() != null) {
                    line("", nowhere.site().origin().toString());
                    line("route", "none takes it; the answer is 404");
                    steps(nowhere.trace());
                } else {
                    line("", "the answer is 404");
                }
            }
            case Answer.Routed routed -> routed(routed);
        }
    }

    private void routed(Answer.Routed routed) {
        site(routed.listener(), routed.trace());
        line("", routed.site().origin().toString());
        line("route", routed.route().match().path().toString());
        line("", routed.route().match().origin().toString());
        steps(routed.trace());
        EffectivePool pool = routed.pool();
        switch (routed.outcome()) {
            case Answer.Forwarded forwarded -> {
                line("forwards", forwarded.requestLine());
                String host = forwarded.host();
                line("", "Host: " + (host == null ? "the server's own address" : host));
                for (Answer.Change change : forwarded.changes()) {
                    line("", change(change));
                }
                if (pool != null) {
                    Name named = forwarded.insteadOf();
                    line("pool", pool.name() + ": " + servers(pool));
                    if (named != null) {
                        line("", "by the rollout of pool " + named + ", which the route names");
                    }
                    shares(routed.route().action().value(), pool.name());
                }
            }
            case Answer.Answered answered ->
                line("answers", answered.status() + (answered.location() == null ? "" : " to " + answered.location()));
        }
        settings("settings of the route", routed.route().explain(pool == null ? null : pool.name()));
        if (pool != null) {
            settings("settings of pool " + pool.name(), pool.explain());
        }
    }

    private void site(String listener, RouteTrace trace) {
        line("listener", listener);
        line("site", (trace.site() == null ? "none" : trace.site()) + " (" + trace.siteReason() + ")");
    }

    private void steps(RouteTrace trace) {
        for (RouteTrace.Step step : trace.steps()) {
            boolean chosen = step.outcome() == RouteTrace.Outcome.CHOSEN;
            line("", (chosen ? "* " : "- ") + step.route().pattern() + " (" + step.rank() + "): " + step.reason());
        }
    }

    private void shares(Action action, Name chosen) {
        if (action instanceof Action.Split(Traffic.Split split)) {
            String why = split.by().basis() == Traffic.Basis.REQUEST
                    ? "one of several that take turns"
                    : "this request's, by " + split.by();
            line("", why + (split.override() == null ? "" : " or " + split.override()));
            split.pools().forEach((name, share) -> line("", (name.equals(chosen) ? "* " : "- ") + name + " " + share));
        }
    }

    private static String servers(EffectivePool pool) {
        return pool.servers().value().stream().map(Pool.Server::where).collect(Collectors.joining(", "));
    }

    private static String change(Answer.Change change) {
        if (change.after() == null) {
            return "without " + change.field();
        }
        return "with " + change.field() + ": " + change.after();
    }

    private void settings(String title, List<Explained> settings) {
        out.println();
        out.println(title);
        List<Explained> lines = new ArrayList<>(settings);
        int keys = width(lines.stream().map(Explained::key).toList(), 24);
        int values = width(lines.stream().map(Explained::value).toList(), 40);
        for (Explained setting : lines) {
            out.println(
                    "  " + pad(setting.key(), keys) + "  " + pad(setting.value(), values) + "  " + setting.origin());
        }
    }

    private static int width(List<String> texts, int most) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(length -> length <= most)
                .max()
                .orElse(0);
    }

    private void line(String label, String text) {
        out.println("  " + pad(label, 9) + " " + text);
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }
}
