package io.foregate.tests.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing waits for more: each side goes on only when the other has what was sent so far, so one held byte is a deadlock. */
@ExtendWith(NoLeaks.class)
final class NoDelayTest {
    private static final int EVENTS = 500;

    private static void serverSentEvents(boolean chunked) throws IOException {
        var mayGoOn = new Semaphore(1);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n"));
                    for (int i = 0; i < EVENTS; i++) {
                        mayGoOn.acquire();
                        String event = "data: " + i + "\n\n";
                        connection.send(
                                chunked ? Integer.toHexString(event.length()) + "\r\n" + event + "\r\n" : event);
                    }
                    if (chunked) {
                        connection.send("0\r\n\r\n");
                    }
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
            Message head = client.responseHead();
            assertThat(head.field("Content-Type")).isEqualTo("text/event-stream");
            assertThat(head.field("Transfer-Encoding")).isEqualTo("chunked");
            for (int i = 0; i < EVENTS; i++) {
                assertThat(new String(client.chunk(), StandardCharsets.US_ASCII))
                        .isEqualTo("data: " + i + "\n\n");
                mayGoOn.release();
            }
            assertThat(client.chunk()).isEmpty();
        }
    }

    @Test
    void eventsPassOneByOne() throws IOException {
        serverSentEvents(true);
    }

    @Test
    void eventsOfAnOriginThatEndsByClosingPassOneByOne() throws IOException {
        serverSentEvents(false);
    }

    @Test
    void theHeadComesBeforeAnyOfTheBody() throws IOException {
        var headSeen = new Semaphore(0);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
                    headSeen.acquire();
                    connection.send("body");
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            Message head = client.responseHead();
            headSeen.release();
            assertThat(client.body(head, -1)).asString().isEqualTo("body");
        }
    }

    @Test
    void uploadedPartsPassOneByOne() throws IOException {
        var arrived = new Semaphore(0);
        try (var origin = Origin.start(connection -> {
                    connection.head();
                    arrived.release();
                    int count = 0;
                    while (connection.chunk().length > 0) {
                        count++;
                        arrived.release();
                    }
                    connection.send(Origin.ok(String.valueOf(count)));
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < EVENTS; i++) {
                arrived.acquireUninterruptibly();
                client.send("4\r\npart\r\n");
            }
            arrived.acquireUninterruptibly();
            client.send("0\r\n\r\n");
            assertThat(client.response().text()).isEqualTo(String.valueOf(EVENTS));
        }
    }

    @Test
    void requestAndAnswerMayTalkToEachOther() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.head();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (byte[] part = connection.chunk(); part.length > 0; part = connection.chunk()) {
                        connection
                                .send(Integer.toHexString(part.length) + "\r\n")
                                .send(part)
                                .send("\r\n");
                    }
                    connection.send("0\r\n\r\n");
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.responseHead().status()).isEqualTo(200);
            for (int i = 0; i < EVENTS; i++) {
                client.send("4\r\n" + (1000 + i) + "\r\n");
                assertThat(client.chunk()).asString().isEqualTo(String.valueOf(1000 + i));
            }
            client.send("0\r\n\r\n");
            assertThat(client.chunk()).isEmpty();
            assertThat(client.get("/local").status()).isEqualTo(204);
        }
    }
}
