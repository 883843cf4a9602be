package io.foregate.tests.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that goes away takes the other along, and what is not whole never looks whole. */
@ExtendWith(NoLeaks.class)
final class BrokenOffTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String OLD_GET = "GET / HTTP/1.0\r\nHost: test\r\n\r\n";

    /** Sends a head and never stops sending. */
    private static Origin endless(String framing) throws IOException {
        byte[] data = ("10000\r\n" + "x".repeat(65536) + "\r\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        return Origin.start(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
            while (true) {
                connection.send(data);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000000000", "Transfer-Encoding: chunked", "X-Until: close"})
    void aClientThatResetsEndsTheOriginsWork(String framing) throws IOException {
        try (var origin = endless(framing);
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send(GET);
            client.responseHead();
            client.in().readNBytes(1_000_000);
            client.reset();
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
            assertThat(seen.source()).isEqualTo(Failure.Source.CLIENT);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void aClientThatClosesEndsTheOriginsWork() throws IOException {
        try (var origin = endless("Content-Length: 100000000000");
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send(GET);
            client.responseHead();
            client.close();
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void aClientThatStoppedReadingAndThenGoesEndsTheOriginsWork() throws IOException {
        try (var origin = endless("Content-Length: 100000000000");
                var proxy = Proxy.to(origin).open();
                var client = Wire.narrow(proxy.port(), 4096)) {
            client.send(GET);
            client.responseHead();
            // Everything is full now, and the proxy reads from neither side.
            client.reset();
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void aClientThatLeavesAnEventStreamIsNoticedAtOnce() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send(GET);
            client.responseHead();
            assertThat(client.chunk()).asString().isEqualTo("one");
            client.reset();
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerIsNoticedAtOnce() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send(GET);
            await().until(() -> origin.requests() == 1);
            client.reset();
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
            await().until(() -> origin.open() == 0);
            assertThat(proxy.endpoint(0).inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
    void anUploadThatBreaksOffNeverLooksWhole(String framing) throws IOException {
        boolean chunked = framing.endsWith("chunked");
        for (boolean reset : new boolean[] {true, false}) {
            var got = new AtomicReference<Object>();
            try (var origin = Origin.start(connection -> {
                        try {
                            got.set(String.valueOf(connection.request()));
                        } catch (IOException broken) {
                            got.set(broken);
                        }
                    });
                    var proxy = Proxy.to(origin).open();
                    var client = proxy.client()) {
                client.send("PUT / HTTP/1.1\r\nHost: test\r\n" + framing + "\r\n\r\n");
                client.send(chunked ? "4\r\nhalf\r\n" : "half");
                await().until(() -> origin.requests() == 1);
                if (reset) {
                    client.reset();
                } else {
                    client.shutdownOutput();
                }
                assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
                await().until(() -> got.get() != null);
                assertThat(got.get()).isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked", "X-Until: close"})
    void anAnswerThatIsResetNeverLooksWhole(String framing) throws Exception {
        for (String request : new String[] {GET, OLD_GET}) {
            try (var client = answeredBy(framing, request, true)) {
                assertThatThrownBy(client::response).isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000", "Transfer-Encoding: chunked"})
    void anAnswerThatEndsTooSoonNeverLooksWhole(String framing) throws Exception {
        for (String request : new String[] {GET, OLD_GET}) {
            try (var client = answeredBy(framing, request, false)) {
                assertThatThrownBy(client::response).isInstanceOf(IOException.class);
            }
        }
    }

    /** A client that has sent {@code request} and is about to read an answer whose origin went away in its middle. */
    private static Wire answeredBy(String framing, String request, boolean reset) throws Exception {
        boolean chunked = framing.endsWith("chunked");
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send(
                            "HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n" + (chunked ? "4\r\nhalf\r\n" : "half"));
                    // The proxy must have it before a RST takes it away.
                    Thread.sleep(100);
                    if (reset) {
                        connection.reset();
                    }
                });
                var proxy = Proxy.to(origin).open()) {
            Wire client = proxy.client();
            client.send(request);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.RESPONSE_TRUNCATED);
            assertThat(seen.source()).isEqualTo(Failure.Source.ORIGIN);
            assertThat(seen.status()).isEqualTo(200);
            return client;
        }
    }
}
