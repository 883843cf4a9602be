package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.LostAttempts;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that are lost on their way: which are sent again, and with what body. */
@ExtendWith(NoLeaks.class)
final class LossesTest {
    private static Origin resetting() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            connection.reset();
        });
    }

    private static Origin echo() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                connection.send(Origin.ok(request.text()));
            }
        });
    }

    @Test
    void aKeptBodyIsSentAgainWhole() throws IOException {
        try (var bad = resetting();
                var good = echo();
                var proxy = Proxy.to(bad, good).open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                String content = "x".repeat(15_000 * i) + i;
                assertThat(client.exchange("PUT", "/", content).text()).isEqualTo(content);
            }
            assertThat(bad.requests()).isPositive();
        }
    }

    @Test
    void aStreamedUploadIsNotSentAgain() throws IOException {
        var got = new AtomicInteger();
        Origin.Script breaksOff = connection -> {
            connection.head();
            byte[] room = new byte[16 * 1024];
            for (int read = connection.in().read(room);
                    read > 0;
                    read = connection.in().read(room)) {
                if (got.addAndGet(read) > 200_000) {
                    connection.reset();
                    return;
                }
            }
        };
        try (var one = Origin.start(breaksOff);
                var other = Origin.start(breaksOff);
                var proxy = Proxy.to(one, other).open();
                var client = proxy.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(300_000));
            assertThat(client.response().status()).isEqualTo(502);
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(1);
            assertThat(seen.retryStopped()).isEqualTo(LostAttempts.End.BODY);
        }
    }

    @Test
    void anAnswerThatHasBegunIsNotRepeated() throws IOException {
        try (var half = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Le");
                    connection.reset();
                });
                var proxy = Proxy.to(half, half).open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(half.requests()).isEqualTo(1);
        }
    }

    @Test
    void aLoneServerIsAskedAgainAfterAPause() throws IOException {
        var times = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        if (times.incrementAndGet() < 3) {
                            connection.reset();
                            return;
                        }
                        connection.send(Origin.ok("at last"));
                    }
                });
                var proxy = Proxy.to(origin).retry(Policies.on()).open()) {
            assertThat(proxy.get("/").text()).isEqualTo("at last");
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(3);
            assertThat(seen.lost()).isEqualTo(2);
        }
    }

    @Test
    void withoutAnyBudgetALossIsTheClients() throws IOException {
        try (var bad = resetting();
                var other = resetting();
                var proxy = Proxy.to(bad, other)
                        .retry(Policies.budget(Policies.on(), 0, 0))
                        .open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(1);
            assertThat(seen.retryStopped()).isEqualTo(LostAttempts.End.BUDGET);
            await().until(() -> bad.open() + other.open() == 0);
        }
    }
}
