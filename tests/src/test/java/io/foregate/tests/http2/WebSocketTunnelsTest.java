package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WebSockets of HTTP/2 clients (RFC 8441), with origins of either version behind. */
@ExtendWith(NoLeaks.class)
final class WebSocketTunnelsTest {
    private static final String CLOSED = "closed";

    /** Accepts as RFC 6455 has it. */
    private static void accept(Wire connection) throws IOException {
        Message request = Objects.requireNonNull(connection.head());
        assertThat(request.start()).isEqualTo("GET /chat HTTP/1.1");
        assertThat(request.field("Sec-WebSocket-Version")).isEqualTo("13");
        String key = Objects.requireNonNull(request.field("Sec-WebSocket-Key"));
        assertThat(Base64.getDecoder().decode(key)).hasSize(16);
        connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + proof(key) + "\r\nSec-WebSocket-Protocol: chat\r\n\r\n");
    }

    private static String proof(String key) {
        try {
            byte[] both = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-1").digest(both));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Origin echo() throws IOException {
        return Origin.start(connection -> {
            accept(connection);
            byte[] buffer = new byte[8192];
            for (int n = connection.in().read(buffer);
                    n >= 0;
                    n = connection.in().read(buffer)) {
                connection.out().write(buffer, 0, n);
                connection.out().flush();
            }
            connection.send(CLOSED);
        });
    }

    private static void ask(Http2Wire client, int stream) throws IOException {
        client.webSocket(stream, "sec-websocket-protocol", "chat");
    }

    private static void opened(Http2Wire client) throws IOException {
        Http2Wire.Frame head = client.await(Http2Wire.HEADERS);
        assertThat(head.fields())
                .contains(":status: 200")
                .containsIgnoringCase("sec-websocket-protocol: chat")
                .doesNotContainIgnoringCase("sec-websocket-accept")
                .doesNotContainIgnoringCase("upgrade");
        assertThat(head.has(Http2Wire.END_STREAM)).isFalse();
    }

    private static String text(Http2Wire client, int length) throws IOException {
        StringBuilder came = new StringBuilder();
        while (came.length() < length) {
            came.append(client.await(Http2Wire.DATA).text());
        }
        return came.toString();
    }

    private static void converse(Http2Wire client) throws IOException {
        ask(client, 1);
        opened(client);
        for (int i = 0; i < 100; i++) {
            String word = "word " + i;
            client.data(1, false, word);
            assertThat(text(client, word.length())).isEqualTo(word);
        }
        // Half-closed, and still answered: what the origin says after our end comes before its own.
        client.data(1, true, "");
        StringBuilder last = new StringBuilder();
        Http2Wire.Frame frame = client.await(Http2Wire.DATA);
        while (!frame.has(Http2Wire.END_STREAM)) {
            last.append(frame.text());
            frame = client.await(Http2Wire.DATA);
        }
        assertThat(last.append(frame.text()).toString()).isEqualTo(CLOSED);
    }

    @Test
    void anHttp1OriginIsSpokenToAsItExpects() throws Exception {
        try (Origin origin = echo();
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            converse(client);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isNull();
            assertThat(seen.status()).isEqualTo(101);
        }
    }

    @Test
    void anHttp2OriginIsAskedByExtendedConnect() throws Exception {
        Link h2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);
        try (Origin origin = echo();
                Proxy behind = Proxy.to(origin).open();
                Proxy proxy = Proxy.to()
                        .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), behind.port()))
                        .link(h2)
                        .open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            converse(client);
            assertThat(proxy.next().failure()).isNull();
            assertThat(behind.next().failure()).isNull();
        }
    }

    @Test
    void whatComesBeforeTheTunnelIsOpenWaitsInOrderAndWithinTheWindow() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        int early = 70_000;
        try (Origin origin = Origin.start(connection -> {
                    goOn.await();
                    accept(connection);
                    byte[] came = connection.in().readNBytes(early);
                    connection.out().write(came);
                    connection.out().flush();
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            ask(client, 1);
            StringBuilder sent = new StringBuilder();
            while (sent.length() < early) {
                String piece = String.valueOf(10_000_000 + sent.length() * 10).substring(1) + "abc";
                sent.append(piece);
                client.queue(Http2Wire.DATA, 0, 1, piece.getBytes(StandardCharsets.US_ASCII));
            }
            client.flush();
            client.frame(Http2Wire.PING, 0, 0, new byte[8]);
            // Nothing has been taken, so the stream's window doesn't open.
            Http2Wire.Frame next = client.next();
            while (next.type() != Http2Wire.PING) {
                assertThat(next.type() == Http2Wire.WINDOW_UPDATE && next.id() == 1)
                        .isFalse();
                next = client.next();
            }
            goOn.countDown();
            opened(client);
            client.window(0, early);
            client.window(1, early);
            assertThat(text(client, early)).isEqualTo(sent.toString());
        }
    }

    @Test
    void aRefusalIsAnOrdinaryAnswer() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    while (connection.head() != null) {
                        connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!");
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            for (int stream = 1; stream < 7; stream += 2) {
                ask(client, stream);
                client.data(stream, false, "too early");
                Http2Wire.Answer answer = client.answer(stream);
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.body()).isEqualTo("no!");
            }
            client.get(9, "/chat");
            assertThat(client.answer(9).status()).isEqualTo(403);
        }
    }

    @Test
    void anOriginThatProvesNothingIsNotBelieved() throws Exception {
        try (Origin origin = Origin.start(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            ask(client, 1);
            assertThat(client.answer(1).status()).isEqualTo(502);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.RESPONSE_MALFORMED);
        }
    }

    @Test
    void aTunnelOutlivesTheIdleTimeoutAndEndsWithItsOwn() throws Exception {
        try (Origin origin = echo();
                Proxy proxy = Proxy.to(origin)
                        .idleTimeout(Duration.ofMillis(100))
                        .firstByteTimeout(Duration.ofMillis(100))
                        .totalTimeout(Duration.ofMillis(200))
                        .tunnelTimeout(Duration.ofSeconds(1))
                        .open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            ask(client, 1);
            opened(client);
            client.data(1, false, "hello");
            assertThat(text(client, 5)).isEqualTo("hello");
            // Silent for longer than anything but the tunnel's own timeout allows.
            assertThat(client.endCode()).as("CANCEL").isEqualTo(8);
            Seen seen = proxy.next();
            assertThat(seen.phase()).isEqualTo(Phase.TUNNEL);
            assertThat(seen.failure()).isEqualTo(Failure.Kind.IDLE_TIMEOUT);
        }
    }

    @Test
    void aResetEndsTheOriginsConnection() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Origin origin = Origin.start(connection -> {
                    accept(connection);
                    connection.ends();
                    ended.countDown();
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            ask(client, 1);
            opened(client);
            client.reset(1, 8);
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
        }
    }
}
