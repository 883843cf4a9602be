package io.foregate.tests.tls;

import io.foregate.control.certificates.CertificateState;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Foregate in this process with a configuration whose files are in a folder. Two loops, ports of the system's choice. */
final class Served implements AutoCloseable {
    private final Configured running;

    private Served(Configured running) {
        this.running = running;
    }

    static Served start(Path folder, String yaml) throws Exception {
        return new Served(Configured.start(folder, yaml + "\nlogs: { access: off }\nshutdown: 1s\n"));
    }

    /** The port of a listener. */
    int port(String listener) {
        return running.port(listener);
    }

    CertificateState state(String site) {
        return running.foregate().certificates().stream()
                .filter(state -> state.site().equals(site))
                .findFirst()
                .orElseThrow();
    }

    /** What {@code openssl s_client} says of a connection to the listener {@code tls}, on which nothing is sent. */
    String openssl(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port("tls")));
        command.addAll(List.of(options));
        try (Program program = Program.start(command)) {
            program.awaitEnd(Duration.ofSeconds(30));
            return String.join("\n", program.output()) + "\n" + String.join("\n", program.errors());
        }
    }

    /**
     * What curl writes when it asks the listener {@code tls} for {@code https://name/path}; with its exit code in front.
     * Answers by HTTP/2, which it prefers, look like those by HTTP/1.1.
     */
    String curl(String name, String path, String... options) throws IOException {
        int port = port("tls");
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "-i",
                "--resolve",
                name + ":" + port + ":127.0.0.1",
                "https://" + name + ":" + port + path));
        command.addAll(List.of(options));
        try (Program program = Program.start(command)) {
            int code = program.awaitEnd(Duration.ofSeconds(30));
            return code + "\n" + String.join("\n", program.output()).replace("HTTP/2 ", "HTTP/1.1 ") + "\n"
                    + String.join("\n", program.errors());
        }
    }

    @Override
    public void close() throws InterruptedException {
        running.close();
    }
}
