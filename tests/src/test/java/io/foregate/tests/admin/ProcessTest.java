package io.foregate.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.admin.Administered.Curled;
import io.foregate.tests.support.RealProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API of a process of its own. */
final class ProcessTest {
    @TempDir
    Path folder;

    @Test
    void aProcessIsChangedThroughItsSocketAndTheLogTellsWhoDidIt() throws Exception {
        String yaml = "listeners: { main: \"127.0.0.1:0\" }\nlogs: { access: off }\nshutdown: 1s\n"
                + "sites: { \"*\": web }\npools: { web: [\"127.0.0.1:1\"] }\nadmin: unix:admin.sock\n";
        Path socket = folder.resolve("admin.sock");
        try (RealProcess proxy =
                RealProcess.run(folder, yaml, "--state", folder.resolve("state").toString())) {
            proxy.program().awaitError(text -> text.contains("the admin API listens on unix:admin.sock"));
            Curled drained = Administered.run(
                    "http://localhost/v1/pools/web/endpoints/127.0.0.1:1/maintenance",
                    "--unix-socket",
                    socket.toString(),
                    "-H",
                    "Content-Type: application/json",
                    "-d",
                    "{\"reason\": \"a\\nb\"}");

            assertThat(drained.status()).as(drained.body()).isEqualTo(200);
            String line = proxy.program().awaitError(text -> text.contains("(unix socket)"));
            assertThat(line)
                    .contains("admin: " + System.getProperty("user.name") + " (unix socket): POST /v1/pools/web/")
                    .endsWith("reason=a b: 200");
            assertThat(proxy.terminate()).isZero();
        }
        assertThat(socket).doesNotExist();
    }
}
