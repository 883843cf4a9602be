package io.foregate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.RequestHead;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop that needs connections while another one holds them all idle, and is busy at that moment. */
@ExtendWith(NoLeaks.class)
final class IdleElsewhereTest {
    private static final int MOST = 4;
    private static final int WAITING = 2;

    /** Stops its loop at a request for {@code /stop} until it may go on. */
    private static final class Stop implements Filter {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public Verdict onRequest(RequestHead head, FilterContext context) {
            if (head.targetString().equals("/stop")) {
                stopped.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Verdict.CONTINUE;
        }
    }

    private final Stop stop = new Stop();
    private final CyclicBarrier all = new CyclicBarrier(MOST);
    private final CyclicBarrier two = new CyclicBarrier(WAITING);

    /** Answers some requests only once so many are under way. */
    private Origin origin() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                switch (request.target()) {
                    case "/all" -> meet(all);
                    case "/two" -> meet(two);
                    default -> {}
                }
                connection.send(Origin.ok("here"));
            }
        });
    }

    private static void meet(CyclicBarrier others) throws InterruptedException {
        try {
            others.await();
        } catch (java.util.concurrent.BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    private static void together(String target, List<Wire> clients) throws IOException {
        send(target, clients);
        for (Wire client : clients) {
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    private static void send(String target, List<Wire> clients) throws IOException {
        for (Wire client : clients) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
        }
    }

    private Proxy proxy(Origin origin) throws IOException {
        return Proxy.to(origin)
                .loops(2)
                .maxConnections(MOST)
                .queue(100, Duration.ofSeconds(20))
                .filters(stop)
                .open();
    }

    @Test
    void asManyAreGivenUpAsAreWaitedForAndTheOthersStay() throws Exception {
        try (var origin = origin();
                var proxy = proxy(origin)) {
            List<List<Wire>> clients = proxy.clients(MOST + 1);
            List<Wire> holders = clients.get(0).subList(0, MOST);
            together("/all", holders);
            assertThat(origin.accepted()).isEqualTo(MOST);
            Wire stopping = clients.get(0).get(MOST);
            send("/stop", List.of(stopping));
            stop.stopped.await();

            List<Wire> waiting = clients.get(1).subList(0, WAITING);
            send("/two", waiting);
            await().until(() -> proxy.endpoint(0).waiting() == WAITING);
            stop.over.countDown();

            for (Wire client : waiting) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            assertThat(stopping.response().status()).isEqualTo(200);
            assertThat(origin.accepted()).isEqualTo(MOST + WAITING);
            // The one that was in use has gone as well if it came to rest while somebody still waited.
            assertThat(proxy.endpoint(0).connections()).isGreaterThanOrEqualTo(MOST - 1);
        }
    }

    @Test
    void nothingIsGivenUpForThoseWhoHaveLeftAndLaterOnesAskAgain() throws Exception {
        try (var origin = origin();
                var proxy = proxy(origin)) {
            List<List<Wire>> clients = proxy.clients(MOST + 1);
            List<Wire> holders = clients.get(0).subList(0, MOST);
            together("/all", holders);
            Wire stopping = clients.get(0).get(MOST);
            send("/stop", List.of(stopping));
            stop.stopped.await();

            List<Wire> leaving = clients.get(1).subList(0, WAITING);
            send("/two", leaving);
            await().until(() -> proxy.endpoint(0).waiting() == WAITING);
            for (Wire client : leaving) {
                client.reset();
            }
            await().until(() -> proxy.endpoint(0).waiting() == 0);
            stop.over.countDown();

            assertThat(stopping.response().status()).isEqualTo(200);
            together("/all", holders);
            assertThat(origin.accepted()).isEqualTo(MOST);
            together("/two", clients.get(1).subList(WAITING, 2 * WAITING));
            assertThat(origin.accepted()).isEqualTo(MOST + WAITING);
        }
    }
}
