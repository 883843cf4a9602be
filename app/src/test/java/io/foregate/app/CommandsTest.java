package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What commands print, and their exit codes. */
final class CommandsTest {
    private static final String SOUND = """
            sites:
              app.example.com:
                routes:
                  /api/*: { to: api, strip-prefix: /api }
                  /*: web
            pools:
              web: [127.0.0.1:3000]
              api: { servers: [127.0.0.1:3001, 127.0.0.1:3002], balance: least-requests }
            """;
    private static final String BROKEN = """
            sites:
              a: nowhere
            pool:
              web: [127.0.0.1:3000]
            pools:
              web: [127.0.0.1:99999]
            """;

    @TempDir
    Path folder;

    private static Result run(String... args) {
        return Result.of(args);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("foregate.yaml"), text).toString();
    }

    // ---- check ----

    @Test
    void checkSaysThatAFileIsFine() throws IOException {
        Result result = run("check", file(SOUND));

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("is fine: 1 site, 2 routes, 2 pools");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void checkSaysEverythingThatIsWrongInTheOrderOfTheFile() throws IOException {
        String file = file(BROKEN);
        Result result = run("check", file);

        assertThat(result.code()).isEqualTo(1);
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith(file + ":2:6 sites.a: ").contains("nowhere");
        assertThat(lines.get(1)).startsWith(file + ":3:1 pool: ").contains("did you mean pools?");
        assertThat(lines.get(2)).startsWith(file + ":6:9 pools.web[0]: ").contains("99999");
        assertThat(lines.get(3)).isEqualTo("3 errors");
    }

    @Test
    void checkPrintsJson() throws IOException {
        Result result = run("check", "--json", file(BROKEN));

        assertThat(result.code()).isEqualTo(1);
        JsonNode tree = JsonMapper.shared().readTree(result.out());
        assertThat(tree.get("fine").asBoolean()).isFalse();
        assertThat(tree.get("problems")).hasSize(3);
        assertThat(tree.get("problems").get(1).get("line").asInt()).isEqualTo(3);
        assertThat(tree.get("problems").get(1).get("severity").asString()).isEqualTo("error");
    }

    @Test
    void aWarningIsNoError() throws IOException {
        Result result = run("check", file(SOUND + "  spare: [127.0.0.1:3003]\n"));

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains(": warning: ").contains("is fine").contains("1 warning");
    }

    @Test
    void aMissingFileIsSaidInOneLine() {
        Result result = run("check", folder.resolve("nothing.yaml").toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("there is no such file").doesNotContain("\tat ");
    }

    // ---- explain ----

    @Test
    void explainNamesRoutePoolServersAndWhereSettingsAreFrom() throws IOException {
        String file = file(SOUND);
        Result result = run("explain", file, "GET", "http://app.example.com/api/users?page=2");

        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("app.example.com")
                .contains("/api/*")
                .contains(file + ":4:")
                .contains("GET /users?page=2")
                .contains("api: 127.0.0.1:3001, 127.0.0.1:3002")
                .containsPattern("balance +least-requests +" + java.util.regex.Pattern.quote(file) + ":8:")
                .containsPattern("timeouts.connect +3s +default");
    }

    @Test
    void explainSaysNoWhenNothingTakesTheRequest() throws IOException {
        Result result = run("explain", file(SOUND), "GET", "http://other.example/");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("404");
    }

    @Test
    void explainPrintsJson() throws IOException {
        Result result = run("explain", "--json", file(SOUND), "GET", "/api/users", "-H", "Host: app.example.com");

        assertThat(result.code()).isZero();
        JsonNode tree = JsonMapper.shared().readTree(result.out());
        assertThat(tree.get("route").asString()).isEqualTo("/api/*");
        assertThat(tree.get("pool").get("servers")).hasSize(2);
        assertThat(tree.get("requestLine").asString()).isEqualTo("GET /users");
    }

    @Test
    void explainRefusesABrokenFileAndABrokenAddress() throws IOException {
        Result broken = run("explain", file(BROKEN), "GET", "/");
        Result address = run("explain", file(SOUND), "GET", "/", "--from", "nobody");

        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("did you mean pools?").doesNotContain("\tat ");
        assertThat(address.code()).isEqualTo(2);
        assertThat(address.err()).contains("'nobody' is not an IP address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", ": value"})
    void explainTakesNoFieldWithoutAName(String field) throws IOException {
        Result result = run("explain", file(SOUND), "GET", "/", "-H", field);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("-H '" + field + "': write 'Name: value'");
    }

    @Test
    void explainTakesNoUrlOfAnotherKind() throws IOException {
        Result result = run("explain", file(SOUND), "GET", "ftp://app.example.com/");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("ftp://app.example.com/: write a URL that begins with http:// or https://");
        assertThat(run("explain", file(SOUND), "GET", "HTTP://app.example.com/?from=ftp://x/")
                        .code())
                .isZero();
    }

    @Test
    void whatIsWrongWithAFileIsPrintedForProgramsToo() throws IOException {
        String file = file(BROKEN);
        for (Result result :
                List.of(run("explain", file, "GET", "/", "--json"), run("plan", file, "--against", file, "--json"))) {
            assertThat(result.code()).isEqualTo(1);
            JsonNode tree = JsonMapper.shared().readTree(result.out());
            assertThat(tree)
                    .isEqualTo(JsonMapper.shared()
                            .readTree(run("check", file, "--json").out()));
            assertThat(result.err()).contains("did you mean pools?");
        }
    }

    // ---- plan ----

    @Test
    void planPrintsJson() throws IOException {
        String before = file("sites: { a.test: web }\npools: { web: [127.0.0.1:1], api: [127.0.0.1:2] }\n");
        String after = Files.writeString(
                        folder.resolve("after.yaml"),
                        "sites: { a.test: { routes: { /x/*: api, /*: web } } }\n"
                                + "pools: { web: [127.0.0.1:1], api: [127.0.0.1:2] }\n")
                .toString();
        Result result = run("plan", "--json", after, "--against", before);

        assertThat(result.code()).isZero();
        JsonNode tree = JsonMapper.shared().readTree(result.out());
        assertThat(tree.get("regions")).hasSize(1);
        JsonNode region = tree.get("regions").get(0);
        assertThat(region.get("host").asString()).isEqualTo("a.test");
        assertThat(region.get("path").asString()).isEqualTo("/x/*");
        assertThat(region.get("elsewhere").asBoolean()).isTrue();
        assertThat(region.get("after").get("action").asString()).isEqualTo("to pool api");
    }

    @Test
    void planOfTheSameSaysSoAndABrokenFileIsRefused() throws IOException {
        String file = file(SOUND);
        assertThat(run("plan", file, "--against", file).out()).contains("Nothing would change.");
        Result broken = run("plan", file(BROKEN), "--against", file);
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("did you mean pools?");
    }

    // ---- run, proxy, demo: what goes wrong before they serve ----

    @Test
    void runRefusesABrokenFile() throws IOException {
        Result result = run("run", "--config", file(BROKEN));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("pools.web[0]").doesNotContain("\tat ");
        assertThat(run("run", file(BROKEN)).err()).isEqualTo(result.err());
    }

    @Test
    void runTakesOneFile() {
        Result result = run("run", "--config", "a.yaml", "b.yaml");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("named twice: a.yaml and b.yaml");
        assertThat(run("run", "a.yaml", "b.yaml").code()).isEqualTo(2);
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = run("proxy", "--from", "127.0.0.1:" + taken.getLocalPort(), "--to", "3000");

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .contains("port " + taken.getLocalPort() + " is taken by another process")
                    .doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app/base", "app:port", "http://app/base", "a b:1", "app:0"})
    void aServerThatIsNoneIsUsage(String server) {
        Result result = run("proxy", "--to", server);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("--to " + server).contains("foregate proxy --help");
    }

    @Test
    void serversAreReadAsPeopleTypeThem() {
        OneLine line = new OneLine(
                "9000",
                List.of("3000", ":3001", "http://app:3002/", "http://app", "[::1]:3003", "https://app"),
                "round-robin",
                "off",
                OneLine.Certificate.NONE);

        assertThat(line.yaml())
                .contains("\":9000\"")
                .contains(
                        "[\"localhost:3000\", \"localhost:3001\", \"app:3002\", \"app:80\", \"[::1]:3003\", \"https://app:443\"]");
        assertThat(Configurations.text("command line", line.yaml()).warnings()).isEmpty();
    }

    @Test
    void theDemoRunsWithAConfigurationThatCanBeUsed() throws IOException {
        Result result = run("demo", "--print-config");

        assertThat(result.code()).isZero();
        String yaml = result.out().substring(result.out().indexOf("listeners:"));
        assertThat(run("check", file(yaml)).out()).contains("is fine").doesNotContain("warning");
    }

    // ---- the rest ----

    @ParameterizedTest
    @ValueSource(strings = {"demo", "proxy", "run", "check", "explain", "plan", "version", "completion"})
    void everyCommandHasHelpWithAnExample(String command) {
        Result result = run(command, "--help");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: foregate " + command).contains("  foregate " + command);
        assertThat(run("help", command).out()).isEqualTo(result.out());
    }

    @Test
    void versionIsPrinted() {
        assertThat(run("version").out()).startsWith("foregate ");
        assertThat(JsonMapper.shared()
                        .readTree(run("version", "--json").out())
                        .get("java")
                        .asString())
                .startsWith("2");
        assertThat(run("--version").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsTheCommands(String shell) {
        Result result = run("completion", shell);

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("complete -F").contains("explain").doesNotContain("aot-train");
    }

    @Test
    void whatIsUnknownIsUsageWithASuggestion() {
        Result command = run("explian");
        Result option = run("run", "--confg", "x");

        assertThat(command.code()).isEqualTo(2);
        assertThat(command.err()).contains("explain");
        assertThat(option.code()).isEqualTo(2);
        assertThat(option.err()).contains("--config");
        assertThat(run().code()).isEqualTo(2);
    }

    @Test
    void theShortcutTakesPlainCommandsOnly() {
        assertThat(Shortcut.of("run", "--config", "x.yaml")).isNotNull();
        assertThat(Shortcut.of("run", "x.yaml")).isNotNull();
        assertThat(Shortcut.of("proxy", "--to", "3000", "--from", ":1")).isNotNull();
        assertThat(Shortcut.of()).isNull();
        assertThat(Shortcut.of("run", "--help")).isNull();
        assertThat(Shortcut.of("run", "--config")).isNull();
        assertThat(Shortcut.of("run", "--watch")).isNull();
        assertThat(Shortcut.of("proxy", "--from", ":1")).isNull();
        assertThat(Shortcut.of("proxy", "--to", "--from")).isNull();
        assertThat(Shortcut.of("check", "x.yaml")).isNull();
    }
}
