package io.foregate.proxy.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.foregate.api.message.HeaderName;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a client sends, in whatever pieces: it is understood in one way or refused, nothing is thrown or leaked, and what is
 * passed on means the same to the next reader. With {@code JAZZER_FUZZ=1} it looks for more inputs.
 */
final class Http1RequestFuzzTest {
    /** Small, so that inputs reach them. */
    private static final HeadLimits LIMITS = new HeadLimits(100, 600, 12);

    private static final HeadLimits WIDE = new HeadLimits(1000, 100_000, 1000);

    @FuzzTest(maxDuration = "10m")
    void requestsMeanOneThing(byte[] bytes) {
        String first = null;
        for (List<ByteBuf> pieces : Pieces.of(bytes)) {
            String understood = new Reading(new Requests(LIMITS), LIMITS).of(pieces);
            if (first != null && !first.equals(understood)) {
                throw new AssertionError("two readings of the same bytes:\n" + first + "\n----\n" + understood);
            }
            first = understood;
        }
    }

    private static final class Requests implements Reading.HeadParser {
        private final Http1RequestParser parser;
        private final HeadLimits limits;
        private @Nullable RequestHead head;

        Requests(HeadLimits limits) {
            this.limits = limits;
            this.parser = new Http1RequestParser(limits);
        }

        @Override
        public void begin() {
            head = new RequestHead();
            parser.begin(head);
        }

        @Override
        public Http1HeadReader.Result read(ByteBuf in) {
            return parser.read(in, Objects.requireNonNull(head));
        }

        @Override
        public boolean done(StringBuilder transcript, Http1BodyReader body) {
            RequestHead done = Objects.requireNonNull(head);
            String told = told(done, parser);
            transcript.append(told).append(parser.keepAlive()).append('\n');
            body.begin(parser.chunked(), done.bodyLength());
            if (limits == LIMITS) {
                meansTheSameToTheNextReader(done, told);
            }
            return true;
        }

        private void meansTheSameToTheNextReader(RequestHead done, String told) {
            ByteBuf out = Unpooled.buffer();
            Http1HeadWriter.requestLine(out, done);
            Http1HeadWriter.fields(out, done.headers());
            if (!done.headers().contains(HeaderName.HOST)) {
                out.writeBytes(Octets.ascii("Host: a\r\n"));
            }
            if (parser.chunked()) {
                out.writeBytes(Http1HeadWriter.CHUNKED);
            }
            if (done.expectContinue()) {
                out.writeBytes(Http1HeadWriter.EXPECT);
            }
            if (done.upgradeLength() > 0) {
                Http1HeadWriter.upgrade(out, done);
            }
            out.writeBytes(Http1HeadWriter.CRLF);
            RequestHead again = new RequestHead();
            Http1RequestParser next = new Http1RequestParser(WIDE);
            next.begin(again);
            if (next.read(out, again) != Http1HeadReader.Result.DONE || out.isReadable()) {
                throw new AssertionError("what is passed on is refused, or not all of it is read:\n" + told);
            }
            if (!done.headers().contains(HeaderName.HOST)) {
                again.headers().remove(HeaderName.HOST);
                again.authority(0, 0, 0);
            }
            String toldAgain = told(again, next);
            if (!toldAgain.equals(told)) {
                throw new AssertionError("what is passed on means something else:\n" + told + "\n----\n" + toldAgain);
            }
        }

        private static String told(RequestHead head, Http1RequestParser parser) {
            StringBuilder told = new StringBuilder();
            told.append(head.methodString()).append(' ').append(head.targetString());
            told.append(' ').append(head.pathString()).append(' ').append(head.matchPathString());
            told.append(' ').append(head.queryString()).append(' ').append(head.authorityString());
            told.append(' ').append(head.bodyLength()).append(' ').append(parser.chunked());
            told.append(' ').append(head.expectContinue()).append(' ');
            told.append(Octets.string(head.headers().array(), head.upgradeStart(), head.upgradeLength()));
            told.append('\n');
            Reading.fields(told, head.headers());
            return told.toString();
        }
    }
}
