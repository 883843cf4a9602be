package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At most so many connections to an endpoint, at most so many exchanges that wait for one. */
@ExtendWith(NoLeaks.class)
final class LimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

    /** Answers one request for each permit. */
    private static Origin held(Semaphore permits) throws IOException {
        return Origin.start(connection -> {
            while (connection.request() != null) {
                permits.acquire();
                connection.send(Origin.ok("done"));
            }
        });
    }

    @Test
    void exchangesBeyondTheLimitWaitTheirTurnOnEveryLoop() throws IOException {
        var permits = new Semaphore(0);
        try (var origin = held(permits);
                var proxy = Proxy.to(origin).loops(2).maxConnections(2).open()) {
            List<Wire> clients = new ArrayList<>();
            proxy.clients(4).forEach(clients::addAll);
            for (Wire client : clients) {
                client.send(GET);
            }
            await().until(() -> proxy.endpoint(0).waiting() == 6);
            assertThat(origin.open()).isEqualTo(2);
            permits.release(8);
            for (Wire client : clients) {
                assertThat(client.response().text()).isEqualTo("done");
            }
            await().until(() -> proxy.endpoint(0).waiting() == 0);
            assertThat(origin.open()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionOfOneLoopGivesWayToARequestOnAnother() throws IOException {
        try (var origin = Origin.saying("done");
                var proxy = Proxy.to(origin).loops(2).maxConnections(1).open()) {
            var clients = proxy.clients(1);
            for (int i = 0; i < 20; i++) {
                Message answer = clients.get(i % 2).getFirst().get("/");
                assertThat(answer.text()).isEqualTo("done");
            }
            assertThat(proxy.endpoint(0).connections()).isEqualTo(1);
        }
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsRefusedAtOnce() throws IOException {
        var permits = new Semaphore(0);
        try (var origin = held(permits);
                var proxy = Proxy.to(origin)
                        .maxConnections(1)
                        .queue(2, Duration.ofSeconds(30))
                        .open();
                var served = proxy.client();
                var first = proxy.client();
                var second = proxy.client();
                var tooMany = proxy.client()) {
            served.send(GET);
            await().until(() -> origin.requests() == 1);
            first.send(GET);
            second.send(GET);
            await().until(() -> proxy.endpoint(0).waiting() == 2);
            Message refused = tooMany.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isNotNull();
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.QUEUE_FULL);
            permits.release(3);
            assertThat(served.response().status()).isEqualTo(200);
            assertThat(first.response().status()).isEqualTo(200);
            assertThat(second.response().status()).isEqualTo(200);
        }
    }

    @Test
    void waitingEndsAtTheQueuesTimeout() throws IOException {
        var permits = new Semaphore(0);
        try (var origin = held(permits);
                var proxy = Proxy.to(origin)
                        .maxConnections(1)
                        .queue(10, Duration.ofMillis(100))
                        .open();
                var served = proxy.client();
                var waits = proxy.client()) {
            served.send(GET);
            await().until(() -> origin.requests() == 1);
            Message refused = waits.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isNotNull();
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.QUEUE_TIMEOUT);
            assertThat(proxy.endpoint(0).waiting()).isZero();
            permits.release(2);
            assertThat(served.response().status()).isEqualTo(200);
            assertThat(waits.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatLeavesTheQueueFreesItsPlace() throws IOException {
        var permits = new Semaphore(0);
        try (var origin = held(permits);
                var proxy = Proxy.to(origin)
                        .maxConnections(1)
                        .queue(1, Duration.ofSeconds(30))
                        .open();
                var served = proxy.client();
                var leaves = proxy.client();
                var stays = proxy.client()) {
            served.send(GET);
            await().until(() -> origin.requests() == 1);
            leaves.send(GET);
            await().until(() -> proxy.endpoint(0).waiting() == 1);
            leaves.reset();
            await().until(() -> proxy.endpoint(0).waiting() == 0);
            stays.send(GET);
            await().until(() -> proxy.endpoint(0).waiting() == 1);
            permits.release(2);
            assertThat(served.response().status()).isEqualTo(200);
            assertThat(stays.response().status()).isEqualTo(200);
        }
    }

    @Test
    void aFullEndpointLetsTheNextOneAnswer() throws IOException {
        var permits = new Semaphore(0);
        try (var full = held(permits);
                var free = Origin.saying("free");
                var proxy = Proxy.to(full, free)
                        .maxConnections(1)
                        .queue(0, Duration.ofSeconds(30))
                        .open();
                var holder = proxy.client();
                var client = proxy.client()) {
            // Whichever request comes to the full one first stays there.
            while (full.requests() == 0) {
                holder.send(GET);
                await().until(() -> full.requests() + free.requests() > 0);
                if (full.requests() == 0) {
                    assertThat(holder.response().text()).isEqualTo("free");
                    holder.send(GET);
                    await().until(() -> full.requests() == 1);
                }
            }
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("free");
            }
            permits.release();
            assertThat(holder.response().text()).isEqualTo("done");
        }
    }

    @Test
    void nobodyIsForgottenInTheQueueWhileLoopsCompete() throws Exception {
        int requests = 300;
        var failed = new AtomicInteger();
        try (var origin = Origin.saying("done");
                var proxy = Proxy.to(origin)
                        .loops(2)
                        .maxConnections(2)
                        .queue(1000, Duration.ofSeconds(10))
                        .open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (List<Wire> perLoop : proxy.clients(4)) {
                for (Wire client : perLoop) {
                    tasks.add(() -> {
                        for (int i = 0; i < requests; i++) {
                            if (client.get("/").status() != 200) {
                                failed.incrementAndGet();
                            }
                        }
                        return null;
                    });
                }
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
            assertThat(failed).hasValue(0);
            assertThat(origin.requests()).isEqualTo(8 * requests);
            assertThat(proxy.endpoint(0).waiting()).isZero();
            await().until(() -> proxy.endpoint(0).connections() == origin.open());
        }
    }
}
