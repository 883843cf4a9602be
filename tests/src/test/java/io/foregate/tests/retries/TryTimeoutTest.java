package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that hang: how long one of them is waited for. */
@ExtendWith(NoLeaks.class)
final class TryTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private static Origin hanging() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            assertThat(connection.ends()).isTrue();
        });
    }

    @Test
    void aHangingServerCostsOneTryTimeout() throws IOException {
        try (var hangs = hanging();
                var good = Origin.saying("good");
                var proxy = Proxy.to(hangs, good)
                        .retry(Policies.tryTimeout(Policies.on(), SHORT))
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
                Seen seen = proxy.next();
                assertThat(seen.lost()).isEqualTo(seen.attempts() - 1);
            }
            assertThat(hangs.requests()).isPositive();
            await().until(() -> hangs.open() == 0);
        }
    }

    @Test
    void theLastAttemptHasAsLongAsTheFirstByteTimeout() throws IOException {
        var slow = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    slow.await();
                    connection.send(Origin.ok("slow"));
                });
                var proxy = Proxy.to(origin)
                        .retry(Policies.tries(Policies.tryTimeout(Policies.on(), SHORT), 1))
                        .open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().pollDelay(SHORT.multipliedBy(4)).until(() -> origin.open() == 1);
            slow.countDown();
            assertThat(client.response().text()).isEqualTo("slow");
        }
        try (var one = hanging();
                var other = hanging();
                var proxy = Proxy.to(one, other)
                        .retry(Policies.tries(Policies.tryTimeout(Policies.on(), SHORT), 2))
                        .firstByteTimeout(Duration.ofMillis(400))
                        .open()) {
            assertThat(proxy.get("/").status()).isEqualTo(504);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.FIRST_BYTE_TIMEOUT);
            assertThat(seen.attempts()).isEqualTo(2);
        }
    }

    @Test
    void whatMayNotBeSentTwiceIsNotCutShort() throws IOException {
        var slow = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    slow.await();
                    connection.send(Origin.ok("slow"));
                });
                var proxy = Proxy.to(origin, origin)
                        .retry(Policies.tryTimeout(Policies.on(), SHORT))
                        .open();
                var client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\nx");
            await().pollDelay(SHORT.multipliedBy(4)).until(() -> origin.open() == 1);
            slow.countDown();
            assertThat(client.response().text()).isEqualTo("slow");
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void withoutBudgetTheServerIsWaitedFor() throws IOException {
        var slow = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    slow.await();
                    connection.send(Origin.ok("slow"));
                });
                var proxy = Proxy.to(origin, origin)
                        .retry(Policies.budget(Policies.tryTimeout(Policies.on(), SHORT), 0, 0))
                        .open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().pollDelay(SHORT.multipliedBy(4)).until(() -> origin.open() == 1);
            slow.countDown();
            assertThat(client.response().text()).isEqualTo("slow");
        }
    }
}
