package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class KeepAliveTest {
    @Test
    void oneConnectionServesRequestsOfManyClients() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = Proxy.to(origin).open()) {
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.get("/").text()).isEqualTo("hello");
                assertThat(proxy.next().reused()).isEqualTo(i > 0);
            }
            assertThat(origin.accepted()).isEqualTo(1);
        }
    }

    @Test
    void eachLoopKeepsItsOwn() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = Proxy.to(origin).loops(2).open()) {
            for (int i = 0; i < 5; i++) {
                for (List<Wire> clients : proxy.clients(1)) {
                    clients.getFirst().get("/");
                }
            }
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    @Test
    void anUnusedConnectionIsClosedAtTheIdleLimit() throws IOException {
        try (var origin = Origin.saying("hello");
                var proxy = Proxy.to(origin).keepIdle(Duration.ofMillis(200)).open()) {
            proxy.get("/");
            await().until(() -> origin.open() == 0);
            assertThat(proxy.get("/").status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionIsClosedBeforeTheOriginWouldDoSo() throws IOException {
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send("HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=1\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                var proxy = Proxy.to(origin).open()) {
            proxy.get("/");
            await().until(() -> origin.open() == 0);
        }
    }

    @Test
    void noMoreConnectionsAreKeptThanAllowed() throws Exception {
        var together = new CountDownLatch(3);
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        together.countDown();
                        together.await();
                        connection.send(Origin.ok(""));
                    }
                });
                var proxy = Proxy.to(origin).maxIdle(1).open();
                var a = proxy.client();
                var b = proxy.client();
                var c = proxy.client()) {
            for (Wire client : List.of(a, b, c)) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            for (Wire client : List.of(a, b, c)) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            assertThat(origin.accepted()).isEqualTo(3);
            await().until(() -> origin.open() == 1);
        }
    }

    @Test
    void bytesThatNobodyAskedForEndAConnectionAndReachNoClient() throws Exception {
        var spoke = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        connection.send(Origin.ok("asked"));
                        spoke.await();
                        connection.send(Origin.ok("unasked"));
                        assertThat(connection.ends()).isTrue();
                    }
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            assertThat(client.get("/").text()).isEqualTo("asked");
            spoke.countDown();
            await().until(() -> origin.open() == 0);
            assertThat(client.get("/").text()).isEqualTo("asked");
            assertThat(origin.accepted()).isEqualTo(2);
        }
    }

    @Test
    void connectionCloseOfTheOriginIsObeyed() throws IOException {
        try (var origin = Origin.start(connection -> {
                    connection.request();
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
                    assertThat(connection.ends()).isTrue();
                });
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            for (int i = 1; i <= 5; i++) {
                assertThat(client.get("/").text()).isEqualTo("hi");
                assertThat(origin.accepted()).isEqualTo(i);
            }
            await().until(() -> origin.open() == 0);
        }
    }
}
