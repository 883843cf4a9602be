package io.foregate.proxy.codec;

import static io.foregate.api.message.Failure.Kind.HEAD_TOO_LARGE;
import static io.foregate.api.message.Failure.Kind.MALFORMED;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one HTTP/1 head or trailer section (RFC 9112 §2, §5) into the block of its {@link Headers}.
 *
 * <p>The bytes are copied once, from the receive buffer to the block, and parsed there: the receive buffer is free at once, a head
 * that comes in pieces needs no other code than one that comes whole, and the index keeps its offsets. Every byte is looked at
 * a fixed number of times however the head is cut up, so a client that drips bytes costs no more than one that doesn't.
 *
 * <p>Strict, since every leniency is a way for two parsers to disagree: lines end in CRLF only; no folding, no blank before the
 * colon, no control characters. Owned by one connection, reused.
 */
final class Http1HeadReader {
    /** What a {@link #read} came to. */
    enum Result {
        MORE,
        DONE,
        FAILED
    }

    /** Takes the start line, which differs by role. */
    interface StartLine {
        /** Parses {@code [start, end)} of the block, line end excluded; null when it is fine. */
        Failure.@Nullable Kind parse(byte[] block, int start, int end);

        /** How many empty lines may come before it. */
        int maxEmptyLines();
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long LFS = ONES * '\n';
    private static final int COPY_BYTES = 2048;
    private static final int MAX_NAME_BYTES = 0xffff;

    private @Nullable StartLine startLine;
    private int maxBytes;
    private int maxFields;
    private int lineStart;
    private int scanned;
    private int begin;
    private int fields;
    private int emptyLines;
    private boolean inStartLine;
    private Failure.Kind failure = MALFORMED;

    /** Begins a head whose first line goes to {@code line}, or, when that is null, a section of fields only. */
    void begin(Headers block, @Nullable StartLine line, HeadLimits limits) {
        startLine = line;
        inStartLine = line != null;
        maxBytes = limits.maxHeaderBytes();
        maxFields = limits.maxHeaderCount();
        begin = block.end();
        lineStart = begin;
        scanned = begin;
        fields = 0;
        emptyLines = 0;
    }

    /** Why the last read failed. */
    Failure.Kind failure() {
        return failure;
    }

    /** Whether any byte of the current head has come, empty lines before it aside. */
    boolean started() {
        return scanned > lineStart || !inStartLine || fields > 0;
    }

    /** How many bytes of the unfinished first line are there. */
    int startLineBytes() {
        return inStartLine ? scanned - lineStart : 0;
    }

    /** Consumes bytes of {@code in} up to the end of the head and no further. */
    Result read(ByteBuf in, Headers block) {
        while (in.isReadable()) {
            int at = block.end();
            int length = Math.min(in.readableBytes(), COPY_BYTES);
            byte[] bytes = block.reserve(length);
            in.getBytes(in.readerIndex(), bytes, at, length);
            int end = at + length;
            Result result = lines(block, bytes, end);
            if (result == Result.DONE) {
                in.skipBytes(lineStart - at);
                block.end(lineStart);
                return result;
            }
            in.skipBytes(length);
            block.end(end);
            if (result == Result.FAILED) {
                return result;
            }
            if (end - begin > maxBytes) {
                return fail(HEAD_TOO_LARGE);
            }
        }
        return Result.MORE;
    }

    private Result lines(Headers block, byte[] bytes, int end) {
        while (true) {
            int lf = indexOfLf(bytes, scanned, end);
            if (lf < 0) {
                scanned = end;
                return Result.MORE;
            }
            int start = lineStart;
            lineStart = lf + 1;
            scanned = lineStart;
            if (lf == start || bytes[lf - 1] != '\r') {
                return fail(MALFORMED);
            }
            if (lineStart - begin > maxBytes) {
                return fail(HEAD_TOO_LARGE);
            }
            int lineEnd = lf - 1;
            if (lineEnd == start) {
                if (!inStartLine) {
                    return Result.DONE;
                }
                if (startLine == null || ++emptyLines > startLine.maxEmptyLines()) {
                    return fail(MALFORMED);
                }
                continue;
            }
            Failure.Kind wrong;
            if (inStartLine && startLine != null) {
                inStartLine = false;
                wrong = startLine.parse(bytes, start, lineEnd);
            } else {
                wrong = field(block, bytes, start, lineEnd);
            }
            if (wrong != null) {
                return fail(wrong);
            }
        }
    }

    private Failure.@Nullable Kind field(Headers block, byte[] bytes, int start, int end) {
        if (++fields > maxFields) {
            return HEAD_TOO_LARGE;
        }
        int colon = start;
        while (colon < end && Octets.isToken(bytes[colon])) {
            colon++;
        }
        // Also refuses folded lines, which begin with a blank, and blanks before the colon.
        if (colon == start || colon == end || bytes[colon] != ':') {
            return MALFORMED;
        }
        if (colon - start > MAX_NAME_BYTES) {
            return HEAD_TOO_LARGE;
        }
        int valueStart = Octets.skipBlank(bytes, colon + 1, end);
        int valueEnd = Octets.trimBlank(bytes, valueStart, end);
        if (!Octets.isFieldValue(bytes, valueStart, valueEnd)) {
            return MALFORMED;
        }
        block.record(start, colon - start, valueStart, valueEnd - valueStart);
        return null;
    }

    private Result fail(Failure.Kind kind) {
        failure = kind;
        return Result.FAILED;
    }

    private static int indexOfLf(byte[] bytes, int from, int end) {
        int at = from;
        while (at + 8 <= end) {
            long word = (long) LONGS.get(bytes, at) ^ LFS;
            long found = (word - ONES) & ~word & HIGHS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += 8;
        }
        while (at < end) {
            if (bytes[at] == '\n') {
                return at;
            }
            at++;
        }
        return -1;
    }
}
