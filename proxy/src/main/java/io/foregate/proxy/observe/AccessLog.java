package io.foregate.proxy.observe;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log of the process: one line for every exchange, written by a thread of its own.
 *
 * <p>Loops never wait for it. Each formats its records into a buffer of its own, without garbage; the thread writes them
 * out when a quarter of a buffer is full, or after a fifth of a second. When the output can't keep up, what finds the buffer
 * full is dropped and counted. An idle process isn't woken.
 *
 * <p>Thread-safe, but for the sinks: each belongs to its loop. Lives from start-up, or a change of configuration, until
 * {@link #close()}; close it after the loops have ended, as records that come later are dropped.
 */
public final class AccessLog implements AutoCloseable {
    /** How a record is written; see docs/logs.md. */
    public enum Format {
        JSON,
        COMBINED
    }

    /** What each loop may have waiting: some 500 to 1,000 records. */
    static final int LOOP_BUFFER_BYTES = 512 * 1024;

    private static final long CLOSE_NANOS = 2_000_000_000L;

    private final AccessLogWriter writer;
    private final Format format;
    private final int loopBufferBytes;

    AccessLog(LogOutput output, Format format, int loopBufferBytes, Logger errorLog) {
        this.format = format;
        this.loopBufferBytes = loopBufferBytes;
        this.writer = new AccessLogWriter(output, errorLog, loopBufferBytes);
        writer.start();
    }

    /**
     * A log that appends to the file at {@code path}.
     *
     * @throws IOException when it can't be opened; its folder isn't made
     */
    public static AccessLog toFile(Path path, Format format) throws IOException {
        return to(LogOutput.file(path), format);
    }

    /** A log on the process's standard output. */
    public static AccessLog toStdout(Format format) throws IOException {
        return to(LogOutput.stdout(), format);
    }

    /** A log on the process's standard error. */
    public static AccessLog toStderr(Format format) throws IOException {
        return to(LogOutput.stderr(), format);
    }

    private static AccessLog to(LogOutput output, Format format) {
        return new AccessLog(output, format, LOOP_BUFFER_BYTES, LoggerFactory.getLogger(AccessLog.class));
    }

    /** A sink for one loop, which keeps it for its lifetime: each has a buffer of half a megabyte that isn't given back. */
    public AccessSink sink() {
        ByteRing ring = new ByteRing(loopBufferBytes, AccessFormat.MAX_RECORD_BYTES);
        AccessFormat lines = switch (format) {
            case JSON -> new JsonFormat();
            case COMBINED -> new CombinedFormat();
        };
        writer.add(ring);
        return new LoopAccessSink(writer, ring, lines);
    }

    /**
     * Opens the file at the log's path anew, soon and on the log's own thread, for a rotation that has moved the old one away.
     * Every line stands whole in one of the two. Does nothing for a standard stream.
     */
    public void reopen() {
        writer.reopen();
    }

    /** How many records have been dropped since the start. */
    public long droppedRecords() {
        return writer.droppedRecords();
    }

    /** How often writing, or opening anew, has failed since the start. */
    public long writeErrors() {
        return writer.writeErrors();
    }

    /** Writes out what there is, for at most about two seconds, and ends the log's thread; what is left counts as dropped. */
    @Override
    public void close() {
        try {
            writer.close(CLOSE_NANOS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
