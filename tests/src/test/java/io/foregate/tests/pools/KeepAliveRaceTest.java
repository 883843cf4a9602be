package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An origin may close a kept connection at the moment when the next request is on its way. That is nobody's fault and must not be
 * the client's trouble: what can be repeated safely is sent on a new connection at once.
 */
@ExtendWith(NoLeaks.class)
final class KeepAliveRaceTest {
    /** How an origin ends a kept connection in the face of the next request. */
    private enum Ending {
        /** Unread bytes in its socket turn the close into a RST. */
        AT_ITS_FIRST_BYTE,
        AFTER_ITS_HEAD,
        AFTER_ALL_OF_IT,
        RESET_AFTER_ALL_OF_IT,
        /** Right behind its last answer: the request may come before or after. */
        WHENEVER
    }

    private static void end(Wire connection, Ending ending) throws IOException {
        switch (ending) {
            case AT_ITS_FIRST_BYTE -> connection.in().read();
            case AFTER_ITS_HEAD -> connection.head();
            case AFTER_ALL_OF_IT -> connection.request();
            case RESET_AFTER_ALL_OF_IT -> {
                connection.request();
                connection.reset();
            }
            case WHENEVER -> {}
        }
    }

    /** Answers the first request of a connection and ends it at the second. */
    private static Origin oncePerConnection(Ending ending) throws IOException {
        return Origin.start(connection -> {
            Message request = connection.request();
            if (request != null) {
                connection.send(Origin.ok(request.method() + " " + request.text()));
                end(connection, ending);
            }
        });
    }

    @Test
    void noGetEverSeesIt() throws Exception {
        var served = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    Ending[] endings = Ending.values();
                    int number = served.incrementAndGet();
                    for (int i = number % 3; i >= 0; i--) {
                        if (connection.request() == null) {
                            return;
                        }
                        connection.send(Origin.ok("fine"));
                    }
                    end(connection, endings[number % endings.length]);
                });
                var proxy = Proxy.to(origin).loops(2).open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var bad = new AtomicInteger();
            List<Callable<Void>> tasks = new ArrayList<>();
            for (List<Wire> clients : proxy.clients(4)) {
                for (Wire client : clients) {
                    tasks.add(() -> {
                        for (int i = 0; i < 500; i++) {
                            if (!client.get("/").text().equals("fine")) {
                                bad.incrementAndGet();
                            }
                        }
                        return null;
                    });
                }
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
            assertThat(bad).hasValue(0);
            // It did happen: most requests met a connection that was about to end.
            assertThat(origin.accepted()).isGreaterThan(1000);
        }
    }

    @Test
    void aRetryOnANewConnectionIsNotCountedAsAnAttempt() throws IOException {
        try (var origin = oncePerConnection(Ending.AFTER_ALL_OF_IT);
                var proxy = Proxy.to(origin).attempts(1).open();
                var client = proxy.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
                Seen seen = proxy.next();
                assertThat(seen.failure()).isNull();
                assertThat(seen.reused()).isFalse();
            }
        }
    }

    @Test
    void itFindsRoomWhenNoFurtherConnectionIsAllowed() throws IOException {
        for (Ending ending : Ending.values()) {
            try (var origin = oncePerConnection(ending);
                    var proxy = Proxy.to(origin)
                            .maxConnections(1)
                            .queue(0, Duration.ofSeconds(10))
                            .open();
                    var client = proxy.client()) {
                for (int i = 0; i < 50; i++) {
                    assertThat(client.get("/").status()).as("%s", ending).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aPostThatWasSentWholeIsNotRepeated() throws IOException {
        for (Ending ending : new Ending[] {Ending.AFTER_ALL_OF_IT, Ending.RESET_AFTER_ALL_OF_IT}) {
            for (String body : new String[] {"pay", ""}) {
                try (var origin = oncePerConnection(ending);
                        var proxy = Proxy.to(origin).open();
                        var client = proxy.client()) {
                    assertThat(client.get("/").status()).isEqualTo(200);
                    Message answer = client.exchange("POST", "/", body);
                    assertThat(answer.status())
                            .as("%s, body '%s'", ending, body)
                            .isEqualTo(502);
                    assertThat(origin.requests()).isEqualTo(2);
                    assertThat(origin.accepted()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void aPostWhoseBodyIsStillToComeGoesOverANewConnection() throws IOException {
        try (var origin = oncePerConnection(Ending.AFTER_ITS_HEAD);
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n");
            await().until(() -> origin.accepted() == 2 && origin.requests() == 3);
            client.send("hello");
            assertThat(client.response().text()).isEqualTo("POST hello");
        }
    }

    @Test
    void aPutIsRepeatedWithItsBody() throws IOException {
        for (Ending ending : Ending.values()) {
            try (var origin = oncePerConnection(ending);
                    var proxy = Proxy.to(origin).open();
                    var client = proxy.client()) {
                for (int i = 0; i < 20; i++) {
                    String body = String.valueOf(i).repeat(10_000);
                    Message answer = client.exchange("PUT", "/", body);
                    assertThat(answer.status()).as("%s", ending).isEqualTo(200);
                    assertThat(answer.text().equals("PUT " + body)).isTrue();
                }
            }
        }
    }

    @Test
    void aBodyThatIsStillComingIsReadOnAfterARetry() throws IOException {
        // The first body that is larger than those before it comes in several reads, and the connection that it goes to
        // may
        // be dead before the last.
        for (int round = 0; round < 40; round++) {
            try (var origin = oncePerConnection(Ending.WHENEVER);
                    var proxy = Proxy.to(origin).open();
                    var client = proxy.client()) {
                for (int size : new int[] {10_000, 10_000, 10_000, 20_000, 60_000}) {
                    assertThat(client.exchange("PUT", "/", "x".repeat(size)).text())
                            .hasSize(size + 4);
                }
            }
        }
    }

    @Test
    void aPutInChunksWithTrailersIsRepeatedToo() throws IOException {
        try (var origin = oncePerConnection(Ending.AFTER_ALL_OF_IT);
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            for (int i = 0; i < 20; i++) {
                client.send("PUT / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n4\r\ndefg\r\n0\r\nSum: 1\r\n\r\n");
                assertThat(client.response().text()).isEqualTo("PUT abcdefg");
            }
        }
    }

    @Test
    void aPutTooLargeToKeepIsNotRepeated() throws IOException {
        try (var origin = oncePerConnection(Ending.AFTER_ALL_OF_IT);
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.exchange("PUT", "/", "x".repeat(1_000_000)).status())
                    .isEqualTo(502);
            assertThat(origin.accepted()).isEqualTo(1);
        }
    }
}
