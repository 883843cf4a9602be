package io.foregate.tests.origins;

import static io.foregate.tests.origins.ScriptedHttp2.DATA;
import static io.foregate.tests.origins.ScriptedHttp2.END_HEADERS;
import static io.foregate.tests.origins.ScriptedHttp2.END_STREAM;
import static io.foregate.tests.origins.ScriptedHttp2.HEADERS;
import static io.foregate.tests.origins.ScriptedHttp2.OK;
import static io.foregate.tests.origins.ScriptedHttp2.SETTINGS;
import static io.foregate.tests.origins.ScriptedHttp2.setting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of requests when an HTTP/2 origin refuses, goes away, or breaks the rules. */
@ExtendWith(NoLeaks.class)
final class Http2FailuresTest {
    private static final int REFUSED_STREAM = 7;
    private static final int INTERNAL_ERROR = 2;
    private static final int MAX_STREAMS = 3;
    private static final byte[] NO_SETTINGS = {};
    private static final Link H2 = new Link(Link.Protocol.H2, Link.ProxyProtocol.OFF, null);

    private static Proxy to(ScriptedHttp2 origin) throws IOException {
        return Proxy.to()
                .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                .link(H2)
                .open();
    }

    private static Message post(Proxy proxy, String body) throws IOException {
        try (Wire client = proxy.client()) {
            String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            return client.send(request.getBytes(StandardCharsets.US_ASCII)).response();
        }
    }

