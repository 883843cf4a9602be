package io.foregate.tests.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.Defence;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many connections there may be, altogether and of one client. */
final class ConnectionLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    @TempDir
    private Path folder;

    private static boolean isServed(Edge edge) {
        try {
            return edge.get("/").status() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Whether a client of this machine with that address is served. */
    private static boolean isServed(Edge edge, String from) {
        try (Socket socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), edge.port(), InetAddress.ofLiteral(from), 0)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(GET.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return socket.getInputStream().read() == 'H';
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefusedAndOthersGoOn() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Edge edge = Edge.start(folder, origin.port(), "limits: { connections: 3 }", "")) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Wire client = edge.client();
                clients.add(client);
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
            assertThat(isServed(edge)).isFalse();
            assertThat(isServed(edge)).isFalse();
            assertThat(edge.count(Defence.CONNECTION_LIMIT)).isEqualTo(2);
            for (Wire client : clients) {
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
            clients.removeFirst().close();
            await().atMost(Duration.ofSeconds(30)).until(() -> isServed(edge));
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    @Test
    void oneClientCannotTakeAllConnections() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Edge edge = Edge.start(folder, origin.port(), "limits: { connections-per-client: 2 }", "");
                Wire first = edge.client();
                Wire second = edge.client()) {
            assertThat(first.get("/").text()).isEqualTo("hello");
            assertThat(second.get("/").text()).isEqualTo("hello");
            assertThat(isServed(edge)).isFalse();
            assertThat(edge.count(Defence.CLIENT_CONNECTION_LIMIT)).isOne();
            assertThat(isServed(edge, "127.0.0.9")).isTrue();
            first.close();
            await().atMost(Duration.ofSeconds(30)).until(() -> isServed(edge));
        }
    }

    @Test
    void trustedProxiesStandForManyClients() throws IOException {
        String limits = "limits: { connections-per-client: 1 }, trusted-proxies: 127.0.0.1";
        try (Origin origin = Origin.saying("hello");
                Edge edge = Edge.start(folder, origin.port(), limits, "");
                Wire first = edge.client();
                Wire second = edge.client()) {
            assertThat(first.get("/").text()).isEqualTo("hello");
            assertThat(second.get("/").text()).isEqualTo("hello");
        }
    }

    @Test
    void announcedClientsAreCountedInsteadOfWhoAnnouncesThem() throws IOException {
        String limits = "limits: { connections-per-client: 1 }, proxy-protocol: { from: 127.0.0.1 }";
        String one = "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n";
        try (Origin origin = Origin.saying("hello");
                Edge edge = Edge.start(folder, origin.port(), limits, "");
                Wire first = edge.client();
                Wire second = edge.client();
                Wire third = edge.client()) {
            assertThat(first.send(one + GET).response().text()).isEqualTo("hello");
            assertThat(second.send("PROXY TCP4 192.0.2.2 198.51.100.1 1 2\r\n" + GET)
                            .response()
                            .text())
                    .isEqualTo("hello");
            third.send(one + GET);
            assertThat(third.ends()).isTrue();
            assertThat(edge.count(Defence.CLIENT_CONNECTION_LIMIT)).isOne();
        }
    }
}
