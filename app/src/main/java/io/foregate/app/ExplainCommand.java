package io.foregate.app;

import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.config.Loaded;
import io.foregate.control.explain.Answer;
import io.foregate.control.explain.Explainer;
import io.foregate.control.explain.Question;
import io.foregate.control.pools.EndpointRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description =
                "Says what would become of a request: which site, route and pool, why, and where each setting is from.",
        footer = {
            "",
            "Examples:",
            "  foregate explain foregate.yaml GET http://app.example.com/api/users?page=2",
            "  foregate explain foregate.yaml POST /login -H 'Host: app.example.com' --from 203.0.113.7",
            "",
            "Exit code 0 when a route takes the request, 1 when none does. Nothing is sent anywhere."
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "FILE", description = "The configuration file.")
    private Path file = Path.of("foregate.yaml");

    @Parameters(index = "1", paramLabel = "METHOD", description = "The request's method, such as GET.")
    private String method = "GET";

    @Parameters(index = "2", paramLabel = "URL", description = "What is asked for: a URL, or a path.")
    private String url = "/";

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
        Loaded.Ok loaded = Configurations.file(file);
        Answer answer = answer(loaded);
        if (output.json()) {
            output.print(ExplainedTree.of(answer));
        } else {
            new ExplainedText(output.out()).print(method + " " + url, answer);
        }
        return answer instanceof Answer.Routed ? Main.FINE : Main.NO;
    }

    private Answer answer(Loaded.Ok loaded) {
        try {
            SnapshotBuilder.Built built = SnapshotBuilder.build(1, loaded.effective(), new EndpointRegistry(1));
            return new Explainer(loaded.effective(), built).explain(new Question(method, url, fields, from));
        } catch (UnbuildableException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new BadUsage("--from: " + e.getMessage());
        }
    }
}
