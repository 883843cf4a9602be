package io.foregate.tests.peers;

import io.foregate.tests.support.Program;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A real application server as a process of its own. */
final class Backend implements AutoCloseable {
    /** What it runs on. */
    enum Kind {
        NODE("node", "server.js"),
        PYTHON("python3", "server.py");

        private final String command;
        private final String script;

        Kind(String command, String script) {
            this.command = command;
            this.script = script;
        }
    }

    private final Program program;
    private final int port;

    private Backend(Program program) {
        this.program = program;
        this.port = Integer.parseInt(program.awaitOutput(line -> line.matches("[0-9]+")));
    }

    /** Starts one on {@code port}, 0 for any; its script is laid down in {@code folder}. */
    static Backend start(Kind kind, Path folder, int port) throws IOException {
        Path script = layDown(kind.script, folder);
        layDown("page.html", folder);
        return new Backend(Program.start(kind.command, script.toString(), String.valueOf(port)));
    }

    private static Path layDown(String name, Path folder) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream content = Backend.class.getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(content), file);
            }
        }
        return file;
    }

    int port() {
        return port;
    }

    /** What the page has reported, waiting for it. */
    String report() {
        return program.awaitOutput(line -> line.startsWith("report ")).substring("report ".length());
    }

    /** As {@code kill -9} does it. */
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }
}
