package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Endpoints that refuse, break off or can't be found: what the client gets, and who is asked instead. */
@ExtendWith(NoLeaks.class)
final class FailuresTest {
    /** An address where nobody listens. */
    private static InetSocketAddress nowhere() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
    }

    private static Origin resetting() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            connection.reset();
        });
    }

    private static void assertTellsNothing(Message answer, InetSocketAddress... hidden) {
        for (InetSocketAddress address : hidden) {
            String all = answer.start() + answer.fields() + answer.text();
            assertThat(all).doesNotContain(String.valueOf(address.getPort()));
            assertThat(all)
                    .doesNotContain("127.0.0.1")
                    .doesNotContain("endpoint-")
                    .doesNotContain("java.");
        }
        String id = String.valueOf(answer.field("X-Request-Id"));
        assertThat(id).hasSize(32);
        assertThat(answer.text()).contains(id);
    }

    @Test
    void aRefusedConnectionGoesToTheNextEndpointWhateverTheMethod() throws IOException {
        try (var up = Origin.saying("up");
                var proxy = Proxy.to()
                        .endpoint(1, nowhere())
                        .endpoint(1, up.address())
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").text()).isEqualTo("up");
                assertThat(client.exchange("POST", "/", "data").text()).isEqualTo("up");
            }
            assertThat(up.requests()).isEqualTo(8);
        }
    }

    @Test
    void aPostGoesToTheNextEndpointWithItsBodyWhenTheFirstRefuses() throws IOException {
        try (var up = Origin.start(connection -> {
                    for (Message request = connection.request(); request != null; request = connection.request()) {
                        connection.send(Origin.ok(request.text()));
                    }
                });
                var proxy = Proxy.to()
                        .endpoint(1, nowhere())
                        .endpoint(1, nowhere())
                        .endpoint(1, up.address())
                        .open();
                var client = proxy.client()) {
            assertThat(client.exchange("POST", "/", "x".repeat(100_000)).text()).hasSize(100_000);
        }
    }

    @Test
    void whenAllRefuseTheFirstIsToldSoAndTheNextThatThePoolIsDown() throws IOException {
        var first = nowhere();
        var second = nowhere();
        try (var proxy = Proxy.to().endpoint(1, first).endpoint(1, second).open();
                var client = proxy.client()) {
            Message refused = client.get("/");
            assertThat(refused.status()).isEqualTo(502);
            assertTellsNothing(refused, first, second);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.CONNECT_REFUSED);
            assertThat(seen.source()).isEqualTo(Failure.Source.ORIGIN);
            assertThat(seen.attempts()).isEqualTo(2);

            Message down = client.get("/");
            assertThat(down.status()).isEqualTo(503);
            assertThat(down.field("Retry-After")).isNotNull();
            assertTellsNothing(down, first, second);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.POOL_DOWN);
        }
    }

    @Test
    void anEndpointThatComesBackIsAskedAgain() throws IOException {
        var address = nowhere();
        try (var proxy = Proxy.to().endpoint(1, address).open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            try (var back = Origin.at(address, connection -> {
                while (connection.request() != null) {
                    connection.send(Origin.ok("back"));
                }
            })) {
                await().until(() -> proxy.get("/").status() == 200);
                assertThat(back.requests()).isEqualTo(1);
                assertThat(proxy.get("/").text()).isEqualTo("back");
            }
        }
    }

    @Test
    void anEndpointThatIsBackBeforeItsRestIsOverAnswersWhenNobodyElseCan() throws IOException {
        var address = nowhere();
        var other = Origin.saying("other");
        try (other;
                var proxy = Proxy.to()
                        .endpoint(1, address)
                        .endpoint(1, other.address())
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").text()).isEqualTo("other");
            }
            assertThat(proxy.endpoint(0).resting()).isTrue();
            try (var back = Origin.at(address, connection -> {
                while (connection.request() != null) {
                    connection.send(Origin.ok("back"));
                }
            })) {
                assertThat(client.get("/").text()).isEqualTo("other");
                other.close();
                for (int i = 0; i < 4; i++) {
                    assertThat(client.get("/").text()).isEqualTo("back");
                }
                assertThat(back.requests()).isEqualTo(4);
            }
        }
    }

    @Test
    void anEndpointThatAnswersOnKeptConnectionsIsUp() throws Exception {
        var held = new CountDownLatch(1);
        Origin.Script script = connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                if (request.target().equals("/hold")) {
                    held.await();
                }
                connection.send(Origin.ok("here"));
            }
        };
        try (var origin = Origin.start(script);
                var proxy = Proxy.to(origin).open();
                var holder = proxy.client();
                var client = proxy.client()) {
            holder.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> origin.requests() == 1);
            // For a moment nothing new gets through, as when a backlog overflows.
            origin.refuse();
            assertThat(client.get("/").status()).isEqualTo(502);
            try (var again = Origin.at(origin.address(), script)) {
                held.countDown();
                assertThat(holder.response().text()).isEqualTo("here");
                // An answer is proof enough.
                for (int i = 0; i < 5; i++) {
                    assertThat(client.get("/").text()).isEqualTo("here");
                }
                assertThat(again.accepted()).isZero();
            }
        }
    }

    @Test
    void aResetBeforeTheAnswerIsABadGateway() throws IOException {
        try (var origin = resetting();
                var proxy = Proxy.to(origin).open();
                var client = proxy.client()) {
            Message answer = client.get("/");
            assertThat(answer.status()).isEqualTo(502);
            assertTellsNothing(answer, origin.address());
            assertThat(proxy.next().failure()).isIn(Failure.Kind.RESET, Failure.Kind.CLOSED_EARLY);
            // The connection to the client is as good as before.
            assertThat(client.get("/local").status()).isEqualTo(204);
        }
    }

    @Test
    void aCloseBeforeTheAnswerIsABadGateway() throws IOException {
        try (var origin = Origin.start(Wire::request);
                var proxy = Proxy.to(origin).open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLOSED_EARLY);
        }
    }

    @Test
    void aGetThatWasLostIsAnsweredByAnotherEndpoint() throws IOException {
        try (var bad = resetting();
                var good = Origin.saying("good");
                var proxy = Proxy.to(bad, good).open();
                var client = proxy.client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
                Seen seen = proxy.next();
                assertThat(seen.failure()).isNull();
                assertThat(seen.endpoint()).isEqualTo("endpoint-1");
            }
            assertThat(bad.requests()).isPositive();
            assertThat(good.requests()).isEqualTo(10);
        }
    }

    @Test
    void aPostThatWasLostIsNotSentAgain() throws IOException {
        try (var bad = resetting();
                var other = Origin.saying("other");
                var proxy = Proxy.to(bad, other).open();
                var client = proxy.client()) {
            int lost = 0;
            for (int i = 0; i < 10; i++) {
                lost += client.exchange("POST", "/", "once").status() == 502 ? 1 : 0;
            }
            assertThat(lost).isEqualTo(5);
            assertThat(bad.requests()).isEqualTo(5);
            assertThat(other.requests()).isEqualTo(5);
        }
    }

    @Test
    void attemptsAreBounded() throws IOException {
        try (var a = resetting();
                var b = resetting();
                var c = resetting();
                var proxy = Proxy.to(a, b, c).attempts(2).open()) {
            assertThat(proxy.get("/").status()).isEqualTo(502);
            assertThat(proxy.next().attempts()).isEqualTo(2);
            assertThat(a.requests() + b.requests() + c.requests()).isEqualTo(2);
        }
    }

    @Test
    void anEndpointWithoutAnAddressIsDown() throws IOException {
        try (var proxy = Proxy.to().unresolved().open()) {
            Message answer = proxy.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.field("Retry-After")).isNotNull();
            assertThat(answer.text()).doesNotContain("no such name");
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.UNRESOLVED);
        }
    }

    @Test
    void anEndpointWithoutAnAddressIsPassedOver() throws IOException {
        try (var up = Origin.saying("up");
                var proxy = Proxy.to(up).unresolved().open();
                var client = proxy.client()) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.get("/").text()).isEqualTo("up");
            }
        }
    }

    @Test
    void everyAddressOfANameIsTriedUntilOneAnswers() throws IOException {
        Origin.Script hello = connection -> {
            while (connection.request() != null) {
                connection.send(Origin.ok("hello"));
            }
        };
        InetAddress v4 = InetAddress.getByName("127.0.0.1");
        InetAddress v6 = InetAddress.getByName("::1");
        for (InetAddress listening : new InetAddress[] {v4, v6}) {
            try (var origin = Origin.at(new InetSocketAddress(listening, 0), hello);
                    var proxy = Proxy.to()
                            .endpoint(
                                    1,
                                    new InetSocketAddress(v6, origin.port()),
                                    new InetSocketAddress(v4, origin.port()))
                            .open()) {
                assertThat(proxy.get("/").text()).isEqualTo("hello");
                assertThat(proxy.next().attempts()).isEqualTo(1);
                assertThat(proxy.endpoint(0).resting()).isFalse();
            }
        }
    }
}
