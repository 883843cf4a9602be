package io.foregate.proxy.codec;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Whatever comes as a chunked body, in whatever pieces: its data and trailers are understood in one way or refused, and nothing is
 * thrown, leaked, or read beyond the end. With {@code JAZZER_FUZZ=1} it looks for more inputs.
 */
final class Http1ChunksFuzzTest {
    private static final HeadLimits LIMITS = new HeadLimits(100, 400, 8);

    @FuzzTest(maxDuration = "10m")
    void chunksMeanOneThing(byte[] bytes) {
        String first = null;
        for (List<ByteBuf> pieces : Pieces.of(bytes)) {
            String understood = new Reading(new Bodies(), LIMITS).of(pieces);
            if (first != null && !first.equals(understood)) {
                throw new AssertionError("two readings of the same bytes:\n" + first + "\n----\n" + understood);
            }
            first = understood;
        }
    }

    /** Bodies one behind the other, with nothing between: a head of no bytes. */
    private static final class Bodies implements Reading.HeadParser {
        @Override
        public void begin() {}

        @Override
        public Http1HeadReader.Result read(ByteBuf in) {
            return Http1HeadReader.Result.DONE;
        }

        @Override
        public boolean done(StringBuilder transcript, Http1BodyReader body) {
            body.begin(true, -1);
            return true;
        }
    }
}
