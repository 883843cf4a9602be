package io.foregate.control.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that were started to take over: in time, and too late. */
final class SuccessorTest {
    private static final Duration READY = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofMillis(200);
    private static final String MEET = """
            import json, os, socket, struct, time
            old = socket.socket(socket.AF_UNIX)
            old.connect(os.environ["FOREGATE_HANDOVER"])
            def say(**message):
                text = json.dumps(message).encode()
                old.sendall(struct.pack(">I", len(text)) + text)
            """;

    @TempDir
    private Path folder;

    // By a launcher that doesn't become what it starts.
    private Successor start(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), MEET + script);
        return Successor.start(List.of("sh", "-c", "python3 " + file + "; exit 3"), READY, LATE);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void oneThatStopsInTheMidstOfAWordIsEndedWhenItsTimeIsOverAndOneThatServesIsNot() throws Exception {
        String serving = """
                say(says="hello", protocol=1, pid=os.getpid(), version="new")
                say(says="serving")
                time.sleep(60)
                """;
        String silent = """
                old.sendall(struct.pack(">I", 100) + b"{")
                time.sleep(60)
                """;
        try (Successor good = start("good", serving);
                Successor late = start("late", silent)) {
            assertThat(good.hello().version()).isEqualTo("new");
            good.awaitServing();

            assertThatThrownBy(late::hello).isInstanceOf(Successor.Unfit.class);

            // Its time was over before that of the other one.
            good.tried(LATE);
        }
    }
}
