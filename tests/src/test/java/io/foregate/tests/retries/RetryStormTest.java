package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.proxy.route.RetryPolicy;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All origins fail: retries must not be what keeps them down. */
@ExtendWith(NoLeaks.class)
final class RetryStormTest {
    private static final int CLIENTS = 8;
    private static final int REQUESTS_EACH = 250;
    private static final int PERCENT = 20;

    private static Origin.Script unavailable() {
        return connection -> {
            while (connection.request() != null) {
                connection.send("HTTP/1.1 503 Down\r\nContent-Length: 4\r\n\r\ndown");
            }
        };
    }

    private static Origin.Script resetting() {
        return connection -> {
            connection.request();
            connection.reset();
        };
    }

    /** How many requests arrived at three origins that all do the same. */
    private static int load(Origin.Script script, RetryPolicy policy, int status) throws Exception {
        try (var a = Origin.start(script);
                var b = Origin.start(script);
                var c = Origin.start(script);
                var proxy = Proxy.to(a, b, c).loops(2).retry(policy).open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> requests(proxy, status)));
            }
            int answered = 0;
            for (Future<Integer> client : clients) {
                answered += client.get();
            }
            assertThat(answered).isEqualTo(CLIENTS * REQUESTS_EACH);
            return a.requests() + b.requests() + c.requests();
        }
    }

    private static int requests(Proxy proxy, int status) throws IOException {
        int answered = 0;
        try (Wire client = proxy.client()) {
            for (int i = 0; i < REQUESTS_EACH; i++) {
                answered += client.get("/").status() == status ? 1 : 0;
            }
        }
        return answered;
    }

    private static void assertBounded(int load) {
        int requests = CLIENTS * REQUESTS_EACH;
        assertThat(load)
                .as("requests at the origins, of %d by clients", requests)
                .isBetween(requests + requests * PERCENT / 200, requests + requests * PERCENT / 100);
    }

    @Test
    void withoutABudgetTheLoadIsThreefold() throws Exception {
        RetryPolicy policy = Policies.budget(Policies.on(503), Integer.MAX_VALUE, 0);
        assertThat(load(unavailable(), policy, 503)).isEqualTo(3 * CLIENTS * REQUESTS_EACH);
    }

    @Test
    void whenAllAnswersAreErrorsTheLoadRisesByTheBudget() throws Exception {
        assertBounded(load(unavailable(), Policies.budget(Policies.on(503), PERCENT, 0), 503));
    }

    @Test
    void whenAllRequestsAreLostTheLoadRisesByTheBudget() throws Exception {
        assertBounded(load(resetting(), Policies.budget(Policies.on(), PERCENT, 0), 502));
    }
}
