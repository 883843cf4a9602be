package io.foregate.proxy.codec;

import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.proxy.observe.Defence;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Takes one HTTP/1 body out of what is received (RFC 9112 §6, §7): nothing, a known length, chunks, or all until the end.
 *
 * <p>Chunks that came in one read leave as one buffer: their data is moved together within the receive buffer, so that a
 * peer which sends chunks of a byte each doesn't cost a buffer each. Framing is strict as in heads; chunk extensions are
 * dropped, and bounded.
 *
 * <p>Owned by one connection, reused.
 */
final class Http1BodyReader {
    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_EXTENSION_BYTES_PER_CHUNK = 1024;
    private static final long MAX_EXTENSION_BYTES = 16 * 1024;
    /** What the framing of a body may have beyond as many bytes as its data. */
    private static final long SPARE_FRAMING_BYTES = 64 * 1024;

    private static final int MIN_FRAMING_BYTES = 5;

    private enum Mode {
        NONE,
        FIXED,
        CHUNKED,
        UNTIL_END
    }

    private enum Chunk {
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    private final HeadLimits trailerLimits;
    private final boolean guarded;
    private final Http1HeadReader trailerReader = new Http1HeadReader();
    private @Nullable Headers trailers;
    private Mode mode = Mode.NONE;
    private Chunk state = Chunk.SIZE;
    private long remaining;
    private int sizeDigits;
    private int extensionBytes;
    private long allExtensionBytes;
    private long spareBytes;
    private @Nullable Defence defence;
    private boolean trailersBegun;
    private boolean finished = true;
    private boolean failed;

    /**
     * @param guarded whether chunks must not be much smaller than their framing, as a client's that wants to waste our time are;
     *     an origin may have its reasons
     */
    Http1BodyReader(HeadLimits trailerLimits, boolean guarded) {
        this.trailerLimits = trailerLimits;
        this.guarded = guarded;
    }

    /** Begins the body that a head announced: {@code length} bytes, or chunks, or all until the end of input. */
    void begin(boolean chunks, long length) {
        if (chunks) {
            chunked();
        } else if (length == 0) {
            none();
        } else if (length > 0) {
            fixed(length);
        } else {
            untilEnd();
        }
    }

    void none() {
        begin(Mode.NONE);
        finished = true;
    }

    private void fixed(long length) {
        begin(Mode.FIXED);
        remaining = length;
        finished = length == 0;
    }

    private void chunked() {
        begin(Mode.CHUNKED);
        state = Chunk.SIZE;
        sizeDigits = 0;
        extensionBytes = 0;
        allExtensionBytes = 0;
        spareBytes = SPARE_FRAMING_BYTES;
        trailersBegun = false;
    }

    void untilEnd() {
        begin(Mode.UNTIL_END);
    }

    private void begin(Mode next) {
        mode = next;
        remaining = 0;
        finished = false;
        failed = false;
        defence = null;
        if (trailers != null) {
            trailers.clear();
        }
    }

    /** Whether the body has been taken whole. */
    boolean finished() {
        return finished;
    }

    /** Whether the framing was violated. */
    boolean failed() {
        return failed;
    }

    /** What kind of abuse the violation is, or null when it is just one. */
    @Nullable
    Defence defence() {
        return defence;
    }

    /** Whether the end of input ends this body properly. */
    boolean endsWithInput() {
        return mode == Mode.UNTIL_END;
    }

    /** Bytes of a body of known length that are still to come, or -1. */
    long remaining() {
        return mode == Mode.FIXED ? remaining : -1;
    }

    /** Notes that bytes of a body of known length went past this reader, from socket to socket. */
    void skipped(long bytes) {
        remaining -= bytes;
        finished = remaining == 0;
    }

    /** Fields after the last chunk, when there were any. */
    @Nullable
    Headers trailers() {
        return trailers != null && trailers.size() > 0 ? trailers : null;
    }

