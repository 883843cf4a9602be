package io.foregate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process as a user starts it: its lines, its signals, its exit code. */
@EnabledOnOs({OS.LINUX, OS.MAC})
final class ProcessTest {
    private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:[0-9]+)");

    private final List<Process> started = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void runAnswersRotatesItsLogAndEndsWithZero() throws Exception {
        Path config = Files.writeString(folder.resolve("foregate.yaml"), """
                listeners: { main: "127.0.0.1:0" }
                sites: { "*": { routes: { /*: { respond: { body: "hello" } } } } }
                logs: { access: { to: access.log } }
                """);
        Process process = start("run", "--config", config.toString());
        BufferedReader err = process.errorReader();
        String base = awaitBase(err);
        assertThat(get(base + "/one").body()).isEqualTo("hello");

        Path log = folder.resolve("access.log");
        awaitContains(log, "/one");
        Files.move(log, folder.resolve("access.log.1"));
        signal(process, "HUP");
        awaitContains(log, "");
        get(base + "/two");
        awaitContains(log, "/two");

        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(folder.resolve("access.log.1")))
                .contains("/one")
                .doesNotContain("/two");
    }

    @Test
    void demoShowsItsPageTakesTurnsAndSurvivesAStoppedOrigin() throws Exception {
        Process process = start("demo", "--port", "0");
        String base = awaitBase(process.errorReader());

        assertThat(get(base + "/").body())
                .contains("<title>Foregate demo</title>")
                .doesNotContain("{{");
        assertThat(whoAnswers(base)).containsExactlyInAnyOrder("red\n", "green\n", "blue\n");
        assertThat(get(base + "/headers").body()).containsIgnoringCase("x-forwarded-for: 127.0.0.1");
        assertThat(get(base + "/maintenance").statusCode()).isEqualTo(503);
        assertThat(get(base + "/crash").statusCode()).isEqualTo(502);

        assertThat(get(base + "/demo/stop/blue").body()).contains("blue stops");
        while (!get(base + "/demo/state").body().contains("\"blue\":false")) {
            Thread.onSpinWait();
        }
        assertThat(whoAnswers(base)).containsExactlyInAnyOrder("red\n", "green\n");
        get(base + "/demo/start/blue");
        Set<String> all = new HashSet<>();
        while (!all.contains("blue\n")) {
            all.addAll(whoAnswers(base));
        }

        signal(process, "INT");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void theTrainingRunEndsByItself() throws Exception {
        Process process = start("aot-train");

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.foregate.app.Main"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        started.add(process);
        return process;
    }

    private static String awaitBase(BufferedReader err) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            seen.append(line).append('\n');
            // What the library for logging has to say of itself is no user's business.
            assertThat(line).doesNotStartWith("SLF4J");
            Matcher matcher = LISTENING.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("it never listened: " + seen);
    }

    private static Set<String> whoAnswers(String base) throws IOException, InterruptedException {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 24; i++) {
            HttpResponse<String> answer = get(base + "/who");
            assertThat(answer.statusCode()).isEqualTo(200);
            names.add(answer.body());
        }
        return names;
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static void awaitContains(Path file, String text) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertThat(System.nanoTime() - deadline)
                    .as("%s never held %s", file, text)
                    .isNegative();
            Thread.sleep(10);
        }
    }
}
