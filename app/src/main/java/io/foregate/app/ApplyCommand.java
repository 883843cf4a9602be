package io.foregate.app;

import io.foregate.control.config.bind.Problem;
import io.foregate.control.reload.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "apply",
        description = {
            "Puts a configuration in force in a proxy that runs. The proxy's own file stays as it is: write it there too, or the"
                    + " next start or SIGHUP goes back to it."
        },
        footer = {
            "",
            "Examples:",
            "  foregate apply foregate.yaml --message 'more servers for web'",
            "  foregate apply foregate.yaml --if-revision 12",
            "  foregate apply foregate.yaml --guard 60s --share 10%%",
            "  foregate apply --abort",
            "",
            "With --guard it serves part of the clients beside the one in force, and is taken back by itself when errors or",
            "latency rise. That goes on when this command is interrupted.",
            "",
            "Exit code 0 when it is in force, 1 when it can't be or was taken back (nothing has changed then), 3 when the proxy",
            "can't be reached. Of --abort it is 0 when it was taken back."
        })
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private final Help help = new Help();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final AdminOption admin = new AdminOption();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The configuration.")
    private @Nullable Path given;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Why, for the history.")
    private String message = "";

    @Option(
            names = "--if-revision",
            paramLabel = "REV",
            description = "Only if that revision is in force, so that nobody else's change is lost.")
    private @Nullable Long revision;

    @Mixin
    private final GuardOptions guard = new GuardOptions();

    @Override
    public Integer call() throws InterruptedException {
        String ending = guard.ending();
        if (ending != null) {
            GuardFollower follower = new GuardFollower(admin.client(), output);
            boolean abort = ending.equals("abort");
            if (ending.equals("follow")) {
                return follower.follow(0, false);
            }
            JsonNode state = admin.client()
                    .post("/v1/guard/" + ending, Map.of())
                    .orRefuse()
                    .json();
            return state.path("phase").asString("").equals("trying")
                    ? follower.follow(state.path("revision").asLong(0), abort)
                    : follower.end(state, abort);
        }
        if (given == null) {
            throw new BadUsage("which configuration? write foregate apply FILE");
        }
        return guard.given() ? tryOut(given) : apply(given);
    }

    private int tryOut(Path file) throws InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(guard.settings());
        body.put("text", text(file));
        body.put("message", message);
        AdminClient client = admin.client();
        AdminClient.Answer answer = client.call("POST", "/v1/guard", Map.of("If-Match", match()), body);
        // Anything else is what apply says: that it can't be, or that there was nothing to try.
        if (answer.status() != 202) {
            return print(answer, output, file);
        }
        if (!output.json()) {
            JsonNode tree = answer.json();
            PrintWriter out = output.out();
            tree.path("warnings")
                    .forEach(problem -> out.println(problem(problem, file).asWarning()));
            changes(tree.path("changes"), out);
            quarantined(tree.path("quarantined"), out);
            out.println("revision %d is being tried beside revision %d; ^C stops showing it, not the trial"
                    .formatted(
                            tree.path("revision").asLong(0),
                            tree.path("against").asLong(0)));
            out.flush();
        }
        return new GuardFollower(client, output)
                .follow(answer.json().path("revision").asLong(0), false);
    }

    private String match() {
        return revision == null ? "*" : "\"" + revision + "\"";
    }

    private int apply(Path file) {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("text", text(file));
        body.put("message", message);
        AdminClient.Answer answer = admin.client().call("PUT", "/v1/config", Map.of("If-Match", match()), body);
        return print(answer, output, file);
    }

    static String text(Path file) {
        try {
            return new String(Source.of(file).text(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Refused(file + " can't be read: " + e.getMessage());
        }
    }

    /** Prints what came of a change; problems name {@code file} instead of the process's own, where it isn't null. */
    static int print(AdminClient.Answer answer, Output output, @Nullable Path file) {
        if (!answer.fine()) {
            throw refusal(answer, output, file);
        }
        JsonNode tree = answer.json();
        if (output.json()) {
            output.print(tree);
        } else {
            PrintWriter out = output.out();
            tree.path("warnings")
                    .forEach(problem -> out.println(problem(problem, file).asWarning()));
            changes(tree.path("changes"), out);
            quarantined(tree.path("quarantined"), out);
            out.println("revision %d is in force (%d ms)"
                    .formatted(
                            tree.path("revision").asLong(0),
                            tree.path("tookMillis").asLong(0)));
        }
        return Main.FINE;
    }

    /** What to throw when a configuration was refused, or the call itself was; problems name {@code file}, as above. */
    static Refused refusal(AdminClient.Answer answer, Output output, @Nullable Path file) {
        JsonNode problems = answer.json().path("problems");
        if (problems.isEmpty()) {
            answer.orRefuse();
        }
        List<Problem> said = new ArrayList<>();
        problems.forEach(problem -> said.add(problem(problem, file)));
        return Configurations.refusal(answer.json().path("error").asString(""), said, output);
    }

    private static void quarantined(JsonNode quarantined, PrintWriter out) {
        quarantined.forEach(one -> out.println("quarantined: "
                + one.path("what").asString("") + " " + one.path("name").asString("") + ": "
                + one.path("reason").asString("")));
    }

    private static void changes(JsonNode changes, PrintWriter out) {
        for (JsonNode change : changes) {
            String sign = switch (change.path("change").asString("")) {
                case "added" -> "+";
                case "removed" -> "-";
                default -> "~";
            };
            out.println((sign + " " + change.path("thing").asString("") + " "
                            + change.path("name").asString(""))
                    .stripTrailing());
            change.path("details").forEach(detail -> out.println("    " + detail.asString("")));
        }
    }

    static Problem problem(JsonNode tree, @Nullable Path file) {
        return new Problem(
                file == null ? tree.path("file").asString("") : Objects.toString(file),
                tree.path("line").asInt(1),
                tree.path("column").asInt(1),
                tree.path("path").asString(""),
                tree.path("message").asString(""),
                tree.path("hint").asString(""));
    }
}
