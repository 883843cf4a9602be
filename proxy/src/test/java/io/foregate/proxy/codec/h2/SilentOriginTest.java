package io.foregate.proxy.codec.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.api.message.Head;
import io.foregate.api.message.Headers;
import io.foregate.proxy.codec.ClientConnection;
import io.foregate.proxy.codec.ConnectionOwner;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.codec.HttpStream;
import io.foregate.proxy.codec.LoopContext;
import io.foregate.proxy.codec.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the exchanges on a connection are told when its origin breaks a rule, and when it is only gone. */
final class SilentOriginTest {
    private static final class Owner implements ConnectionOwner, Http2ClientConnection.Opening {
        @Override
        public void onRoom(ClientConnection connection) {}

        @Override
        public void onFreed(ClientConnection connection) {}

        @Override
        public void onStale(ClientConnection connection) {}

        @Override
        public void onLeaving() {}

        @Override
        public void onClosed(ClientConnection connection) {}

        @Override
        public void ready(Http2ClientConnection connection) {}

        @Override
        public void failed(String why) {}
    }

    private static final class Exchange implements StreamHandler {
        final List<Failure> failures = new ArrayList<>();

        @Override
        public void onHead(HttpStream stream, Head head, boolean end) {}

        @Override
        public void onData(HttpStream stream, ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onMoved(HttpStream stream, long bytes) {}

        @Override
        public void onTrailers(HttpStream stream, Headers trailers) {}

        @Override
        public void onReset(HttpStream stream, Failure failure) {
            failures.add(failure);
        }

        @Override
        public void onWritable(HttpStream stream) {}

        @Override
        public void onReadComplete(HttpStream stream) {}
    }

    private static Failure.Kind toldAfter(int code) {
        EmbeddedChannel channel = new EmbeddedChannel();
        LoopContext loop = EmbeddedLoop.of(channel);
        Owner owner = new Owner();
        Http2ClientConnection connection = new Http2ClientConnection(
                new Http2ClientConnection.Setup(loop, new HeadLimits(100, 1000, 20), owner, new Http2StreamPool()),
                null,
                false,
                owner);
        channel.pipeline().addLast(connection.handler());
        Exchange exchange = new Exchange();
        connection.begin(exchange);
        ((Http2Connection) connection.handler()).fail(code, "why");
        channel.finishAndReleaseAll();
        assertThat(exchange.failures).hasSize(1);
        return exchange.failures.getFirst().kind();
    }

    @Test
    void anOriginThatIsGoneHasBrokenNoRule() {
        assertThat(toldAfter(ErrorCode.PROTOCOL_ERROR)).isEqualTo(Failure.Kind.RESPONSE_MALFORMED);
        // As when a PING isn't answered: so a request on a connection that had lain idle is repeated.
        assertThat(toldAfter(ErrorCode.NO_ERROR)).isEqualTo(Failure.Kind.RESET);
    }
}
