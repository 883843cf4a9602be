package io.foregate.tests.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Authority;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session tickets whose keys a fleet shares in a file. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class TicketsTest {
    private static final String CONFIG = """
            listeners: { tls: { address: "127.0.0.1:0", tls: on } }
            sites: { a.test: { tls: { cert: a.pem, key: a.key }, respond: { body: fine } } }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void processesThatShareTheFileResumeEachOthersSessions(String version) throws Exception {
        new Authority(folder).issue("a", "DNS:a.test");
        Path keys = folder.resolve("ticket.keys");
        String first = key();
        Files.writeString(keys, first + "\n");
        String shared = CONFIG + "tls: { ticket-keys: ticket.keys }\n";
        try (Served one = Served.start(folder, shared);
                Served two = Served.start(folder, shared);
                Served stranger = Served.start(folder, CONFIG)) {
            String session = folder.resolve("session").toString();
            Exchange.over(one, "a.test", version, "-sess_out", session);
            assertThat(resumed(two, version, session)).isTrue();
            assertThat(resumed(stranger, version, session)).isFalse();

            // A new key seals, and the old one still opens.
            Files.writeString(keys, key() + "\n" + first + "\n");
            await().during(Duration.ofSeconds(1)).until(() -> resumed(two, version, session));
            Exchange.over(one, "a.test", version, "-sess_out", session + 2);
            assertThat(resumed(two, version, session + 2)).isTrue();

            // The old one is gone, and its tickets with it.
            String third = key();
            Files.writeString(keys, third + "\n");
            await().atMost(Duration.ofSeconds(20)).until(() -> !resumed(two, version, session));
        }
    }

    private static boolean resumed(Served served, String version, String session) throws Exception {
        return served.openssl("-servername", "a.test", version, "-sess_in", session)
                .contains("Reused, TLSv1");
    }

    private static String key() throws Exception {
        return Program.run("openssl", "rand", "-base64", "48").replace("\n", "");
    }
}
