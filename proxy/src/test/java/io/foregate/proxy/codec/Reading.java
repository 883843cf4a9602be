package io.foregate.proxy.codec;

import io.foregate.api.message.Headers;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads message after message from pieces, as a connection does, and writes down what it understood. What it understood may
 * depend on the bytes, never on the pieces.
 */
final class Reading {
    /** Reads heads; which ones is the difference between the roles. */
    interface HeadParser {
        /** Begins the next head. */
        void begin();

        Http1HeadReader.Result read(ByteBuf in);

        /** The head that is done is written down, and the body behind it begun; false when no more messages follow. */
        boolean done(StringBuilder transcript, Http1BodyReader body);
    }

    private final HeadParser parser;
    private final Http1BodyReader body;
    private final StringBuilder transcript = new StringBuilder();
    private final StringBuilder data = new StringBuilder();
    private boolean inBody;
    private boolean failed;
    private boolean ended;

    Reading(HeadParser parser, HeadLimits limits) {
        this.parser = parser;
        this.body = new Http1BodyReader(limits, true);
        parser.begin();
    }

    /** What is understood of the pieces, all of which must be released in the end. */
    String of(Iterable<ByteBuf> pieces) {
        for (ByteBuf piece : pieces) {
            ByteBuf in = piece;
            while (!failed && !ended && in.isReadable()) {
                if (!step(in)) {
                    break;
                }
            }
            // The body reader hands the piece itself on where it can; this reading takes only copies and so still owns
            // it.
            in.release();
            if (piece.refCnt() != 0) {
                throw new AssertionError("a buffer is still held " + piece.refCnt() + " times");
            }
        }
        if (inBody) {
            endBody(failed ? "BROKEN" : body.endsWithInput() ? "to the end" : "UNFINISHED");
        } else if (failed) {
            transcript.append("REFUSED\n");
        }
        return transcript.toString();
    }

    /** Whether any of it was refused. */
    boolean failed() {
        return failed;
    }

    private boolean step(ByteBuf in) {
        if (inBody) {
            return takeBody(in);
        }
        switch (parser.read(in)) {
            case MORE -> {
                if (in.isReadable()) {
                    throw new AssertionError("asks for more and leaves " + in.readableBytes() + " bytes");
                }
            }
            case FAILED -> failed = true;
            case DONE -> {
                if (!parser.done(transcript, body)) {
                    ended = true;
                } else if (body.finished()) {
                    parser.begin();
                } else {
                    inBody = true;
                    data.setLength(0);
                }
            }
        }
        return true;
    }

    private boolean takeBody(ByteBuf in) {
        @Nullable ByteBuf taken = body.take(in);
        if (taken != null) {
            if (!body.failed()) {
                data.append(taken.toString(StandardCharsets.ISO_8859_1));
            }
            if (taken != in) {
                taken.release();
            }
        }
        if (body.failed()) {
            failed = true;
            return false;
        }
        if (body.finished()) {
            endBody("whole");
            Headers trailers = body.trailers();
            if (trailers != null) {
                fields(transcript, trailers);
            }
            inBody = false;
            parser.begin();
        }
        return taken != in;
    }

    private void endBody(String how) {
        // How much of a broken body came through before it broke is a matter of pieces.
        transcript
                .append("body ")
                .append(how)
                .append(' ')
                .append(failed ? "" : data)
                .append('\n');
    }

    static void fields(StringBuilder into, Headers headers) {
        for (int i = headers.first(); i >= 0; i = headers.next(i)) {
            into.append(headers.nameString(i))
                    .append(": ")
                    .append(headers.valueString(i))
                    .append('\n');
        }
    }
}
