package io.foregate.tests.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.balance.Balancer;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class BalancingTest {
    @Test
    void roundRobinAsksEachEndpointInTurn() throws IOException {
        try (var a = Origin.saying("a");
                var b = Origin.saying("b");
                var c = Origin.saying("c");
                var proxy = Proxy.to(a, b, c).open();
                var client = proxy.client()) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                answers.add(client.get("/").text());
            }
            assertThat(answers.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(answers.subList(3, 6)).isEqualTo(answers.subList(0, 3));
            assertThat(answers.subList(6, 9)).isEqualTo(answers.subList(0, 3));
        }
    }

    @Test
    void anEndpointGetsItsWeightsShare() throws IOException {
        try (var heavy = Origin.saying("heavy");
                var light = Origin.saying("light");
                var proxy = Proxy.to()
                        .endpoint(30, heavy.address())
                        .endpoint(10, light.address())
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 20; i++) {
                client.get("/");
            }
            assertThat(heavy.requests()).isEqualTo(15);
            assertThat(light.requests()).isEqualTo(5);
        }
    }

    @Test
    void leastRequestsCountsWhatOtherLoopsHaveUnderWay() throws IOException {
        var release = new CountDownLatch(1);
        Origin.Script script = connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                if (request.target().equals("/hold")) {
                    release.await();
                }
                connection.send(Origin.ok(""));
            }
        };
        try (var one = Origin.start(script);
                var other = Origin.start(script);
                var proxy = Proxy.to(one, other)
                        .balancer(Balancer.LEAST_REQUESTS)
                        .loops(2)
                        .open()) {
            var clients = proxy.clients(2);
            Wire holder = clients.get(0).get(0);
            holder.send("GET /hold HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> one.requests() + other.requests() == 1);
            var busy = one.requests() == 1 ? one : other;
            var free = busy == one ? other : one;
            for (int i = 0; i < 10; i++) {
                clients.get(1).get(0).get("/");
                clients.get(0).get(1).get("/");
            }
            assertThat(busy.requests()).isEqualTo(1);
            assertThat(free.requests()).isEqualTo(20);
            release.countDown();
            assertThat(holder.response().status()).isEqualTo(200);
            await().until(() -> proxy.endpoint(0).inFlight() + proxy.endpoint(1).inFlight() == 0);
        }
    }

    @Test
    void leastRequestsLetsEqualsTakeTurns() throws IOException {
        try (var a = Origin.saying("a");
                var b = Origin.saying("b");
                var proxy = Proxy.to(a, b).balancer(Balancer.LEAST_REQUESTS).open();
                var client = proxy.client()) {
            for (int i = 0; i < 10; i++) {
                client.get("/");
            }
            assertThat(a.requests()).isEqualTo(5);
            assertThat(b.requests()).isEqualTo(5);
        }
    }
}
