package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guide shows is what happens. */
final class DocumentsTest {
    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "docs/getting-started.md",
                "docs/commands.md",
                "docs/configuration.md",
                "docs/http2.md",
                "docs/origins.md",
                "docs/proxy-protocol.md",
                "docs/defences.md",
                "docs/balancing.md",
                "docs/discovery.md",
                "docs/overload.md",
                "docs/retries.md",
                "docs/grpc.md",
                "docs/traffic.md",
                "docs/websocket.md",
                "docs/health.md",
                "docs/plan.md",
                "docs/admin.md",
                "docs/guarded-apply.md",
                "docs/live.md",
                "docs/rollouts.md",
                "docs/upgrade.md",
            })
    void everyConfigurationPassesTheCheckWithoutWarnings(String name) throws IOException {
        List<String> examples = examples(name);

        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            assertThat(run("check", write(example)))
                    .as(example)
                    .contains("is fine")
                    .doesNotContain("warning");
        }
    }

    @Test
    void planPrintsWhatThePageShows() throws IOException {
        List<String> files = examples("docs/plan.md");
        String before = write(files.getFirst());
        String after = folder.resolve("after.yaml").toString();
        Files.writeString(Path.of(after), files.get(1));
        String page = Files.readString(root().resolve("docs/plan.md"));
        String shown = page.substring(page.indexOf("Then the plan is:"))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("    ") || line.isEmpty())
                .map(line -> line.isEmpty() ? line : line.substring(4))
                .reduce("", (text, line) -> text + line + "\n");

        assertThat(run("plan", after, "--against", before)
                        .replace(after, "new.yaml")
                        .strip())
                .isEqualTo(shown.strip());
    }

    @Test
    void explainPrintsWhatThePageShows() throws IOException {
        String page = Files.readString(root().resolve("docs/commands.md"));
        String file = write(examples("docs/commands.md").getLast());
        String shown = page.substring(page.indexOf("the first example begins:"))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .reduce("", (text, line) -> text + line + "\n");

        String printed = run("explain", file, "GET", "http://app.example.com/api/users?page=2");

        assertThat(shown).contains("pool ");
        assertThat(printed.replace(file, "foregate.yaml")).startsWith(shown);
    }

    @Test
    void theMistakeOfTheGuideIsReportedAsShown() throws IOException {
        String file = write(examples("docs/getting-started.md").getFirst().replace("\"*\": app", "\"*\": ap"));

        assertThat(run("check", file).replace(file, "foregate.yaml").lines())
                .first()
                .isEqualTo("foregate.yaml:4:8 sites.*: there is no pool \"ap\"; did you mean app?");
        assertThat(Files.readString(root().resolve("docs/getting-started.md")))
                .contains("foregate.yaml:4:8 sites.*: there is no pool \"ap\"; did you mean app?");
    }

    @Test
    void thePageOfCommandsNamesAllOfThem() throws IOException {
        String page = Files.readString(root().resolve("docs/commands.md"));
        for (var command : Cli.all().getSubcommands().entrySet()) {
            if (!command.getValue().getCommandSpec().usageMessage().hidden()
                    && !command.getKey().equals("help")) {
                assertThat(page).contains("## foregate " + command.getKey());
            }
        }
    }

    private String write(String yaml) throws IOException {
        // The guide's secrets are in files beside the configuration.
        for (String secret : List.of("sticky.key", "dashboard.token", "deploy.token")) {
            Files.writeString(folder.resolve(secret), "a key of some length\n");
        }
        return Files.writeString(folder.resolve("foregate.yaml"), yaml).toString();
    }

    private static String run(String... args) {
        StringWriter out = new StringWriter();
        Cli.execute(new PrintWriter(out), new PrintWriter(out), args);
        return out.toString();
    }

    private static List<String> examples(String name) throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher matcher = YAML.matcher(Files.readString(root().resolve(name)));
        while (matcher.find()) {
            examples.add(matcher.group(1));
        }
        return examples;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("LICENSE"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("the tests run outside the repository");
        }
        return folder;
    }
}