    @Test
    void aRefusedStreamIsTriedAgainWhateverItsMethod() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    if (requests.incrementAndGet() <= 2) {
                        peer.reset(stream, REFUSED_STREAM);
                    } else {
                        peer.ok(stream);
                    }
                });
                Proxy proxy = to(origin)) {
            assertThat(post(proxy, "body").status()).isEqualTo(200);
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void anOriginThatRefusesForEverIsAFailure() throws IOException {
        try (ScriptedHttp2 origin =
                        new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> peer.reset(stream, REFUSED_STREAM));
                Proxy proxy = to(origin)) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.UNPROCESSED);
        }
    }

    @Test
    void whatGoAwayLeavesOutIsTriedAgainOnAnotherConnection() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    if (peer.number() == 1) {
                        peer.goAway(0, 0);
                    } else {
                        peer.ok(stream);
                    }
                });
                Proxy proxy = to(origin)) {
            assertThat(post(proxy, "body").status()).isEqualTo(200);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void whatGoAwayIncludesIsStillAnswered() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    peer.goAway(stream, 0);
                    peer.ok(stream);
                });
                Proxy proxy = to(origin)) {
            for (int i = 1; i <= 5; i++) {
                assertThat(proxy.get("/").status()).isEqualTo(200);
                assertThat(origin.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void aConnectionThatIsGoingAwayWhileItLiesIdleIsNotUsed() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    peer.ok(stream);
                    if (peer.number() == 1) {
                        peer.goAway(stream, 0);
                        // It reads nothing more, nor sees that we close.
                        try {
                            over.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                });
                Proxy proxy = to(origin)) {
            assertThat(proxy.get("/").status()).isEqualTo(200);
            Thread.sleep(200);
            assertThat(post(proxy, "body").status()).isEqualTo(200);
            assertThat(proxy.next().failure()).isNull();
            assertThat(proxy.next().failure()).isNull();
            assertThat(origin.connections()).isEqualTo(2);
            over.countDown();
        }
    }

    @Test
    void aLoweredLimitOfStreamsIsKept() throws IOException {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> waiting = new ArrayList<>();
        try (ScriptedHttp2 origin = new ScriptedHttp2(setting(MAX_STREAMS, 4), (peer, stream) -> {
                    if (stream == 1) {
                        peer.frame(SETTINGS, 0, 0, setting(MAX_STREAMS, 1));
                        peer.ok(stream);
                        return;
                    }
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    synchronized (waiting) {
                        waiting.add(stream);
                    }
                    open.decrementAndGet();
                    peer.ok(stream);
                });
                Proxy proxy = to(origin)) {
            proxy.get("/");
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.get("/").status()).isEqualTo(200);
            }
            assertThat(most).hasValue(1);
            assertThat(waiting).hasSize(20);
        }
    }

    @Test
    void anOriginThatAllowsNoStreamsIsAFailureAndHasNoConnections() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(setting(MAX_STREAMS, 0), (peer, stream) -> peer.ok(stream));
                Proxy proxy = to(origin)) {
            assertThat(proxy.get("/").status()).isIn(502, 503);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CONNECT_FAILED);
            assertThat(origin.connections()).isLessThanOrEqualTo(3);
            await().until(() -> proxy.endpoint(0).connections() == 0);
        }
    }

    @Test
    void aConnectionThatIsGoingAwayDoesNotCountForTheLimitOfConnections() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        try (ScriptedHttp2 origin = new ScriptedHttp2(setting(MAX_STREAMS, 1), (peer, stream) -> {
                    if (peer.number() > 1) {
                        peer.ok(stream);
                        return;
                    }
                    first.countDown();
                    try {
                        Thread.sleep(500);
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    // Never answered.
                    peer.goAway(stream, 0);
                });
                Proxy proxy = Proxy.to()
                        .endpoint(1, new InetSocketAddress(InetAddress.getLoopbackAddress(), origin.port()))
                        .link(H2)
                        .maxConnections(1)
                        .open();
                Wire lasting = proxy.client()) {
            lasting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.await();
            // It waits in the queue when the first connection says that it is going away.
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(proxy.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aResetBeforeTheAnswerIsTriedAgainOnlyWhenThatIsSafe() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    requests.incrementAndGet();
                    peer.reset(stream, INTERNAL_ERROR);
                });
                Proxy proxy = to(origin)) {
            assertThat(post(proxy, "body").status()).isEqualTo(502);
            assertThat(requests).hasValue(1);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.STREAM_RESET);
        }
    }

    @Test
    void aKeptConnectionThatIsGoneCostsNothing() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    if (requests.incrementAndGet() == 2) {
                        peer.hangUp();
                    } else {
                        peer.ok(stream);
                    }
                });
                Proxy proxy = to(origin)) {
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    private static void malformed(ScriptedHttp2.Script script) throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, script);
                Proxy proxy = to(origin)) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.RESPONSE_MALFORMED);
        }
    }

    @Test
    void headsThatBreakTheRulesAreFailures() throws IOException {
        // No :status; two of them; a letter in it; 101; an upper-case name; Connection; a lone END_STREAM with 100.
        malformed((peer, stream) -> peer.frame(HEADERS, END_HEADERS | END_STREAM, stream));
        malformed((peer, stream) -> peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, OK[0], OK[0]));
        malformed((peer, stream) -> peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, literal(8, "2x0")));
        malformed((peer, stream) -> peer.frame(HEADERS, END_HEADERS, stream, literal(8, "101")));
        malformed(
                (peer, stream) -> peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, join(OK, field("Upper", "a"))));
        malformed((peer, stream) ->
                peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, join(OK, field("connection", "a"))));
        malformed((peer, stream) -> peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, literal(8, "100")));
    }

    @Test
    void anEmptyBodyThatWasAnnouncedLongerIsAFailure() throws IOException {
        malformed((peer, stream) ->
                peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, join(OK, field("content-length", "5"))));
    }

    @Test
    void aBodyShorterThanAnnouncedIsBrokenOff() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    peer.frame(HEADERS, END_HEADERS, stream, join(OK, field("content-length", "5")));
                    peer.frame(DATA, END_STREAM, stream, (byte) 'a');
                });
                Proxy proxy = to(origin);
                Wire client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            rest(client);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.RESPONSE_MALFORMED);
        }
    }

    @Test
    void interimAnswersAndTrailersComeThrough() throws IOException {
        try (ScriptedHttp2 origin = new ScriptedHttp2(NO_SETTINGS, (peer, stream) -> {
                    peer.frame(HEADERS, END_HEADERS, stream, join(literal(8, "103"), field("link", "a")));
                    peer.frame(HEADERS, END_HEADERS, stream, OK);
                    peer.frame(DATA, 0, stream, (byte) 'a');
                    peer.frame(HEADERS, END_HEADERS | END_STREAM, stream, field("x-sum", "1"));
                });
                Proxy proxy = to(origin);
                Wire client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(rest(client))
                    .startsWith("HTTP/1.1 103")
                    .contains("HTTP/1.1 200")
                    .contains("x-sum: 1");
        }
    }

    /** What comes until the connection ends, one way or the other. */
    private static String rest(Wire client) {
        StringBuilder text = new StringBuilder();
        try {
            for (int c = client.in().read(); c >= 0; c = client.in().read()) {
                text.append((char) c);
            }
        } catch (IOException e) {
            text.append("<").append(e.getMessage()).append(">");
        }
        return text.toString();
    }

    private static byte[] field(String name, String value) {
        return join(join(new byte[] {0}, string(name)), string(value));
    }

    private static byte[] literal(int index, String value) {
        return join(new byte[] {(byte) index}, string(value));
    }

    private static byte[] string(String text) {
        return join(new byte[] {(byte) text.length()}, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
