package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.proxy.route.RetryPolicy;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that hang: how long one of them is waited for. */
@ExtendWith(NoLeaks.class)
final class TryTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void aHangingServerCostsOneTryTimeout() throws IOException {
        try (var hangs = Slow.hanging();
                var good = Origin.saying("good");
                var proxy = Proxy.to(hangs, good)
                        .retry(Policies.tryTimeout(Policies.on(), SHORT))
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
                Seen seen = proxy.next();
                assertThat(seen.lost()).isEqualTo(seen.attempts() - 1);
            }
            assertThat(hangs.requests()).isPositive();
            await().until(() -> hangs.open() == 0);
        }
    }

    @Test
    void theLastAttemptHasAsLongAsTheFirstByteTimeout() throws IOException {
        Slow.assertWaitedFor(
                Slow.GET, Policies.tries(Policies.tryTimeout(Policies.on(), SHORT), 1), 1, SHORT.multipliedBy(4));
        try (var one = Slow.hanging();
                var other = Slow.hanging();
                var proxy = Proxy.to(one, other)
                        .retry(Policies.tries(Policies.tryTimeout(Policies.on(), SHORT), 2))
                        .firstByteTimeout(Duration.ofMillis(400))
                        .open()) {
            assertThat(proxy.get("/").status()).isEqualTo(504);
            Seen seen = proxy.next();
            assertThat(seen.failure()).isEqualTo(Failure.Kind.FIRST_BYTE_TIMEOUT);
            assertThat(seen.attempts()).isEqualTo(2);
        }
    }

    @Test
    void whatMayNotBeSentTwiceIsNotCutShort() throws IOException {
        Slow.assertWaitedFor(Slow.POST, Policies.tryTimeout(Policies.on(), SHORT), 2, SHORT.multipliedBy(4));
    }

    @Test
    void withoutBudgetTheServerIsWaitedFor() throws IOException {
        RetryPolicy policy = Policies.budget(Policies.tryTimeout(Policies.on(), SHORT), 0, 0);
        Slow.assertWaitedFor(Slow.GET, policy, 2, SHORT.multipliedBy(4));
    }
}