    /**
     * Takes body bytes out of {@code in}.
     *
     * @return the bytes, as {@code in} itself (whose reference then belongs to the receiver) or a retained slice of it; null
     *     when there are none to deliver
     */
    @Nullable
    ByteBuf take(ByteBuf in) {
        return switch (mode) {
            case NONE -> null;
            case UNTIL_END -> in;
            case FIXED -> takeFixed(in);
            case CHUNKED -> takeChunks(in);
        };
    }

    private ByteBuf takeFixed(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable <= remaining) {
            remaining -= readable;
            finished = remaining == 0;
            return in;
        }
        int length = (int) remaining;
        remaining = 0;
        finished = true;
        return in.readRetainedSlice(length);
    }

    private @Nullable ByteBuf takeChunks(ByteBuf in) {
        int from = -1;
        int to = -1;
        while (in.isReadable() && !finished && !failed) {
            if (state != Chunk.DATA) {
                framing(in);
                continue;
            }
            int length = (int) Math.min(in.readableBytes(), remaining);
            if (from < 0) {
                from = in.readerIndex();
                to = from + length;
            } else {
                in.setBytes(to, in, in.readerIndex(), length);
                to += length;
            }
            in.skipBytes(length);
            remaining -= length;
            if (remaining == 0) {
                state = Chunk.DATA_CR;
            }
        }
        if (from < 0) {
            return null;
        }
        if (in.isReadable()) {
            return in.retainedSlice(from, to - from);
        }
        return in.setIndex(from, to);
    }

    private void framing(ByteBuf in) {
        if (state == Chunk.TRAILERS) {
            trailerSection(in);
            return;
        }
        byte b = in.readByte();
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> {
                failed = b != '\n';
                sizeDigits = 0;
                extensionBytes = 0;
                state = remaining == 0 ? Chunk.TRAILERS : Chunk.DATA;
                balance();
            }
            case DATA_CR -> {
                failed = b != '\r';
                state = Chunk.DATA_LF;
            }
            case DATA_LF -> {
                failed = b != '\n';
                state = Chunk.SIZE;
            }
            case DATA, TRAILERS -> throw new IllegalStateException("not a state of single bytes: " + state);
        }
    }

    // A chunk earns what its data is long and costs its framing, which is no less than five bytes.
    private void balance() {
        spareBytes = Math.min(spareBytes + remaining - MIN_FRAMING_BYTES, SPARE_FRAMING_BYTES);
        if (guarded && spareBytes < 0) {
            failed = true;
            defence = Defence.ONE_BYTE_CHUNKS;
        }
    }

    private void size(byte b) {
        int digit = Octets.hexValue(b);
        if (digit >= 0) {
            if (++sizeDigits > MAX_SIZE_DIGITS) {
                failed = true;
            }
            remaining = sizeDigits == 1 ? digit : remaining << 4 | digit;
        } else if (sizeDigits > 0 && b == '\r') {
            state = Chunk.SIZE_LF;
        } else if (sizeDigits > 0 && b == ';') {
            state = Chunk.EXTENSION;
        } else {
            failed = true;
        }
    }

    private void extension(byte b) {
        if (b == '\r') {
            state = Chunk.SIZE_LF;
            return;
        }
        if (++extensionBytes > MAX_EXTENSION_BYTES_PER_CHUNK || ++allExtensionBytes > MAX_EXTENSION_BYTES) {
            failed = true;
            defence = Defence.CHUNK_EXTENSIONS;
        } else {
            failed = !Octets.isFieldValue(b);
        }
    }

    private void trailerSection(ByteBuf in) {
        if (!trailersBegun) {
            int at = in.readerIndex();
            if (in.readableBytes() >= 2 && in.getByte(at) == '\r' && in.getByte(at + 1) == '\n') {
                in.skipBytes(2);
                finished = true;
                return;
            }
            trailersBegun = true;
            if (trailers == null) {
                trailers = new Headers();
            }
            trailers.clear();
            trailerReader.begin(trailers, null, trailerLimits);
        }
        Headers block = java.util.Objects.requireNonNull(trailers);
        switch (trailerReader.read(in, block)) {
            case MORE -> {}
            case DONE -> {
                TrailerFields.keepAllowed(block);
                finished = true;
            }
            case FAILED -> failed = true;
        }
    }
}
