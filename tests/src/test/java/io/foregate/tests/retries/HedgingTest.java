package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.route.RetryPolicy;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A second request beside the first: who wins, and what becomes of the other. */
@ExtendWith(NoLeaks.class)
final class HedgingTest {
    private static final RetryPolicy HEDGING = Policies.hedge(Policies.on(), after(Duration.ofMillis(30)));

    private static final Duration LONG_ENOUGH = Duration.ofMillis(150);

    private static RetryPolicy.Hedge after(Duration delay) {
        return new RetryPolicy.Hedge(delay.toNanos(), 0);
    }

    /** One that hangs and one that answers; round robin asks either first. */
    private static void assertHedgeWins(Proxy to, Origin hangs) throws IOException {
        try (Proxy proxy = to.open();
                Wire client = proxy.client()) {
            int hedged = 0;
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
                Seen seen = proxy.next();
                assertThat(seen.endpoint()).isEqualTo("endpoint-1");
                assertThat(seen.failure()).isNull();
                assertThat(seen.attempts()).isEqualTo(seen.hedged() ? 2 : 1);
                hedged += seen.hedged() ? 1 : 0;
            }
            assertThat(hedged).isEqualTo(hangs.requests()).isPositive();
            // The request that lost is called off.
            await().until(() -> hangs.open() == 0);
            assertThat(proxy.endpoint(0).inFlight()).isZero();
            assertThat(proxy.endpoint(1).inFlight()).isZero();
        }
    }

    @Test
    void theHedgeWins() throws IOException {
        try (var hangs = Slow.hanging();
                var good = Origin.saying("good")) {
            assertHedgeWins(Proxy.to(hangs, good).retry(HEDGING), hangs);
        }
    }

    @Test
    void theHedgeWinsAlsoWhereRequestsMayNotBeTriedAgain() throws IOException {
        try (var hangs = Slow.hanging();
                var good = Origin.saying("good")) {
            assertHedgeWins(Proxy.to(hangs, good).retry(Policies.tries(HEDGING, 1)), hangs);
        }
    }

    @Test
    void theHedgeLoses() throws IOException {
        var second = new CountDownLatch(1);
        Origin.Script script = connection -> {
            connection.request();
            if (second.getCount() > 0) {
                // The first: it answers once the other one has been asked.
                second.await();
                connection.send(Origin.ok("first"));
            }
            connection.ends();
        };
        var asked = new AtomicBoolean();
        Origin.Script either = connection -> {
            if (asked.compareAndSet(false, true)) {
                script.serve(connection);
            } else {
                connection.request();
                second.countDown();
                assertThat(connection.ends()).isTrue();
            }
        };
        try (var one = Origin.start(either);
                var other = Origin.start(either);
                var proxy = Proxy.to(one, other).retry(HEDGING).open();
                var client = proxy.client()) {
            assertThat(client.get("/").text()).isEqualTo("first");
            Seen seen = proxy.next();
            assertThat(seen.hedged()).isTrue();
            assertThat(seen.attempts()).isEqualTo(2);
            assertThat(one.requests() + other.requests()).isEqualTo(2);
            await().until(() -> one.open() + other.open() == 1);
        }
    }

    @Test
    void aQuickAnswerNeedsNone() throws IOException {
        try (var one = Origin.saying("quick");
                var other = Origin.saying("quick");
                var proxy = Proxy.to(one, other)
                        .retry(Policies.hedge(Policies.on(), after(Duration.ofSeconds(20))))
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("quick");
                assertThat(proxy.next().hedged()).isFalse();
            }
            assertThat(one.requests() + other.requests()).isEqualTo(10);
        }
    }

    @Test
    void anErrorDoesntWin() throws IOException {
        var failed = new CountDownLatch(1);
        try (var slow = Origin.start(connection -> {
                    while (connection.request() != null) {
                        failed.await();
                        connection.send(Origin.ok("slow"));
                    }
                });
                var broken = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
                        failed.countDown();
                    }
                });
                var proxy = Proxy.to(broken, slow).retry(HEDGING).open();
                var client = proxy.client()) {
            // Round robin begins somewhere; an error of the first one asked is the answer.
            Message first = client.get("/");
            Message second = client.get("/");
            assertThat(first.status() + second.status()).isIn(700, 400);
            assertThat(slow.requests()).isPositive();
        }
    }

    @Test
    void whenTheFirstIsLostTheHedgeTakesItsPlace() throws Exception {
        var second = new CountDownLatch(1);
        var lost = new CountDownLatch(1);
        var asked = new AtomicBoolean();
        Origin.Script either = connection -> {
            connection.request();
            if (asked.compareAndSet(false, true)) {
                second.await();
                connection.reset();
            } else {
                second.countDown();
                lost.await();
                connection.send(Origin.ok("second"));
                connection.ends();
            }
        };
        try (var one = Origin.start(either);
                var other = Origin.start(either);
                var proxy =
                        Proxy.to(one, other).retry(Policies.tries(HEDGING, 1)).open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            second.await();
            await().until(() -> proxy.endpoint(0).inFlight() + proxy.endpoint(1).inFlight() == 1);
            lost.countDown();
            assertThat(client.response().text()).isEqualTo("second");
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(2);
            assertThat(seen.lost()).isEqualTo(1);
            assertThat(seen.failure()).isNull();
            assertThat(one.requests() + other.requests()).isEqualTo(2);
        }
    }

    @Test
    void aPostIsNotHedged() throws IOException {
        assertThat(Slow.assertWaitedFor(Slow.POST, HEDGING, 2, LONG_ENOUGH).hedged())
                .isFalse();
    }

    @Test
    void aBodyThatIsKeptGoesToBoth() throws IOException {
        var answer = new CountDownLatch(2);
        Origin.Script echo = connection -> {
            Message request = connection.request();
            answer.countDown();
            answer.await();
            connection.send(Origin.ok(request == null ? "" : request.text()));
            connection.ends();
        };
        try (var one = Origin.start(echo);
                var other = Origin.start(echo);
                var proxy = Proxy.to(one, other).retry(HEDGING).open();
                var client = proxy.client()) {
            assertThat(client.exchange("GET", "/", "question").text()).isEqualTo("question");
            assertThat(one.requests()).isEqualTo(1);
            assertThat(other.requests()).isEqualTo(1);
        }
    }

    @Test
    void withoutBudgetThereIsNone() throws IOException {
        assertThat(Slow.assertWaitedFor(Slow.GET, Policies.budget(HEDGING, 0, 0), 2, LONG_ENOUGH)
                        .hedged())
                .isFalse();
    }

    @Test
    void theSecondRequestGoesOutWhenMostAnswersWouldHaveCome() throws IOException {
        var hangs = new AtomicBoolean();
        Origin.Script script = connection -> {
            while (connection.request() != null) {
                if (hangs.compareAndSet(true, false)) {
                    assertThat(connection.ends()).isTrue();
                    return;
                }
                connection.send(Origin.ok("quick"));
            }
        };
        try (var one = Origin.start(script);
                var other = Origin.start(script);
                var proxy = Proxy.to(one, other)
                        .retry(Policies.hedge(Policies.on(), new RetryPolicy.Hedge(0, 95)))
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.get("/").text()).isEqualTo("quick");
                proxy.next();
            }
            hangs.set(true);
            assertThat(client.get("/").text()).isEqualTo("quick");
            assertThat(proxy.next().hedged()).isTrue();
        }
    }

    @Test
    void aHedgeThatCantConnectChangesNothing() throws Exception {
        var gone = Origin.saying("gone");
        gone.close();
        var slow = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        slow.await();
                        connection.send(Origin.ok("slow"));
                    }
                });
                var proxy = Proxy.to(origin)
                        .endpoint(1, gone.address())
                        .retry(HEDGING)
                        .open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            await().until(() -> proxy.endpoint(1).resting());
            slow.countDown();
            assertThat(client.response().text()).isEqualTo("slow");
            Seen seen = proxy.next();
            assertThat(seen.failure()).isNull();
            assertThat(seen.lost()).isEqualTo(1);
        }
    }
}
