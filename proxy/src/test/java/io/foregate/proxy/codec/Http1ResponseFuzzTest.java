package io.foregate.proxy.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.foregate.api.message.Octets;
import io.foregate.api.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whatever an origin answers, in whatever pieces: it is understood in one way or refused, nothing is thrown or leaked, and what
 * is passed on means the same to the next reader. The first byte says whether the request was a HEAD. With {@code
 * JAZZER_FUZZ=1} it looks for more inputs.
 */
final class Http1ResponseFuzzTest {
    private static final HeadLimits LIMITS = new HeadLimits(600, 600, 12);
    private static final HeadLimits WIDE = new HeadLimits(1000, 100_000, 1000);

    @FuzzTest(maxDuration = "10m")
    void answersMeanOneThing(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean toHead = input[0] == 'H' && input.length > 1 && input[1] == 'H';
        byte[] bytes = toHead ? Arrays.copyOfRange(input, 1, input.length) : input;
        String first = null;
        for (List<ByteBuf> pieces : Pieces.of(bytes)) {
            String understood = new Reading(new Answers(toHead), LIMITS).of(pieces);
            if (first != null && !first.equals(understood)) {
                throw new AssertionError("two readings of the same bytes:\n" + first + "\n----\n" + understood);
            }
            first = understood;
        }
    }

    private static final class Answers implements Reading.HeadParser {
        private final Http1ResponseParser parser = new Http1ResponseParser(LIMITS);
        private final boolean toHead;
        private @Nullable ResponseHead head;

        Answers(boolean toHead) {
            this.toHead = toHead;
        }

        @Override
        public void begin() {
            head = new ResponseHead();
            parser.begin(head);
        }

        @Override
        public Http1HeadReader.Result read(ByteBuf in) {
            return parser.read(in, Objects.requireNonNull(head), toHead);
        }

        @Override
        public boolean done(StringBuilder transcript, Http1BodyReader body) {
            ResponseHead done = Objects.requireNonNull(head);
            boolean chunked = parser.chunked() && done.bodyLength() != 0;
            String told = told(done, chunked);
            transcript.append(told).append(parser.keepAlive()).append(' ');
            transcript
                    .append(parser.upgrades())
                    .append(' ')
                    .append(parser.keepAliveSeconds())
                    .append('\n');
            if (done.status() == 101) {
                body.untilEnd();
            } else {
                body.begin(chunked, done.bodyLength());
            }
            meansTheSameToTheNextReader(done, chunked, told);
            return true;
        }

        private void meansTheSameToTheNextReader(ResponseHead done, boolean chunked, String told) {
            ByteBuf out = Unpooled.buffer();
            Http1HeadWriter.statusLine(out, done);
            Http1HeadWriter.fields(out, done.headers());
            if (chunked) {
                out.writeBytes(Http1HeadWriter.CHUNKED);
            }
            out.writeBytes(Http1HeadWriter.CRLF);
            ResponseHead again = new ResponseHead();
            Http1ResponseParser next = new Http1ResponseParser(WIDE);
            next.begin(again);
            if (next.read(out, again, toHead) != Http1HeadReader.Result.DONE || out.isReadable()) {
                throw new AssertionError("what is passed on is refused, or not all of it is read:\n" + told);
            }
            if (done.reasonLength() < 0) {
                again.status(again.status());
            }
            String toldAgain = told(again, next.chunked() && again.bodyLength() != 0);
            if (!toldAgain.equals(told)) {
                throw new AssertionError("what is passed on means something else:\n" + told + "\n----\n" + toldAgain);
            }
        }

        private static String told(ResponseHead head, boolean chunked) {
            StringBuilder told = new StringBuilder();
            told.append(head.status())
                    .append(' ')
                    .append(head.bodyLength())
                    .append(' ')
                    .append(chunked)
                    .append(' ');
            if (head.reasonLength() >= 0) {
                told.append(Octets.string(head.headers().array(), head.reasonStart(), head.reasonLength()));
            }
            told.append('\n');
            Reading.fields(told, head.headers());
            return told.toString();
        }
    }
}
