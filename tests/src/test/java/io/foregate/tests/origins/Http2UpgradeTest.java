package io.foregate.tests.origins;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WebSockets of HTTP/1.1 clients with an HTTP/2 origin behind (RFC 8441). */
@ExtendWith(NoLeaks.class)
final class Http2UpgradeTest {
    private static final int CONNECT_PROTOCOL = 8;
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    /** Accepts with 200, and sends back what comes. */
    private static final class Echo implements ScriptedHttp2.Script {
        @Override
        public void onRequest(ScriptedHttp2.Peer peer, int stream) throws IOException {
            peer.frame(ScriptedHttp2.HEADERS, ScriptedHttp2.END_HEADERS, stream, ScriptedHttp2.OK);
        }

        @Override
        public void onData(ScriptedHttp2.Peer peer, int stream, byte[] data, boolean end) throws IOException {
            peer.frame(ScriptedHttp2.DATA, end ? ScriptedHttp2.END_STREAM : 0, stream, data);
        }
    }

    private static Proxy to(ScriptedHttp2 origin) throws IOException {
        return Proxy.to()
                .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                .link(H2)
                .open();
    }

    @Test
    void aWebSocketBecomesAStream() throws IOException {
        byte[] settings = ScriptedHttp2.setting(CONNECT_PROTOCOL, 1);
        try (ScriptedHttp2 origin = new ScriptedHttp2(settings, new Echo());
                Proxy proxy = to(origin);
                Wire client = proxy.client()) {
            Message head = client.send(UPGRADE).responseHead();
            assertThat(head.status()).isEqualTo(101);
            assertThat(head.field("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            client.send("hello");
            assertThat(new String(client.in().readNBytes(5), StandardCharsets.US_ASCII))
                    .isEqualTo("hello");
            client.shutdownOutput();
            assertThat(client.in().read()).isEqualTo(-1);
            assertThat(proxy.next().failure()).isNull();
        }
    }

    @Test
    void anOriginWithoutThatIsAFailureThatSaysSo() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(new byte[0], new Echo());
                Proxy proxy = to(origin)) {
            for (int i = 0; i < 2; i++) {
                try (Wire client = proxy.client()) {
                    assertThat(client.send(UPGRADE).response().status()).isEqualTo(502);
                }
                assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.UPGRADE_UNSUPPORTED);
            }
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedWebSocketIsAnOrdinaryAnswer() throws IOException {
        byte[] settings = ScriptedHttp2.setting(CONNECT_PROTOCOL, 1);
        byte[] notFound = {(byte) 0x8d};
        try (ScriptedHttp2 origin = new ScriptedHttp2(
                        settings,
                        (peer, stream) -> peer.frame(
                                ScriptedHttp2.HEADERS,
                                ScriptedHttp2.END_HEADERS | ScriptedHttp2.END_STREAM,
                                stream,
                                notFound));
                Proxy proxy = to(origin);
                Wire client = proxy.client()) {
            assertThat(client.send(UPGRADE).response().status()).isEqualTo(404);
        }
    }
}
