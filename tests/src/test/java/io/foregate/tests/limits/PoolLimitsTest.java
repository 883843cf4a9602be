package io.foregate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.Failure.Source;
import io.foregate.proxy.upstream.Limits;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At most so many requests under way at a server, and in a pool. */
@ExtendWith(NoLeaks.class)
final class PoolLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final int NONE = Integer.MAX_VALUE;

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
    void aServerGetsNoMoreThanItsLimitAndAnotherOneIsAskedFirst() throws IOException {
        var permits = new Semaphore(0);
        try (var one = held(permits);
                var other = held(permits);
                var proxy = Proxy.to(one, other)
                        .limits(new Limits(2, NONE, NONE, NONE, null))
                        .open()) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Wire client = proxy.client();
                client.send(GET);
                clients.add(client);
            }
            await().until(() -> one.requests() == 2 && other.requests() == 2);
            Message refused = proxy.get("/");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isNotNull();
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Kind.REQUEST_LIMIT);
            assertThat(seen.source()).isEqualTo(Source.PROXY);
            assertThat(seen.attempts()).isZero();
            permits.release(4);
            for (Wire client : clients) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            permits.release(1);
            assertThat(proxy.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aPoolGetsNoMoreThanItsLimitOnAllLoops() throws IOException {
        var permits = new Semaphore(0);
        try (var one = held(permits);
                var other = held(permits);
                var proxy = Proxy.to(one, other)
                        .loops(2)
                        .limits(new Limits(NONE, 3, NONE, NONE, null))
                        .open()) {
            List<Wire> clients = new ArrayList<>();
            proxy.clients(2).forEach(clients::addAll);
            for (int i = 0; i < 3; i++) {
                clients.get(i).send(GET);
            }
            await().until(() -> one.requests() + other.requests() == 3);
            assertThat(clients.get(3).get("/").status()).isEqualTo(503);
            assertThat(proxy.next().failure()).isEqualTo(Kind.REQUEST_LIMIT);
            // What doesn't need the pool isn't concerned.
            assertThat(clients.get(3).get("/local").status()).isEqualTo(204);
            permits.release(4);
            for (int i = 0; i < 3; i++) {
                assertThat(clients.get(i).response().status()).isEqualTo(200);
            }
            assertThat(clients.get(3).get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aPoolsQueueIsOneForAllItsServers() throws IOException {
        var permits = new Semaphore(0);
        try (var one = held(permits);
                var other = held(permits);
                var proxy = Proxy.to(one, other)
                        .maxConnections(1)
                        .queue(10, Duration.ofSeconds(30))
                        .limits(new Limits(NONE, NONE, 2, NONE, null))
                        .open()) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Wire client = proxy.client();
                client.send(GET);
                clients.add(client);
            }
            await().until(() -> proxy.endpoint(0).waiting() + proxy.endpoint(1).waiting() == 2);
            assertThat(proxy.get("/").status()).isEqualTo(503);
            assertThat(proxy.next().failure()).isEqualTo(Kind.QUEUE_FULL);
            permits.release(4);
            for (Wire client : clients) {
                assertThat(client.response().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void clientsThatLeaveMakeRoom() throws IOException {
        var permits = new Semaphore(0);
        try (var origin = held(permits);
                var proxy = Proxy.to(origin)
                        .limits(new Limits(2, 2, 2, 2, new Limits.Adaptive(2, 2, 2)))
                        .open()) {
            for (int i = 0; i < 10; i++) {
                Wire client = proxy.client();
                client.send(GET);
                await().until(() -> proxy.endpoint(0).inFlight() == 1);
                client.reset();
                await().until(() -> proxy.endpoint(0).inFlight() == 0);
            }
            permits.release(100);
            assertThat(proxy.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void webSocketsDoNotCountAsWaitingForAnswers() throws IOException {
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send(
                                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
                        connection.in().transferTo(connection.out());
                    }
                });
                var proxy = Proxy.to(origin)
                        .limits(new Limits(NONE, NONE, NONE, NONE, new Limits.Adaptive(2, 2, 2)))
                        .open()) {
            List<Wire> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Wire client = proxy.client();
                clients.add(client);
                client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n");
                Message head = client.head();
                assertThat(head).isNotNull();
                assertThat(head.status()).isEqualTo(101);
            }
            for (Wire client : clients) {
                client.close();
            }
            await().until(() -> proxy.endpoint(0).inFlight() == 0);
        }
    }

    @Test
    void anOriginThatAnswersOneAtATimeGetsFewAtATime() throws Exception {
        var worker = new Semaphore(1, true);
        var refused = new AtomicInteger();
        var served = new AtomicInteger();
        var other = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        worker.acquire();
                        try {
                            Thread.sleep(5);
                        } finally {
                            worker.release();
                        }
                        connection.send(Origin.ok("done"));
                    }
                });
                var proxy = Proxy.to(origin)
                        .loops(2)
                        .limits(new Limits(NONE, NONE, NONE, NONE, new Limits.Adaptive(2, 1000, 2)))
                        .open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                tasks.add(() -> {
                    try (Wire client = proxy.client()) {
                        for (int n = 0; n < 60; n++) {
                            switch (client.get("/").status()) {
                                case 200 -> served.incrementAndGet();
                                case 503 -> {
                                    refused.incrementAndGet();
                                    Thread.sleep(50);
                                }
                                default -> other.incrementAndGet();
                            }
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
            assertThat(other).hasValue(0);
            // There are 60 clients, so whoever is refused has met a limit below that.
            assertThat(refused.get()).isGreaterThan(0);
            assertThat(served.get()).isGreaterThan(0);
            await().until(() -> proxy.endpoint(0).inFlight() == 0);
            assertThat(proxy.get("/").status()).isEqualTo(200);
        }
    }
}
