package io.foregate.proxy.codec.h2;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.api.message.Octets;
import io.foregate.api.message.RequestHead;
import io.foregate.api.message.ResponseHead;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.MinRate;
import io.foregate.proxy.codec.ServerSettings;
import io.foregate.proxy.codec.StreamAcceptor;
import io.foregate.proxy.codec.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Whatever frames a client sends, in whatever pieces they come: nothing is thrown, every stream's story is in order, and it is the
 * same story for every way to cut the bytes. With {@code JAZZER_FUZZ=1} it looks for more inputs.
 */
final class Http2FramesFuzzTest {
    private static final long SECOND = 1_000_000_000L;
    private static final byte[] BEGIN = Octets.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");

    @FuzzTest(maxDuration = "10m")
    void framesMeanOneThing(byte[] bytes) {
        String whole = told(bytes, Integer.MAX_VALUE);
        String pieces = told(bytes, 7);
        // Byte by byte takes its time.
        String single = told(bytes, bytes.length < 500 ? 1 : 61);
        if (!whole.equals(pieces) || !whole.equals(single)) {
            throw new AssertionError("cut differently:\n" + whole + "----\n" + pieces + "----\n" + single);
        }
    }

    private static String told(byte[] bytes, int piece) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Story story = new Story();
        LoopContext loop = EmbeddedLoop.of(channel);
        ServerSettings settings =
                new ServerSettings(new HeadLimits(100, 1000, 20), SECOND, SECOND, SECOND, MinRate.NONE);
        Http2Settings http2 = new Http2Settings(4, 1000, 5000, 16_384, 256);
        Http2ServerConnection connection = new Http2ServerConnection(
                new Http2ServerConnection.Setup(loop, settings, http2, new Http2StreamPool()),
                story,
                new ClientAddress());
        channel.pipeline().addLast(connection.handler());
        channel.writeInbound(Unpooled.copiedBuffer(BEGIN));
        int at = 0;
        while (at < bytes.length && channel.isOpen()) {
            int length = Math.min(piece, bytes.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
            channel.runPendingTasks();
            at += length;
        }
        channel.checkException();
        channel.finishAndReleaseAll();
        return story.text();
    }

    /** Answers every request when it has ended, and tells what it saw. */
    private static final class Story implements StreamAcceptor {
        private final List<Telling> streams = new ArrayList<>();
        private final ClientAddress peer = new ClientAddress();

        @Override
        public ClientAddress peer() {
            return peer;
        }

        @Override
        public StreamHandler accept(HttpStream stream) {
            Telling telling = new Telling();
            streams.add(telling);
            return telling;
        }

        @Override
        public void refuse(HttpStream stream, RequestHead head, Failure failure) {
            Telling telling = new Telling();
            streams.add(telling);
            telling.text.append("refused ").append(failure.kind()).append('\n');
            telling.answer(stream, 400);
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (Telling telling : streams) {
                text.append(telling.text).append(telling.bodyBytes).append('\n');
            }
            return text.toString();
        }
    }

    private static final class Telling implements StreamHandler {
        private final StringBuilder text = new StringBuilder();
        private long bodyBytes;
        private boolean over;

        private void answer(HttpStream stream, int status) {
            over = true;
            ResponseHead head = new ResponseHead();
            head.clear();
            head.status(status);
            stream.writeHead(head, false);
            stream.writeData(Unpooled.copiedBuffer(new byte[100]), true);
            stream.flush();
            stream.close();
        }

        private void alive() {
            if (over) {
                throw new AssertionError("called after its end:\n" + text);
            }
        }

        @Override
        public void onHead(HttpStream stream, Head head, boolean end) {
            alive();
            RequestHead request = (RequestHead) head;
            text.append(request.methodString())
                    .append(' ')
                    .append(request.targetString())
                    .append('\n');
            text.append(request.headers());
            if (end) {
                answer(stream, 200);
            }
        }

        @Override
        public void onData(HttpStream stream, ByteBuf data, boolean end) {
            alive();
            bodyBytes += data.readableBytes();
            data.release();
            if (end) {
                answer(stream, 200);
            }
        }

        @Override
        public void onMoved(HttpStream stream, long bytes) {
            throw new AssertionError("nothing moves");
        }

        @Override
        public void onTrailers(HttpStream stream, Headers trailers) {
            alive();
            text.append("trailers ").append(trailers);
            answer(stream, 200);
        }

        @Override
        public void onReset(HttpStream stream, Failure failure) {
            alive();
            text.append("reset ").append(failure.kind()).append('\n');
            // How much of what broke the rules had come before depends on how it was cut.
            bodyBytes = -1;
            if (failure.kind() == Failure.Kind.REQUEST_BODY_MALFORMED) {
                answer(stream, 400);
            }
            over = true;
        }

        @Override
        public void onWritable(HttpStream stream) {}

        @Override
        public void onReadComplete(HttpStream stream) {}
    }
}
