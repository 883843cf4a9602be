package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client of gRPC sees of origins that fail in the middle of things. */
@ExtendWith(NoLeaks.class)
final class GrpcFailuresTest {
    private static final int CANCEL = 8;
    private static final int INTERNAL_ERROR = 2;
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
    private static final byte[] NO_SETTINGS = {};
    /** {@code :status: 200}, {@code content-type: application/grpc}, without Huffman. */
    private static final byte[] ANSWER_HEAD = head();
    /** A whole message of gRPC with one byte, and the beginning of another. */
    private static final byte[] MESSAGES = {0, 0, 0, 0, 1, 'x', 0, 0, 0};

    private static final String BROKEN = "The server behind this address did not answer as it should.";

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] head() {
        byte[] value = "application/grpc".getBytes(StandardCharsets.US_ASCII);
        byte[] head = new byte[4 + value.length];
        head[0] = (byte) 0x88;
        // A literal without indexing whose name is static entry 31.
        head[1] = 0x0f;
        head[2] = 16;
        head[3] = (byte) value.length;
        System.arraycopy(value, 0, head, 4, value.length);
        return head;
    }

    private static Proxy to(ScriptedHttp2 origin) {
        return Proxy.to()
                .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                .link(H2);
    }

    /** How a call with one message ends that asks for as many answers as there are. */
    private static Status call(Proxy proxy, Metadata headers) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", proxy.port())
                .usePlaintext()
                .build();
        MethodDescriptor<byte[], byte[]> method = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName("test.Scripted/Call")
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        CompletableFuture<Status> end = new CompletableFuture<>();
        ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status);
                    }
                },
                headers);
        call.request(100);
        call.sendMessage(new byte[] {1, 2, 3});
        call.halfClose();
        try {
            return end.get(30, TimeUnit.SECONDS);
        } finally {
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static void begin(ScriptedHttp2.Peer peer, int stream) throws IOException {
        peer.frame(ScriptedHttp2.HEADERS, ScriptedHttp2.END_HEADERS, stream, ANSWER_HEAD);
        peer.frame(ScriptedHttp2.DATA, 0, stream, MESSAGES);
    }

    @Test
    void anAnswerThatBreaksOffEndsWithAStatus() throws Exception {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    begin(peer, stream);
                    peer.reset(stream, INTERNAL_ERROR);
                });
                Proxy proxy = to(origin).open()) {
            Status status = call(proxy, new Metadata());
            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(status.getDescription()).isEqualTo(BROKEN);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.RESPONSE_TRUNCATED);
            assertThat(seen.grpcStatus()).isEqualTo(14);
        }
    }

    @Test
    void aLostConnectionEndsWithAStatus() throws Exception {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    begin(peer, stream);
                    peer.hangUp();
                });
                Proxy proxy = to(origin).open()) {
            assertThat(call(proxy, new Metadata()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void anOriginsCancellationIsPassedOn() throws Exception {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    begin(peer, stream);
                    peer.reset(stream, CANCEL);
                });
                Proxy proxy = to(origin).open()) {
            assertThat(call(proxy, new Metadata()).getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CANCELLED);
        }
    }

    @Test
    void anOriginsCancellationBeforeItsAnswerIsPassedOn() throws Exception {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> peer.reset(stream, CANCEL));
                Proxy proxy = to(origin).open()) {
            assertThat(call(proxy, new Metadata()).getCode()).isEqualTo(Status.Code.CANCELLED);
            assertThat(proxy.next().grpcStatus()).isEqualTo(1);
        }
    }

    @Test
    void theClientsDeadlineIsOurs() throws Exception {
        Metadata headers = new Metadata();
        // Without the client knowing of it, which would keep it itself.
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "200m");
        for (boolean begun : new boolean[] {false, true}) {
            try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                        if (begun) {
                            begin(peer, stream);
                        }
                    });
                    Proxy proxy = to(origin).open()) {
                Status status = call(proxy, headers);
                assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
                assertThat(status.getDescription()).isEqualTo("The server behind this address did not answer in time.");
                assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.TOTAL_TIMEOUT);
            }
        }
    }

    @Test
    void anErrorOfOurOwnHasTheFormOfTrailersOnly() throws Exception {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> peer.hangUp());
                Proxy proxy = to(origin).open();
                Wire client = proxy.client()) {
            Message answer = client.send("POST /a.B/C HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc+proto\r\n"
                            + "Content-Length: 0\r\n\r\n")
                    .response();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("Content-Type")).isEqualTo("application/grpc");
            assertThat(answer.field("grpc-status")).isEqualTo("14");
            assertThat(answer.field("grpc-message")).isEqualTo(BROKEN);
            assertThat(answer.text()).isEmpty();
            Message web = client.send("POST /a.B/C HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc-web\r\n"
                            + "Content-Length: 0\r\n\r\n")
                    .response();
            assertThat(web.status()).isEqualTo(502);
        }
    }
}
