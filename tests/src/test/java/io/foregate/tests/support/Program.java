package io.foregate.tests.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of its own, whose output is read line by line as it comes. Killed when it is closed. */
public final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private Program(Process process) {
        this.process = process;
        this.readers = List.of(follow(process.getInputStream(), output), follow(process.getErrorStream(), errors));
    }

    public static Program start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new Program(process);
    }

    public static Program start(String... command) throws IOException {
        return start(List.of(command));
    }

    /** Runs a command to its end; returns what it wrote. Throws when it fails. */
    public static String run(String... command) throws IOException {
        try (Program program = start(command)) {
            int code = program.awaitEnd(Duration.ofSeconds(120));
            if (code != 0) {
                throw new AssertionError(String.join(" ", command) + " ended with " + code + ": " + program.errors());
            }
            return String.join("\n", program.output);
        }
    }

    private static Thread follow(InputStream stream, List<String> lines) {
        // Reading from a pipe holds on to a virtual thread's carrier.
        return Thread.ofPlatform().daemon().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Lines of standard output so far. */
    public List<String> output() {
        return output;
    }

    /** Lines of standard error so far. */
    public List<String> errors() {
        return errors;
    }

    /** The first line of standard output that {@code wanted} holds for, waiting for it. */
    public String awaitOutput(Predicate<String> wanted) {
        return awaitLine(output, wanted);
    }

    /** The first line of standard error that {@code wanted} holds for, waiting for it. */
    public String awaitError(Predicate<String> wanted) {
        return awaitLine(errors, wanted);
    }

    private String awaitLine(List<String> lines, Predicate<String> wanted) {
        await().atMost(PATIENCE)
                .failFast(
                        "it has ended: " + process.info().commandLine(),
                        () -> !process.isAlive()
                                && readers.stream().noneMatch(Thread::isAlive)
                                && lines.stream().noneMatch(wanted))
                .untilAsserted(() -> assertThat(lines).anyMatch(wanted));
        return lines.stream().filter(wanted).findFirst().orElseThrow();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a signal, for example {@code TERM}. */
    public void signal(String name) throws IOException {
        run("kill", "-" + name, String.valueOf(pid()));
    }

    /** Ends it with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(PATIENCE);
    }

    /** Waits for its end and for all of its output; returns the exit code. */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + limit + ": " + process.info());
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
