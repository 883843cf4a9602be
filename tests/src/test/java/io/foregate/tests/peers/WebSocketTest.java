package io.foregate.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.RealProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's WebSocket client, a Node server that echoes, a proxy between them. */
final class WebSocketTest {
    @TempDir
    private Path folder;

    /** Collects whole messages; texts as they are, binary ones as their length, the close as its code. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private int binaryBytes;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            binaryBytes += data.remaining();
            if (last) {
                messages.add("bytes " + binaryBytes);
                binaryBytes = 0;
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            messages.add("error " + error);
        }

        String next() throws InterruptedException {
            return String.valueOf(messages.poll(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void messagesOfAnySizeComeBack() throws Exception {
        try (var backend = Backend.start(Backend.Kind.NODE, folder, 0);
                var proxy = RealProcess.proxy("localhost:" + backend.port())) {
            converse(proxy.port());
            // The tunnel's end is an exchange's end.
            proxy.program().awaitOutput(line -> line.contains("\"status\":101"));
            assertThat(proxy.terminate()).isZero();
        }
    }

    @Test
    void anOriginThatSpeaksHttp2IsNoDifferent() throws Exception {
        Link h2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
        InetAddress here = InetAddress.getByName("127.0.0.1");
        try (var backend = Backend.start(Backend.Kind.NODE, folder, 0);
                var behind = Proxy.to()
                        .endpoint(1, new InetSocketAddress(here, backend.port()))
                        .open();
                var proxy = Proxy.to()
                        .endpoint(1, new InetSocketAddress(here, behind.port()))
                        .link(h2)
                        .open()) {
            converse(proxy.port());
            assertThat(proxy.next().failure()).isNull();
            assertThat(behind.next().failure()).isNull();
        }
    }

    private static void converse(int port) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var received = new Received();
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/echo"), received)
                    .get(30, TimeUnit.SECONDS);
            for (int i = 0; i < 200; i++) {
                socket.sendText("message " + i, true).get(30, TimeUnit.SECONDS);
                assertThat(received.next()).isEqualTo("message " + i);
            }
            for (int size : new int[] {1, 125, 126, 65535, 65536, 1 << 20}) {
                socket.sendBinary(ByteBuffer.allocate(size), true).get(30, TimeUnit.SECONDS);
                assertThat(received.next()).isEqualTo("bytes " + size);
            }
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
            assertThat(received.next()).isEqualTo("closed 1000");
        }
    }
}
