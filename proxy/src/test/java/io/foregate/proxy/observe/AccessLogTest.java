package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import tools.jackson.databind.ObjectMapper;

@Timeout(120)
class AccessLogTest {
    private static final int SMALL_RING = 32 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final CapturedLog errors = new CapturedLog(Level.INFO);

    @TempDir
    Path folder;

    private AccessLog open(Path path, int ringBytes) throws IOException {
        return new AccessLog(LogOutput.file(path), AccessLog.Format.JSON, ringBytes, errors);
    }

    /** The ids in {@code files}, each of whose lines has to be whole. */
    private List<String> ids(Path... files) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
            text.lines().forEach(line -> ids.add(json.readTree(line).get("id").asString()));
        }
        return ids;
    }

    private static AccessRecord numbered(AccessRecord record, String prefix, int number) {
        Records.id(record, Records.utf8(prefix + number));
        return record;
    }

    private static Thread.State writerState() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("foregate-access-log"))
                .findFirst()
                .map(Thread::getState)
                .orElse(Thread.State.TERMINATED);
    }

    @Test
    void aLoneRecordIsWrittenWithoutTheLoopsHelpAndTheThreadSleepsOn() throws Exception {
        Path path = folder.resolve("access.log");
        try (AccessLog log = AccessLog.toFile(path, AccessLog.Format.JSON)) {
            AccessSink sink = log.sink();
            for (int round = 0; round < 3; round++) {
                // Waiting without an end: an idle process isn't woken.
                Await.until("the writer sleeps", () -> writerState() == Thread.State.WAITING);
                sink.accept(numbered(Records.typical(), "r", round));
                int lines = round + 1;
                Await.until("the line is written", () -> ids(path).size() == lines);
            }
            assertThat(ids(path)).containsExactly("r0", "r1", "r2");
            assertThat(log.droppedRecords()).isZero();
        }
    }

    @Test
    void appendsToWhatIsThere() throws Exception {
        Path path = Files.writeString(folder.resolve("access.log"), "{\"id\":\"before\"}\n");
        try (AccessLog log = AccessLog.toFile(path, AccessLog.Format.JSON)) {
            log.sink().accept(numbered(Records.typical(), "after", 1));
        }
        assertThat(ids(path)).containsExactly("before", "after1");
    }

    @Test
    void closingWritesWhatIsWaitingAndLaterRecordsCountAsDropped() throws Exception {
        Path path = folder.resolve("access.log");
        AccessLog log = open(path, AccessLog.LOOP_BUFFER_BYTES);
        AccessSink one = log.sink();
        AccessSink other = log.sink();
        for (int i = 0; i < 300; i++) {
            one.accept(numbered(Records.typical(), "a", i));
            other.accept(numbered(Records.typical(), "b", i));
        }
        log.close();
        assertThat(ids(path)).hasSize(600).doesNotHaveDuplicates();
        one.accept(Records.typical());
        assertThat(log.droppedRecords()).isEqualTo(1);
        assertThat(writerState()).isEqualTo(Thread.State.TERMINATED);
    }

    @Test
    void aRecordCostsNoGarbage() throws Exception {
        // A buffer for all of them: a record that is dropped would prove nothing.
        int ringBytes = 32 * 1024 * 1024;
        for (AccessLog.Format format : AccessLog.Format.values()) {
            LogOutput output = LogOutput.file(folder.resolve(format.name()));
            try (AccessLog log = new AccessLog(output, format, ringBytes, errors)) {
                assertThat(bytesPerRecord(log.sink())).as(format.name()).isZero();
                assertThat(log.droppedRecords()).isZero();
            }
        }
    }

    private static long bytesPerRecord(AccessSink sink) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        AccessRecord record = Records.typical();
        int records = 5_000;
        long least = Long.MAX_VALUE;
        // The first rounds pay for class loading; a sink that makes garbage does so in every one.
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < records; i++) {
                record.startEpochMillis += 100;
                sink.accept(record);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // The question itself may cost some bytes.
        return least / records;
    }

    @Test
    void rotationUnderConcurrentWritingLosesAndTearsNoLine() throws Exception {
        Path path = folder.resolve("access.log");
        int records = 20_000;
        int rotations = 0;
        // A buffer for all of them, so that nothing is dropped however slow the disk is.
        try (AccessLog log = open(path, 16 * 1024 * 1024)) {
            List<Thread> loops = new ArrayList<>();
            for (String name : List.of("a", "b")) {
                loops.add(Thread.ofPlatform().start(() -> {
                    AccessSink sink = log.sink();
                    AccessRecord record = Records.typical();
                    for (int i = 0; i < records; i++) {
                        sink.accept(numbered(record, name, i));
                        if (i % 1_000 == 0) {
                            LockSupport.parkNanos(10_000_000);
                        }
                    }
                }));
            }
            while (loops.stream().anyMatch(Thread::isAlive)) {
                if (Files.size(path) > 1_000_000) {
                    Path moved = folder.resolve("access.log." + ++rotations);
                    Files.move(path, moved);
                    log.reopen();
                    Await.until("the file is made anew", () -> Files.exists(path));
                }
                LockSupport.parkNanos(1_000_000);
            }
            for (Thread loop : loops) {
                loop.join();
            }
            assertThat(log.droppedRecords()).isZero();
        }
        Path[] files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toArray(Path[]::new);
        }
        assertThat(rotations).isPositive();
        assertThat(ids(files)).hasSize(2 * records).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatCannotBeOpenedAnewStaysInUse() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("logs"));
        Path path = inner.resolve("access.log");
        Path moved = folder.resolve("moved");
        try (AccessLog log = open(path, SMALL_RING)) {
            AccessSink sink = log.sink();
            Files.move(inner, moved);
            log.reopen();
            Await.until("it is said", () -> errors.lines().size() == 1);
            sink.accept(numbered(Records.typical(), "r", 1));
        }
        assertThat(errors.lines().getFirst()).startsWith("ERROR access log " + path + ": can't reopen: ");
        assertThat(ids(moved.resolve("access.log"))).containsExactly("r1");
    }

    @Test
    void aFolderThatIsMissingIsSaidAtOnce() {
        assertThatThrownBy(() -> AccessLog.toFile(folder.resolve("no/access.log"), AccessLog.Format.JSON))
                .isInstanceOf(IOException.class);
    }
}
