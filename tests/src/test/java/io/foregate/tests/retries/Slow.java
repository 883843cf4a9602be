package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.route.RetryPolicy;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Origins that are slow, and what becomes of requests to them. */
final class Slow {
    static final String GET = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    static final String POST = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\nx";

    private Slow() {}

    /** One that never answers. */
    static Origin hanging() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            assertThat(connection.ends()).isTrue();
        });
    }

    /**
     * The answer to {@code request} is waited for, longer than {@code longEnough}, and nobody else is asked, though the origin is
     * {@code endpoints} endpoints; returns what was recorded.
     */
    static Seen assertWaitedFor(String request, RetryPolicy policy, int endpoints, Duration longEnough)
            throws IOException {
        var slow = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
            connection.request();
            slow.await();
            connection.send(Origin.ok("slow"));
        })) {
            Proxy to = Proxy.to().retry(policy);
            for (int i = 0; i < endpoints; i++) {
                to.endpoint(1, origin.address());
            }
            try (var proxy = to.open();
                    var client = proxy.client()) {
                client.send(request);
                await().pollDelay(longEnough).until(() -> origin.open() == 1);
                slow.countDown();
                assertThat(client.response().text()).isEqualTo("slow");
                assertThat(origin.requests()).isEqualTo(1);
                return proxy.next();
            }
        }
    }
}
