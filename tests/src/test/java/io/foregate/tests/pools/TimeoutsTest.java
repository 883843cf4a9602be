package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.proxy.observe.AccessRecord.Phase;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each phase has its limit, and the log says which one it was. */
@ExtendWith(NoLeaks.class)
final class TimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(150);

    /** A port that is bound and takes no connection, because its backlog is full. */
    private static final class Deaf implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<SocketChannel> backlog = new ArrayList<>();

        Deaf() throws IOException {
            // The kernel takes one or two more than asked; those that hang after that are answered by nobody.
            for (int i = 0; i < 8; i++) {
                SocketChannel filler = SocketChannel.open();
                filler.configureBlocking(false);
                filler.connect(server.getLocalSocketAddress());
                backlog.add(filler);
            }
        }

        InetSocketAddress address() {
            return (InetSocketAddress) server.getLocalSocketAddress();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel filler : backlog) {
                filler.close();
            }
            server.close();
        }
    }

    private static Origin silent() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            assertThat(connection.ends()).isTrue();
        });
    }

    private static void assertGatewayTimeout(Message answer) {
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.text()).contains("did not answer in time");
    }

    @Test
    void connecting() throws IOException {
        try (var deaf = new Deaf();
                var proxy = Proxy.to()
                        .endpoint(1, deaf.address())
                        .connectTimeout(SHORT)
                        .open()) {
            assertGatewayTimeout(proxy.get("/"));
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.CONNECT_TIMEOUT);
            assertThat(seen.source()).isEqualTo(Failure.Source.ORIGIN);
            // The next ones don't wait for what will come to nothing.
            assertThat(proxy.get("/").status()).isEqualTo(503);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.POOL_DOWN);
        }
    }

    @Test
    void connectingGoesOnWithTheNextEndpoint() throws IOException {
        try (var deaf = new Deaf();
                var up = Origin.saying("up");
                var proxy = Proxy.to()
                        .endpoint(1, deaf.address())
                        .endpoint(1, up.address())
                        .connectTimeout(SHORT)
                        .open();
                var client = proxy.client()) {
            assertThat(client.exchange("POST", "/", "a").text()).isEqualTo("up");
            assertThat(client.exchange("POST", "/", "b").text()).isEqualTo("up");
        }
    }

    @Test
    void theFirstByte() throws IOException {
        try (var origin = silent();
                var proxy = Proxy.to(origin).firstByteTimeout(SHORT).open();
                var client = proxy.client()) {
            assertGatewayTimeout(client.get("/"));
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.FIRST_BYTE_TIMEOUT);
            assertThat(seen.phase()).isEqualTo(Phase.FIRST_BYTE);
            // A request that took too long isn't sent a second time.
            assertThat(origin.requests()).isEqualTo(1);
            await().until(() -> origin.open() == 0);
            assertThat(client.get("/local").status()).isEqualTo(204);
        }
    }

    @Test
    void silenceWithinTheAnswer() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = Proxy.to(origin).idleTimeout(SHORT).open();
                var client = proxy.client()) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.IDLE_TIMEOUT);
            assertThat(seen.source()).isEqualTo(Failure.Source.ORIGIN);
            assertThat(seen.status()).isEqualTo(200);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void silenceWithinTheRequest() throws IOException {
        try (var origin = silent();
                var proxy = Proxy.to(origin).idleTimeout(SHORT).open();
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
            assertThat(client.response().status()).isEqualTo(408);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.REQUEST_BODY_TIMEOUT);
            assertThat(seen.source()).isEqualTo(Failure.Source.CLIENT);
            assertThat(client.ends()).isTrue();
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void aClientThatReadsNothing() throws IOException {
        byte[] block = new byte[64 * 1024];
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                    while (true) {
                        connection.send(block);
                    }
                });
                var proxy = Proxy.to(origin).idleTimeout(SHORT).open();
                var client = Wire.narrow(proxy.port(), 4096)) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.CLIENT_SLOW);
            assertThat(seen.source()).isEqualTo(Failure.Source.CLIENT);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void theWholeExchangeBeforeItsAnswer() throws IOException {
        try (var origin = silent();
                var proxy = Proxy.to(origin).totalTimeout(SHORT).open()) {
            assertGatewayTimeout(proxy.get("/"));
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.TOTAL_TIMEOUT);
        }
    }

    @Test
    void theWholeExchangeWhileItsAnswerTrickles() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    while (true) {
                        connection.send("1\r\nx\r\n");
                        Thread.sleep(10);
                    }
                });
                var proxy =
                        Proxy.to(origin).totalTimeout(Duration.ofMillis(300)).open();
                var client = proxy.client()) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.TOTAL_TIMEOUT);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void progressKeepsASlowAnswerAlive() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
                    for (int i = 0; i < 20; i++) {
                        connection.send("x");
                        Thread.sleep(50);
                    }
                    assertThat(connection.request()).isNull();
                });
                var proxy = Proxy.to(origin).idleTimeout(Duration.ofMillis(800)).open()) {
            assertThat(proxy.get("/").text()).hasSize(20);
        }
    }
}
