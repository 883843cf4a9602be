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
        String request = "(printf 'GET / HTTP/1.1\\r\\nHost: " + name
                + "\\r\\nConnection: close\\r\\n\\r\\n'; sleep 5) |"
                + " openssl s_client -ign_eof -connect 127.0.0.1:" + served.port("tls") + " -servername " + name + " "
                + String.join(" ", options);
        try (Program program = Program.start(List.of("bash", "-c", request + " & wait $!"))) {
            program.awaitEnd(Duration.ofSeconds(30));
            return String.join("\n", program.output()) + "\n" + String.join("\n", program.errors());
        }
    }
}
