package io.foregate.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Foregate as users run it: a process of its own. It is started from the jar when that is as new as what has been compiled, else
 * from the classes.
 */
public final class RealProcess implements AutoCloseable {
    private static final String LISTENING = "listening on http://127.0.0.1:";

    // A short life isn't worth the second compiler.
    private static final List<String> ORDINARY = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    private final Program program;
    private final int port;

    private RealProcess(Program program) {
        this.program = program;
        String line = program.awaitError(text -> text.contains(LISTENING));
        String rest = line.substring(line.indexOf(LISTENING) + LISTENING.length());
        this.port = Integer.parseInt(rest.substring(0, rest.indexOf(' ')));
    }

    /** {@code foregate proxy} to these servers, on a free port. */
    public static RealProcess proxy(String... servers) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("proxy", "--from", "127.0.0.1:0"));
        for (String server : servers) {
            arguments.add("--to");
            arguments.add(server);
        }
        return new RealProcess(Program.start(command(ORDINARY, arguments)));
    }

    /** {@code foregate run} with this configuration, which listens on 127.0.0.1:0. */
    public static RealProcess run(Path folder, String yaml) throws IOException {
        return run(folder, yaml, ORDINARY);
    }

    /** {@code foregate run} with further arguments. */
    public static RealProcess run(Path folder, String yaml, String... more) throws IOException {
        return run(folder, yaml, ORDINARY, more);
    }

    /** {@code foregate run} with options for its JVM, and further arguments. */
    public static RealProcess run(Path folder, String yaml, List<String> options, String... more) throws IOException {
        Path file = folder.resolve("foregate.yaml");
        Files.writeString(file, yaml);
        List<String> arguments = new ArrayList<>(List.of("run", "--config", file.toString()));
        arguments.addAll(List.of(more));
        return new RealProcess(Program.start(command(options, arguments)));
    }

    /** What starts it: the launcher's flags; the smaller heap is the caller's, and another collector may be. */
    public static List<String> command(List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (options.stream().noneMatch(option -> option.startsWith("-XX:+Use") && option.endsWith("GC"))) {
            command.add("-XX:+UseSerialGC");
        }
        command.addAll(options);
        Path jar = root().resolve("app/target/foregate.jar");
        if (isCurrent(jar)) {
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            command.addAll(List.of("-cp", classes, "io.foregate.app.Main"));
        }
        command.addAll(arguments);
        return command;
    }

    private static boolean isCurrent(Path jar) {
        if (!Files.isRegularFile(jar)) {
            return false;
        }
        return Stream.of("api", "proxy", "control", "app")
                .map(module -> root().resolve(module).resolve("target/classes"))
                .flatMap(RealProcess::files)
                .noneMatch(file -> modified(file).compareTo(modified(jar)) > 0);
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The checkout. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("app/pom.xml"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("not within a checkout");
            }
            folder = parent;
        }
        return folder;
    }

    public int port() {
        return port;
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    public Wire client() throws IOException {
        return Wire.to(port);
    }

    /** One GET on a connection of its own. */
    public Message get(String target) throws IOException {
        try (Wire client = client()) {
            return client.get(target);
        }
    }

    public Program program() {
        return program;
    }

    /** Ends it as a service manager does; returns the exit code. */
    public int terminate() throws IOException {
        program.signal("TERM");
        return program.awaitEnd(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        program.close();
    }
}
