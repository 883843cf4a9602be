package io.foregate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How long origins let connections lie idle is found out, and then no request meets their closing. */
@ExtendWith(NoLeaks.class)
@Execution(ExecutionMode.CONCURRENT)
final class IdleOriginsTest {
    /** Ends a connection that has been idle for so long, and counts requests that come even so. */
    private static void serve(Wire connection, Duration idle, AtomicInteger ended, AtomicInteger met)
            throws IOException {
        connection.socket().setSoTimeout((int) idle.toMillis());
        try {
            while (connection.request() != null) {
                connection.send(Origin.ok("here"));
            }
        } catch (SocketTimeoutException quiet) {
            connection.socket().shutdownOutput();
            ended.incrementAndGet();
            connection.socket().setSoTimeout(10_000);
            if (connection.in().read() >= 0) {
                met.incrementAndGet();
            }
        }
    }

    private static void pause(long millis) throws InterruptedException {
        // The pace of the requests is what this is about.
        Thread.sleep(millis);
    }

    @Test
    void afterLearningNoRequestMeetsAClosing() throws Exception {
        var ended = new AtomicInteger();
        var met = new AtomicInteger();
        try (var origin = Origin.start(connection -> serve(connection, Duration.ofSeconds(1), ended, met));
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            for (int i = 1; i <= 3; i++) {
                int times = i;
                assertThat(client.get("/").status()).isEqualTo(200);
                await().until(() -> ended.get() + met.get() >= times);
            }
            int before = met.get();
            int endedBefore = ended.get();
            int accepted = origin.accepted();
            // Just about when the origin closes: without learning, most of these are a race.
            for (int i = 0; i < 8; i++) {
                pause(990 + 2 * i);
                assertThat(client.get("/").status()).isEqualTo(200);
                assertThat(proxy.next().failure()).isNull();
            }
            assertThat(met.get()).isEqualTo(before);
            // It was us who closed, before.
            assertThat(ended.get()).isEqualTo(endedBefore);
            assertThat(origin.accepted()).isGreaterThanOrEqualTo(accepted + 7);
            // What comes sooner finds its connection kept.
            pause(200);
            assertThat(client.get("/").status()).isEqualTo(200);
            int kept = origin.accepted();
            pause(200);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(kept);
        }
    }

    @Test
    void whatTheOriginAnnouncesHoldsFromTheFirstRequestOn() throws Exception {
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            await().until(() -> origin.open() == 0);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aRestartTeachesNothing() throws Exception {
        try (var origin = Origin.saying("here");
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).isEqualTo(200);
                pause(100L * i);
                origin.drop();
                await().until(() -> proxy.endpoint(0).connections() == 0);
            }
            assertThat(client.get("/").status()).isEqualTo(200);
            int accepted = origin.accepted();
            pause(1500);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(accepted);
        }
    }
}
