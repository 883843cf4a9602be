package io.foregate.tests.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.Defence;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that a load balancer announces with the PROXY protocol. */
final class ProxyProtocolTest {
    private static final String REQUIRED = "proxy-protocol: { mode: required, from: 127.0.0.1 }";
    private static final String OPTIONAL = "proxy-protocol: { mode: optional, from: 127.0.0.1 }";
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.1 50000 443\r\n";
    private static final String GET = "GET /path HTTP/1.1\r\nHost: test\r\n\r\n";

    @TempDir
    private Path folder;

    /** An origin that tells what it was told about the client. */
    private static Origin telling() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                connection.send(
                        Origin.ok(request.field("X-Forwarded-For") + " over " + request.field("X-Forwarded-Proto")));
            }
        });
    }

    private static byte[] v2(int command, int family, String addresses, byte... entries) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(octets("\r\n\r\n\0\r\nQUIT\n"));
        header.write(command);
        header.write(family);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (String address : addresses.isEmpty() ? new String[0] : addresses.split(" ")) {
            rest.writeBytes(InetAddress.ofLiteral(address).getAddress());
        }
        if (rest.size() > 0) {
            rest.writeBytes(new byte[] {1, 2, 3, 4});
        }
        rest.writeBytes(entries);
        header.write(rest.size() >> 8);
        header.write(rest.size());
        header.writeBytes(rest.toByteArray());
        return header.toByteArray();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static String answer(Edge edge, byte[] bytes) throws IOException {
        try (Wire client = edge.client()) {
            return client.send(bytes).response().text();
        }
    }

    private static boolean refuses(Edge edge, byte[] bytes) throws IOException {
        try (Wire client = edge.client()) {
            try {
                client.send(bytes);
            } catch (IOException refusedAtOnce) {
                return true;
            }
            client.socket().setSoTimeout(30_000);
            return client.in().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void theAnnouncedClientIsTheClient() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            assertThat(answer(edge, octets(V1 + GET))).isEqualTo("192.0.2.7 over http");
            assertThat(answer(edge, join(v2(0x21, 0x21, "2001:db8::7 2001:db8::1"), octets(GET))))
                    .isEqualTo("2001:db8::7 over http");
            assertThat(edge.accessLog(2).get(0)).contains("\"192.0.2.7\"");
            assertThat(edge.accessLog(2).get(1)).contains("\"2001:db8::7\"");
        }
    }

    @Test
    void whoeverHasNoAddressIsWhoeverConnected() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            assertThat(answer(edge, octets("PROXY UNKNOWN\r\n" + GET))).isEqualTo("127.0.0.1 over http");
            assertThat(answer(edge, join(v2(0x20, 0, ""), octets(GET)))).isEqualTo("127.0.0.1 over http");
            assertThat(answer(edge, join(v2(0x21, 0x31, "", new byte[216]), octets(GET))))
                    .isEqualTo("127.0.0.1 over http");
        }
    }

    @Test
    void trustedProxiesAreLookedForAmongTheAnnounced() throws IOException {
        String claim = "GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "trusted-proxies: [192.0.2.0/24]")) {
            assertThat(answer(edge, octets(V1 + claim))).isEqualTo("203.0.113.9, 192.0.2.7 over http");
            assertThat(answer(edge, octets("PROXY TCP4 198.51.100.9 198.51.100.1 1 2\r\n" + claim)))
                    .isEqualTo("198.51.100.9 over http");
        }
    }

    @Test
    void aClientThatSpokeTlsWithTheLoadBalancerIsSecure() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            byte[] header = v2(
                    0x21,
                    0x11,
                    "192.0.2.7 198.51.100.1",
                    (byte) 0x20,
                    (byte) 0,
                    (byte) 5,
                    (byte) 1,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0);
            assertThat(answer(edge, join(header, octets(GET)))).isEqualTo("192.0.2.7 over https");
        }
    }

    @Test
    void aHeaderMayBeCutAnywhere() throws Exception {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            for (byte[] bytes : new byte[][] {
                octets(V1 + GET),
                join(v2(0x21, 0x11, "192.0.2.7 198.51.100.1", (byte) 4, (byte) 0, (byte) 0), octets(GET))
            }) {
                for (int cut = 1; cut < bytes.length; cut++) {
                    try (Wire client = edge.client()) {
                        client.send(java.util.Arrays.copyOf(bytes, cut));
                        // Long enough to arrive alone, mostly.
                        Thread.yield();
                        client.send(java.util.Arrays.copyOfRange(bytes, cut, bytes.length));
                        assertThat(client.response().text()).isEqualTo("192.0.2.7 over http");
                    }
                }
                try (Wire client = edge.client()) {
                    for (byte b : bytes) {
                        client.send(new byte[] {b});
                    }
                    assertThat(client.response().text()).isEqualTo("192.0.2.7 over http");
                }
            }
        }
    }

    @Test
    void aRequiredHeaderThatDoesNotComeOrIsWrongEndsTheConnection() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            assertThat(refuses(edge, octets(GET))).isTrue();
            assertThat(refuses(edge, octets("PROXY TCP4 192.0.2.07 198.51.100.1 50000 443\r\n" + GET)))
                    .isTrue();
            assertThat(refuses(edge, join(v2(0x21, 0x12, "192.0.2.7 198.51.100.1"), octets(GET))))
                    .isTrue();
            edge.awaitCount(Defence.PROXY_HEADER, 3);
            // Only once: what follows is a request, and not a good one.
            try (Wire client = edge.client()) {
                assertThat(client.send(V1 + V1 + GET).response().status()).isEqualTo(400);
            }
            assertThat(origin.requests()).isZero();
            assertThat(answer(edge, octets(V1 + GET))).startsWith("192.0.2.7");
        }
    }

    @Test
    void aRequiredHeaderHasToComeInTime() throws IOException {
        String soon = "proxy-protocol: { mode: required, from: 127.0.0.1, timeout: 200ms }";
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), soon, "")) {
            assertThat(refuses(edge, octets(""))).isTrue();
            assertThat(refuses(edge, octets("PROXY TCP4 192"))).isTrue();
            edge.awaitCount(Defence.SLOW_PROXY_HEADER, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"required", "optional"})
    void whoeverIsNotTrustedIsNotBelieved(String mode) throws IOException {
        String other = "proxy-protocol: { mode: " + mode + ", from: 192.0.2.1 }";
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), other, "")) {
            assertThat(refuses(edge, octets(V1 + GET))).isTrue();
            assertThat(refuses(edge, join(v2(0x20, 0, ""), octets(GET)))).isTrue();
            edge.awaitCount(Defence.PROXY_HEADER, 2);
            if (mode.equals("required")) {
                assertThat(refuses(edge, octets(GET))).isTrue();
            } else {
                assertThat(answer(edge, octets(GET))).isEqualTo("127.0.0.1 over http");
            }
        }
    }

    @Test
    void anOptionalHeaderMayBeMissing() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), OPTIONAL, "")) {
            assertThat(answer(edge, octets(V1 + GET))).isEqualTo("192.0.2.7 over http");
            assertThat(answer(edge, octets(GET))).isEqualTo("127.0.0.1 over http");
            assertThat(answer(edge, octets("PROPFIND / HTTP/1.1\r\nHost: test\r\n\r\n")))
                    .isEqualTo("127.0.0.1 over http");
        }
    }

    @Test
    void withAnOptionalHeaderASilentClientMayStillAsk() throws IOException {
        String soon = "proxy-protocol: { mode: optional, from: 127.0.0.1, timeout: 100ms }";
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), soon, "")) {
            try (Wire client = edge.client()) {
                client.send("P");
                await().pollDelay(Duration.ofMillis(300)).until(() -> true);
                client.send("UT / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.response().text()).isEqualTo("127.0.0.1 over http");
            }
        }
    }

    @Test
    void withoutTheSettingAHeaderIsNoRequest() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), "", "")) {
            try (Wire client = edge.client()) {
                assertThat(client.send(V1 + GET).response().status()).isEqualTo(400);
            }
            try (Wire client = edge.client()) {
                assertThat(client.send(join(v2(0x20, 0, ""), octets(GET)))
                                .response()
                                .status())
                        .isEqualTo(400);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2-ssl-cn"})
    void haproxyAnnouncesItsClients(String option) throws IOException {
        int free = Ports.free();
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            Path config = Files.writeString(folder.resolve("haproxy.cfg"), """
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 30s
                      timeout server 30s
                    frontend in
                      bind 127.0.0.1:%d
                      default_backend out
                    backend out
                      server one 127.0.0.1:%d %s check inter 200ms
                    """.formatted(free, edge.port(), option));
            try (Program haproxy = Program.start("haproxy", "-db", "-f", config.toString())) {
                await().atMost(Duration.ofSeconds(30)).until(() -> haproxy.alive() && isOpen(free));
                // All of 127.0.0.0/8 is this machine.
                assertThat(Program.run("curl", "-sS", "-f", "--interface", "127.0.0.5", "http://127.0.0.1:" + free))
                        .isEqualTo("127.0.0.5 over http");
            }
        }
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void curlAnnouncesItself() throws IOException {
        try (Origin origin = telling();
                Edge edge = Edge.start(folder, origin.port(), REQUIRED, "")) {
            String url = "http://127.0.0.1:" + edge.port() + "/";
            assertThat(Program.run("curl", "-sS", "-f", "--haproxy-protocol", url))
                    .isEqualTo("127.0.0.1 over http");
        }
    }
}
