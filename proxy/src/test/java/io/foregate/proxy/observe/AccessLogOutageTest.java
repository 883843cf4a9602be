package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;
import tools.jackson.databind.ObjectMapper;

/** What becomes of records when the output stalls, fills up or goes away. */
@Timeout(120)
class AccessLogOutageTest {
    private static final int RING = 32 * 1024;

    private final ObjectMapper json = new ObjectMapper();
    private final CapturedLog errors = new CapturedLog(Level.INFO);

    @TempDir
    Path folder;

    private List<Integer> numbers(String text) {
        assertThat(text).endsWith("\n");
        return text.lines()
                .map(line -> Integer.valueOf(json.readTree(line).get("id").asString()))
                .toList();
    }

    private static void accept(AccessSink sink, int number) {
        AccessRecord record = Records.typical();
        Records.id(record, Records.utf8(Integer.toString(number)));
        sink.accept(record);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeThatNobodyReadsNeverBlocksTheLoopAndEveryRecordIsWrittenOrCounted() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        int records = 2_000;
        // Opened for both, a FIFO opens at once, and stalls its writer once the kernel's buffer is full.
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            AccessLog log = new AccessLog(LogOutput.file(fifo), AccessLog.Format.JSON, RING, errors);
            AccessSink sink = log.sink();
            // Returning at all is the claim: what follows would otherwise never be reached.
            for (int i = 0; i < records; i++) {
                accept(sink, i);
            }
            long dropped = log.droppedRecords();
            assertThat(dropped).isPositive();

            StringBuilder text = new StringBuilder();
            Thread reading = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (long left = records - dropped; left > 0; left--) {
                        text.append(reader.readLine()).append('\n');
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Await.until("drops are said", () -> !errors.lines().isEmpty());
            assertThat(errors.lines().getFirst()).startsWith("WARN access log " + fifo + ": dropped ");
            reading.join();
            log.close();
            assertThat(log.droppedRecords()).isEqualTo(dropped);
            assertThat(errors.lines()).hasSizeLessThanOrEqualTo(2);
            assertThat(errors.lines().getLast()).contains(" records, " + dropped + " since the start");
            assertThat(numbers(text.toString()))
                    .hasSize((int) (records - dropped))
                    .isSorted();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingAStalledLogEndsAndCountsWhatIsLost() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            AccessLog log = new AccessLog(LogOutput.file(fifo), AccessLog.Format.JSON, RING, errors);
            AccessSink sink = log.sink();
            for (int i = 0; i < 2_000; i++) {
                accept(sink, i);
            }
            log.close();
            Await.until(
                    "the thread has ended",
                    () -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("foregate-access-log")));
            byte[] kept = new byte[1 << 20];
            String text = new String(kept, 0, reader.read(kept), java.nio.charset.StandardCharsets.UTF_8);
            long whole = text.chars().filter(c -> c == '\n').count();
            assertThat(whole + log.droppedRecords()).isEqualTo(2_000);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidOnceAndLeftBehindByReopening() throws Exception {
        Path path = Files.createSymbolicLink(folder.resolve("access.log"), Path.of("/dev/full"));
        try (AccessLog log = new AccessLog(LogOutput.file(path), AccessLog.Format.JSON, RING, errors)) {
            AccessSink sink = log.sink();
            accept(sink, 0);
            Await.until("it has failed more than once", () -> log.writeErrors() > 1);
            assertThat(errors.lines()).hasSize(1);
            assertThat(errors.lines().getFirst())
                    .startsWith("ERROR access log " + path + ": can't write: ")
                    .contains("No space left");
            Files.delete(path);
            log.reopen();
            accept(sink, 1);
            Await.until("it is written", () -> Files.exists(path) && numbersIn(path) == 2);
            assertThat(log.droppedRecords()).isZero();
        }
        assertThat(numbers(Files.readString(path))).containsExactly(0, 1);
        assertThat(errors.lines()).anyMatch(line -> line.endsWith(": can be written again"));
    }

    private static long numbersIn(Path path) throws IOException {
        return Files.readString(path).lines().count();
    }

    /** Takes a few bytes at a time and fails now and then, in the middle of lines. */
    private static final class FlakyChannel implements WritableByteChannel {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int calls;

        @Override
        public synchronized int write(ByteBuffer from) throws IOException {
            calls++;
            if (calls == 3) {
                throw new IOException("No space left on device");
            }
            if (calls % 5 == 0) {
                return 0;
            }
            int length = Math.min(from.remaining(), 700);
            for (int i = 0; i < length; i++) {
                bytes.write(from.get());
            }
            return length;
        }

        synchronized String text() {
            return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void writingGoesOnWhereItFailed() throws Exception {
        FlakyChannel channel = new FlakyChannel();
        LogOutput output = new LogOutput("flaky", () -> channel, false);
        try (AccessLog log = new AccessLog(output, AccessLog.Format.JSON, RING, errors)) {
            AccessSink sink = log.sink();
            for (int i = 0; i < 20; i++) {
                accept(sink, i);
            }
            Await.until(
                    "all is written",
                    () -> channel.text().lines().count() == 20 && channel.text().endsWith("\n"));
            assertThat(log.writeErrors()).isEqualTo(1);
            assertThat(log.droppedRecords()).isZero();
        }
        assertThat(numbers(channel.text())).hasSize(20).isSorted();
    }

    @Test
    void aLineThatFailedHalfWayIsWholeInTheNextFile() throws Exception {
        List<FlakyChannel> channels = List.of(new FlakyChannel(), new FlakyChannel());
        java.util.Iterator<FlakyChannel> next = channels.iterator();
        LogOutput output = new LogOutput("flaky", next::next, true);
        try (AccessLog log = new AccessLog(output, AccessLog.Format.JSON, RING, errors)) {
            AccessSink sink = log.sink();
            for (int i = 0; i < 20; i++) {
                accept(sink, i);
            }
            Await.until("it has failed", () -> log.writeErrors() == 1);
            log.reopen();
            Await.until(
                    "the rest is written",
                    () -> channels.get(1).text().contains("\"id\":\"19\"")
                            && channels.get(1).text().endsWith("\n"));
        }
        String old = channels.get(0).text();
        List<Integer> first = numbers(old.substring(0, old.lastIndexOf('\n') + 1));
        List<Integer> second = numbers(channels.get(1).text());
        assertThat(first.size() + second.size()).isEqualTo(20);
        assertThat(second.getFirst()).isEqualTo(first.size());
    }

    /** What the next test runs in a process of its own. */
    static final class Chatter {
        private Chatter() {}

        public static void main(String[] arguments) throws Exception {
            AccessLog log = AccessLog.toStdout(AccessLog.Format.JSON);
            AccessSink sink = log.sink();
            accept(sink, 1);
            Await.until("nobody reads any more", () -> {
                accept(sink, 2);
                return log.writeErrors() > 0;
            });
            log.close();
            Files.writeString(Path.of(arguments[0]), "alive");
        }
    }

    @Test
    void aClosedStandardOutputDoesNotEndTheProcess() throws Exception {
        Path sign = folder.resolve("sign");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Chatter.class.getName(),
                        sign.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream();
                BufferedReader lines = process.inputReader()) {
            assertThat(json.readTree(lines.readLine()).get("id").asString()).isEqualTo("1");
            output.close();
            assertThat(process.waitFor()).isZero();
            assertThat(sign).hasContent("alive");
        } finally {
            process.destroyForcibly();
        }
    }
}
