package io.foregate.app;

import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.Loaded;
import io.foregate.control.explain.Answer;
import io.foregate.control.explain.ExplainedText;
import io.foregate.control.explain.ExplainedTree;
import io.foregate.control.explain.Explainer;
import io.foregate.control.explain.Question;
import io.foregate.control.pools.EndpointRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "explain",
        description =
                "Says what would become of a request: which site, route and pool, why, and where each setting is from.",
        footer = {
            "",
            "Examples:",
            "  foregate explain foregate.yaml GET http://app.example.com/api/users?page=2",
            "  foregate explain --admin 127.0.0.1:9900 GET http://app.example.com/api/users?page=2",
            "  foregate explain foregate.yaml POST /login -H 'Host: app.example.com' --from 203.0.113.7",
            "",
            "Exit code 0 when a route takes the request, 1 when none does. Nothing is sent anywhere."
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(
            arity = "2..3",
            paramLabel = "[FILE] METHOD URL",
            hideParamSyntax = true,
            description =
                    "The configuration file (default: that of the proxy that runs), the request's method, such as GET, and"
                            + " what is asked for: a URL, or a path.")
    private List<String> words = List.of();

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header field. May be given several times.")
    private List<String> fields = List.of();

    @Option(
            names = "--from",
            paramLabel = "IP",
            defaultValue = "127.0.0.1",
            description = "The client's address (default: ${DEFAULT-VALUE}).")
    private String from = "127.0.0.1";

    @Override
    public Integer call() {
        if (words.size() > 3) {
            throw new BadUsage("write FILE METHOD URL, or METHOD URL for the proxy that runs");
        }
        String method = words.get(words.size() - 2);
        String url = words.getLast();
        understood(url);
        if (words.size() == 2) {
            if (!method.matches("[A-Za-z-]{1,30}")) {
                throw new BadUsage("write FILE METHOD URL, or METHOD URL for the proxy that runs");
            }
            return live(method, url);
        }
        if (admin.given()) {
            throw new BadUsage("a file and --admin are two answers to one question");
        }
        Loaded.Ok loaded = Configurations.file(Path.of(words.getFirst()), output);
        Answer answer = answer(loaded, new Question(method, url, fields, from));
        if (output.json()) {
            output.print(ExplainedTree.of(answer));
        } else {
            new ExplainedText(output.out()).print(method + " " + url, answer);
        }
        return answer instanceof Answer.Routed ? Main.FINE : Main.NO;
    }

    private int live(String method, String url) {
        Map<String, Object> body = Map.of("method", method, "url", url, "headers", fields, "from", from);
        AdminClient client = admin.client();
        JsonNode tree = client.post("/v1/routes/match", body).orRefuse().json();
        if (output.json()) {
            output.print(tree);
        } else {
            output.out()
                    .print(client.postText("/v1/routes/match", body).orRefuse().text());
            output.out().flush();
        }
        return tree.path("routed").asBoolean(false) ? Main.FINE : Main.NO;
    }

    private void understood(String url) {
        int scheme = url.indexOf("://");
        if (scheme > 0
                && url.substring(0, scheme).matches("[A-Za-z][A-Za-z0-9+.-]*")
                && !url.substring(0, scheme).matches("(?i)https?")) {
            throw new BadUsage(url + ": write a URL that begins with http:// or https://, or a path");
        }
        for (String field : fields) {
            if (field.indexOf(':') < 1) {
                throw new BadUsage("-H '" + field + "': write 'Name: value'");
            }
        }
    }

    private Answer answer(Loaded.Ok loaded, Question question) {
        try {
            SnapshotBuilder.Built built = SnapshotBuilder.build(1, loaded.effective(), new EndpointRegistry(1));
            return new Explainer(loaded.effective(), built).explain(question);
        } catch (UnbuildableException e) {
            throw Configurations.refusal("the configuration can't be used", List.of(e.problem()), output);
        } catch (IllegalArgumentException e) {
            throw new BadUsage("--from: " + e.getMessage());
        }
    }
}
