package io.foregate.tests.tls;

import io.foregate.tests.support.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** One request through {@code openssl s_client}. */
final class Exchange {
    private Exchange() {}

    /** Sends a GET with the options given and returns all that openssl says, the answer within it. */
    static String over(Served served, String name, String... options) throws IOException {
        // Its input stays open for a while, since it ends with it, but it isn't waited for: openssl ends with the
        // connection.
        String request = "exec openssl s_client -ign_eof -connect 127.0.0.1:" + served.port("tls") + " -servername "
                + name + " " + String.join(" ", options) + " < <(exec 2>&-; printf 'GET / HTTP/1.1\\r\\nHost: " + name
                + "\\r\\nConnection: close\\r\\n\\r\\n'; exec sleep 5)";
        try (Program program = Program.start(List.of("bash", "-c", request))) {
            program.awaitEnd(Duration.ofSeconds(30));
            return String.join("\n", program.output()) + "\n" + String.join("\n", program.errors());
        }
    }
}
