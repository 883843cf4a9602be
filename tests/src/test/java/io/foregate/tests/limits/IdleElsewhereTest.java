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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop that needs connections while another one holds them all idle, and is busy at that moment. */
@ExtendWith(NoLeaks.class)
final class IdleElsewhereTest {
    private static final int MOST = 5;
    private static final int WAITING = 3;

    /** Stops its loop at a request for {@code /stop} until it may go on. */
    private static final class Stop implements Filter {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public Verdict onRequest(RequestHead head, FilterContext context) {
            if (head.targetString().equals("/stop")) {
                stopped.countDown();
                try {
                    if (!over.await(20, TimeUnit.SECONDS)) {
                        throw new AssertionError("it was never let go on");
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return Verdict.CONTINUE;
        }
    }

    private final Stop stop = new Stop();
    private final CyclicBarrier all = new CyclicBarrier(MOST);
    private final CyclicBarrier some = new CyclicBarrier(WAITING);

    /** Answers some requests only once so many are under way. */
    private Origin origin() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                switch (request.target()) {
                    case "/all" -> meet(all);
                    case "/some" -> meet(some);
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

    /** One loop holds all connections, and its last client has stopped it; the clients of the other one wait for some. */
    private void stopTheOneWhileTheOtherWaits(Proxy proxy, List<Wire> one, List<Wire> other) throws Exception {
        together("/all", one.subList(0, MOST));
        send("/stop", List.of(one.get(MOST)));
        stop.stopped.await();
        send("/some", other);
        await().until(() -> proxy.endpoint(0).waiting() == WAITING);
    }

    @Test
    void asManyAreGivenUpAsAreWaitedForAndTheOthersStay() throws Exception {
        try (var origin = origin();
                var proxy = proxy(origin)) {
            List<List<Wire>> clients = proxy.clients(MOST + 1);
            List<Wire> waiting = clients.get(1).subList(0, WAITING);
            stopTheOneWhileTheOtherWaits(proxy, clients.get(0), waiting);
            assertThat(origin.accepted()).isEqualTo(MOST);
            stop.over.countDown();

            for (Wire client : waiting) {
                assertThat(client.response().status()).isEqualTo(200);
            }
            assertThat(clients.get(0).get(MOST).response().status()).isEqualTo(200);
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
            List<Wire> leaving = clients.get(1).subList(0, WAITING);
            stopTheOneWhileTheOtherWaits(proxy, clients.get(0), leaving);
            for (Wire client : leaving) {
                client.reset();
            }
            await().until(() -> proxy.endpoint(0).waiting() == 0);
            stop.over.countDown();

            assertThat(clients.get(0).get(MOST).response().status()).isEqualTo(200);
            together("/all", clients.get(0).subList(0, MOST));
            assertThat(origin.accepted()).isEqualTo(MOST);
            together("/some", clients.get(1).subList(WAITING, 2 * WAITING));
            assertThat(origin.accepted()).isEqualTo(MOST + WAITING);
        }
    }
}
