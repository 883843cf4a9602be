package io.foregate.tests.handover;

import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A proxy whose process changes while it goes on. Its admin API is at {@code admin.sock} in its folder. */
final class Service implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the admin API has answered. */
    record Answer(int status, JsonNode json) {
        String error() {
            return json.path("error").asString("");
        }
    }

    private final Path folder;
    private final RealProcess first;
    private final List<Long> processes = new ArrayList<>();

    private Service(Path folder, RealProcess first) {
        this.folder = folder;
        this.first = first;
        processes.add(first.program().pid());
    }

    static Service start(Path folder, String yaml, List<String> options) throws IOException {
        RealProcess first = RealProcess.run(
                folder, yaml, options, "--state", folder.resolve("state").toString());
        first.program().awaitError(line -> line.contains("the admin API listens"));
        return new Service(folder, first);
    }

    /** The process that was started first, which hands down its output. */
    RealProcess first() {
        return first;
    }

    /** The process that serves now. */
    long pid() {
        return processes.getLast();
    }

    Path folder() {
        return folder;
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        Path body = Files.writeString(folder.resolve("body.json"), json);
        return curl(path, "-H", "Content-Type: application/json", "--data-binary", "@" + body);
    }

    Answer curl(String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("curl", "-s", "-S", "--max-time", "120", "-w", "\n%{http_code}", "--unix-socket"));
        command.add(folder.resolve("admin.sock").toString());
        command.addAll(List.of(arguments));
        command.add("http://localhost" + path);
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        curl.getOutputStream().close();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        curl.waitFor();
        int end = output.lastIndexOf('\n');
        if (end <= 0 || output.endsWith("000")) {
            throw new AssertionError(path + ": " + output + first.program().errors());
        }
        return new Answer(
                Integer.parseInt(output.substring(end + 1).strip()),
                JsonMapper.shared().readTree(output.substring(0, end)));
    }

    /** Hands over, which has to work. */
    JsonNode upgrade() throws IOException, InterruptedException {
        Answer answer = post("/v1/upgrade", "{}");
        if (answer.status() != 200) {
            throw new AssertionError(answer + " " + first.program().errors());
        }
        processes.add(answer.json().path("pid").asLong());
        // Its admin API comes when the one before has gone.
        await().atMost(PATIENCE).until(() -> answersAs(pid()));
        return answer.json();
    }

    private boolean answersAs(long pid) {
        try {
            return curl("/v1/status").json().path("pid").asLong() == pid;
        } catch (IOException | InterruptedException | AssertionError e) {
            return false;
        }
    }

    /** Waits for the end of all processes but the one that serves. */
    void awaitEndOfOthers() {
        for (long pid : processes.subList(0, processes.size() - 1)) {
            await().atMost(PATIENCE).until(() -> !alive(pid));
        }
    }

    static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void close() {
        for (long pid : processes) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        first.close();
    }
}
