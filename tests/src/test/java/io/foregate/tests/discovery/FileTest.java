package io.foregate.tests.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.discovery.DiscoveryState;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Servers that a file lists, which somebody else writes. */
@ExtendWith(NoLeaks.class)
final class FileTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private Configured proxy() throws Exception {
        return Configured.start(folder, """
                listeners: { main: { address: "127.0.0.1:0" } }
                sites: { "*": api }
                pools: { api: { servers: { file: servers.yaml } } }
                logs: { access: off }
                """);
    }

    // As it is done by whoever knows that others read: written aside, and moved into place.
    private void list(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(next, folder.resolve("servers.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Message get(Configured proxy) throws Exception {
        try (Wire client = Wire.to(proxy.port("main"))) {
            return client.get("/");
        }
    }

    @Test
    void theFileIsFollowedAndABrokenOneChangesNothing() throws Exception {
        try (var one = Origin.saying("one");
                var two = Origin.saying("two")) {
            list("- 127.0.0.1:" + one.address().getPort() + "\n");
            try (var proxy = proxy();
                    var load = Load.on(proxy.port("main"), 3)) {
                await().atMost(SOON).until(() -> load.answersOf("one") > 10);
                list("[{\"address\": \"127.0.0.1:" + two.address().getPort() + "\", \"weight\": 3}]");
                await().atMost(SOON).until(() -> load.answersOf("two") > 10);

                list("- 127.0.0.1:99999\n");
                await().atMost(SOON).until(() -> state(proxy).failure() != null);
                assertThat(state(proxy).failure()).contains("servers.yaml:1:3").contains("outside 1–65535");
                int before = load.answersOf("two");
                await().atMost(SOON).until(() -> load.answersOf("two") > before + 10);

                list("servers: [127.0.0.1:" + one.address().getPort() + "]");
                await().atMost(SOON).until(() -> state(proxy).failure() == null);
                int seen = load.answersOf("one");
                await().atMost(SOON).until(() -> load.answersOf("one") > seen + 10);
                Files.delete(folder.resolve("servers.yaml"));
                await().atMost(SOON).until(() -> state(proxy).failure() != null);
                assertThat(get(proxy).text()).isEqualTo("one");
                assertThat(load.stop()).isEmpty();
            }
        }
    }

    @Test
    void anEmptyListIsAPoolThatIsDownAndAFileMayComeLater() throws Exception {
        try (var one = Origin.saying("one");
                var proxy = proxy()) {
            assertThat(get(proxy).status()).isEqualTo(503);
            assertThat(state(proxy).failure()).contains("there is no such file");
            list("- 127.0.0.1:" + one.address().getPort());
            await().atMost(SOON).until(() -> get(proxy).status() == 200);
            list("[]");
            await().atMost(SOON).until(() -> get(proxy).status() == 503);
            assertThat(state(proxy).failure()).isNull();
        }
    }

    private static DiscoveryState state(Configured proxy) {
        return proxy.foregate().discoveries().getFirst();
    }
}
