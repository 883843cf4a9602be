package io.foregate.control.handover;

import io.foregate.control.os.UnixWire;
import io.foregate.control.run.Passed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The process that is to take over, as the old one sees it: its start, and what is said. One thread. Unless it is {@link #keep kept},
 * closing ends it.
 */
final class Successor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Successor.class);

    /** Where the new process finds the old one. */
    static final String MEETING = "FOREGATE_HANDOVER";

    private static final int LONGEST_PATH = 90;
    private static final int LOOK_MILLIS = 50;
    private static final int LAST_WORDS_MILLIS = 500;
    private static final Duration LATE = Duration.ofSeconds(2);

    /** Why it can't take over, in one sentence without its end. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String why) {
            super(why);
        }
    }

    private final Path folder;
    private final UnixWire.Door door;
    private final Process process;
    private final long deadlineNanos;
    private @Nullable UnixWire wire;
    private volatile boolean serves;
    private boolean kept;

    private Successor(Path folder, UnixWire.Door door, Process process, long deadlineNanos) {
        this.folder = folder;
        this.door = door;
        this.process = process;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Starts it. It writes to the same standard output and error.
     *
     * @param within how long it may take until it serves
     */
    static Successor start(List<String> command, Duration within) throws IOException {
        return start(command, within, LATE);
    }

    /** @param late how long after that it is ended */
    static Successor start(List<String> command, Duration within, Duration late) throws IOException {
        Path folder = meetingFolder();
        boolean started = false;
        UnixWire.Door door = null;
        try {
            door = UnixWire.Door.at(folder.resolve("s"));
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            Map<String, String> environment = builder.environment();
            // What was meant for this process and no other.
            List.of("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_PID", StartCommand.LAUNCHER)
                    .forEach(environment::remove);
            environment.put(MEETING, folder.resolve("s").toString());
            LOG.info("starting the process that is to take over: {}", command.getFirst());
            Successor successor = new Successor(folder, door, builder.start(), System.nanoTime() + within.toNanos());
            Thread.ofVirtual().name("foregate-successor-deadline").start(() -> successor.endWhenLate(late));
            started = true;
            return successor;
        } finally {
            if (!started) {
                if (door != null) {
                    door.close();
                }
                delete(folder);
            }
        }
    }

    // Not all that is waited for has a limit of its own, but all of it ends with the process. Later than who looks
    // finds out.
    private void endWhenLate(Duration late) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()))
                    .plus(late));
            if (!serves) {
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // For this user alone; and a socket's path can't be long.
    private static Path meetingFolder() throws IOException {
        String given = System.getenv("RUNTIME_DIRECTORY");
        Path usual = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        Path in = given != null && Files.isWritable(Path.of(given.split(":", 2)[0]))
                ? Path.of(given.split(":", 2)[0])
                : usual.toString().length() < LONGEST_PATH / 2 ? usual : Path.of("/tmp");
        Path folder = Files.createTempDirectory(
                in, "foregate-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (folder.toString().length() > LONGEST_PATH) {
            Files.delete(folder);
            throw new IOException("the path of " + in + " is too long for a unix socket in it");
        }
        return folder;
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("s"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} stays", folder, e);
        }
    }

    /** Waits until it has come; returns who it is. */
    Messages.Hello hello() throws IOException, InterruptedException, Unfit {
        while (!door.knocked(LOOK_MILLIS)) {
            look();
        }
        wire = door.accept();
        return Messages.hello(receive("hello"));
    }

    /** Gives it what it needs. */
    void give(Messages.Offer offer) throws IOException {
        wire().send(Messages.offer(offer));
        for (Passed passed : offer.estate().listeners()) {
            wire().pass(passed.descriptors());
        }
    }

    /** Waits until it accepts connections. */
    void awaitServing() throws IOException, InterruptedException, Unfit {
        receive("serving");
        serves = true;
    }

    private JsonNode receive(String wanted) throws IOException, InterruptedException, Unfit {
        while (!wire().readable(LOOK_MILLIS)) {
            look();
        }
        JsonNode message;
        try {
            message = Messages.read(wire().receive(), wanted);
        } catch (IOException e) {
            look();
            throw new Unfit(ended() ? lastWords() : "it doesn't keep to what was agreed: " + e.getMessage());
        }
        String failure = Messages.failure(message);
        if (failure != null) {
            throw new Unfit(failure);
        }
        return message;
    }

    private void look() throws InterruptedException, Unfit {
        if (!process.isAlive()) {
            throw new Unfit(lastWords());
        }
        if (System.nanoTime() - deadlineNanos >= 0) {
            throw new Unfit("it wasn't ready within the time that it had");
        }
    }

    private boolean ended() throws InterruptedException {
        return process.waitFor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private String lastWords() {
        return "it has ended with exit code " + process.exitValue()
                + " before it served; what it had to say is in the error log";
    }

    /** Looks at it while it serves beside the old one; throws when it dies. */
    void tried(Duration trial) throws IOException, InterruptedException, Unfit {
        if (wire().readable((int) trial.toMillis())) {
            String how = ended() ? "with exit code " + process.exitValue() : "or has stopped talking";
            throw new Unfit("it has died " + how + " as soon as it served");
        }
    }

    /** It is the service from now on, and outlives this process. */
    void keep() throws IOException {
        wire().send(Messages.plain("yours"));
        kept = true;
    }

    /** The admin API's place can be had. */
    void free() {
        try {
            wire().send(Messages.plain("free"));
        } catch (IOException e) {
            LOG.warn("the process that has taken over doesn't listen: {}", e.getMessage());
        }
    }

    private UnixWire wire() {
        UnixWire known = wire;
        if (known == null) {
            throw new IllegalStateException("it hasn't come yet");
        }
        return known;
    }

    /** Ends it; on any thread. */
    void end() {
        // A launcher may have started it rather than become it.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        if (!kept) {
            end();
        }
        if (wire != null) {
            wire.close();
        }
        door.close();
        delete(folder);
    }
}
