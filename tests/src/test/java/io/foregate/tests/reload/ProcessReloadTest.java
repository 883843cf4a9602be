package io.foregate.tests.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** SIGHUP, the watch over the file, and the history on disk, in a process of its own. */
@Execution(ExecutionMode.CONCURRENT)
final class ProcessReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static String says(String text) {
        return "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\n"
                + "sites: { \"*\": { routes: { /*: { respond: { body: \"" + text + "\" } } } } }\n";
    }

    private void write(String yaml) throws IOException {
        Path fresh = folder.resolve("new.yaml");
        Files.writeString(fresh, yaml);
        Files.move(fresh, folder.resolve("foregate.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path state() {
        return folder.resolve("state");
    }

    private RealProcess start(String yaml, String... options) throws IOException {
        return RealProcess.run(
                folder,
                yaml,
                Stream.concat(Stream.of("--state", state().toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void aHangupReadsTheFileAnewAndABrokenFileChangesNothing() throws Exception {
        try (RealProcess proxy = start(says("one"));
                Wire client = proxy.client()) {
            assertThat(client.get("/").text()).isEqualTo("one");

            write(says("two"));
            proxy.program().signal("HUP");
            proxy.program().awaitError(line -> line.contains("revision 2 now (SIGHUP"));
            assertThat(client.get("/").text()).isEqualTo("two");

            write(says("three") + "poolz: {}\n");
            proxy.program().signal("HUP");
            String complaint = proxy.program().awaitError(line -> line.contains("poolz"));
            assertThat(complaint)
                    .contains("ERROR")
                    .contains("foregate.yaml:5:1")
                    .contains("pools");
            proxy.program().awaitError(line -> line.contains("revision 2 stays in force"));
            assertThat(client.get("/").text()).isEqualTo("two");
            assertThat(proxy.terminate()).isZero();
        }
        assertThat(state().resolve("revisions/000002.yaml")).hasContent(says("two"));
        assertThat(state().resolve("revisions/000001.json")).content().contains("\"author\" : \"start\"");
    }

    @Test
    void aFileThatWouldNotFitIntoMemoryIsRefusedAndTheProcessGoesOn() throws Exception {
        try (RealProcess proxy =
                        RealProcess.run(folder, says("one"), List.of("-Xmx64m"), "--state", state().toString());
                Wire client = proxy.client()) {
            write(says("two") + "# and a lot more\n".repeat(1 << 16));
            proxy.program().signal("HUP");
            String complaint = proxy.program().awaitError(line -> line.contains("too large"));
            assertThat(complaint).contains("ERROR", "foregate.yaml:1:1", "may take 136 MiB", "foregate upgrade");
            proxy.program().awaitError(line -> line.contains("revision 1 stays in force"));
            assertThat(client.get("/").text()).isEqualTo("one");

            write(says("two"));
            proxy.program().signal("HUP");
            proxy.program().awaitError(line -> line.contains("revision 2 now (SIGHUP"));
            assertThat(client.get("/").text()).isEqualTo("two");
        }
    }

    @Test
    void theWatchedFileIsReadAnewWhenItChanges() throws Exception {
        try (RealProcess proxy = start(says("one"), "--watch");
                Wire client = proxy.client()) {
            assertThat(client.get("/").text()).isEqualTo("one");

            write(says("two"));
            await().atMost(PATIENCE).until(() -> client.get("/").text().equals("two"));

            write("sites: {");
            proxy.program().awaitError(line -> line.contains("revision 2 stays in force"));
            assertThat(client.get("/").text()).isEqualTo("two");

            write(says("three"));
            await().atMost(PATIENCE).until(() -> client.get("/").text().equals("three"));
            assertThat(proxy.terminate()).isZero();
        }
    }

    @Test
    void theHistoryGoesOnAfterARestart() throws Exception {
        try (RealProcess proxy = start(says("one"))) {
            write(says("two"));
            proxy.program().signal("HUP");
            proxy.program().awaitError(line -> line.contains("revision 2 now"));
            assertThat(proxy.terminate()).isZero();
        }
        try (RealProcess proxy = start(says("two"))) {
            write(says("three"));
            proxy.program().signal("HUP");
            proxy.program().awaitError(line -> line.contains("revision 3 now"));
            assertThat(proxy.terminate()).isZero();
        }
    }

    @Test
    void aProcessThatNeverChangesWritesNothing() throws Exception {
        try (RealProcess proxy = start(says("one"))) {
            assertThat(proxy.get("/").text()).isEqualTo("one");
            assertThat(proxy.terminate()).isZero();
        }
        assertThat(state()).doesNotExist();
    }
}
