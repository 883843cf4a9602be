package io.foregate.tests.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.Failure.Kind;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.Overloads.Cause;
import io.foregate.proxy.route.PathPattern;
import io.foregate.proxy.worker.OverloadPolicy;
import io.foregate.tests.http2.Http2Wire;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import io.foregate.tests.support.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop that can't keep up answers part of the requests with 503, so that the others are answered in good time. */
@ExtendWith(NoLeaks.class)
final class OverloadTest {
    /** Holds its loop up with every request, as no filter should. */
    private static final Filter SLOW = new Filter() {
        @Override
        public Verdict onRequest(RequestHead head, FilterContext context) {
            long until = System.nanoTime() + Duration.ofMillis(20).toNanos();
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return Verdict.CONTINUE;
        }
    };

    @Test
    void partIsRefusedAsLongAsTheLoopLagsAndTheHealthPathNever() throws Exception {
        var policy = new OverloadPolicy(
                Duration.ofMillis(60).toNanos(), true, List.of(PathPattern.parse("/local"), PathPattern.parse("/x/*")));
        var over = new AtomicBoolean();
        var served = new AtomicInteger();
        var refused = new AtomicInteger();
        var wrong = new AtomicInteger();
        try (var origin = Origin.saying("here");
                var proxy = Proxy.to(origin).filters(SLOW).overload(policy).open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> crowd = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                crowd.add(threads.submit(() -> {
                    try (Wire client = proxy.client()) {
                        while (!over.get()) {
                            Message answer = client.get("/");
                            if (answer.status() == 200) {
                                served.incrementAndGet();
                            } else if (answer.status() == 503 && answer.field("Retry-After") != null) {
                                refused.incrementAndGet();
                            } else {
                                wrong.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> refused.get() > 20);
            try (Wire health = proxy.client()) {
                for (int i = 0; i < 20; i++) {
                    assertThat(health.get("/local").status()).isEqualTo(204);
                }
            }
            int before = served.get();
            await().atMost(Duration.ofSeconds(60)).until(() -> served.get() > before + 20);
            over.set(true);
            for (Future<?> one : crowd) {
                one.get();
            }
            assertThat(wrong).hasValue(0);
            assertThat(proxy.defences().overloads().count(Cause.LAG)).isEqualTo(refused.get());
            assertThat(proxy.defences().overloads().count(Cause.MEMORY)).isZero();
            boolean recorded = false;
            for (int i = 0; i < served.get() + refused.get() && !recorded; i++) {
                Seen seen = proxy.next();
                recorded = seen.failure() == Kind.OVERLOADED;
            }
            assertThat(recorded).isTrue();
            // It is over when the crowd is gone.
            try (Wire client = proxy.client()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    int good = 0;
                    for (int i = 0; i < 5; i++) {
                        good += client.get("/").status() == 200 ? 1 : 0;
                    }
                    return good == 5;
                });
            }
        }
    }

    @Test
    void bodiesOfRefusedRequestsAreReadSoThatTheirClientsSeeTheAnswer() throws Exception {
        var policy = new OverloadPolicy(Duration.ofMillis(1).toNanos(), true, List.of());
        try (var origin = Origin.saying("here");
                var proxy = Proxy.to(origin).filters(SLOW).overload(policy).open();
                var client = proxy.client()) {
            String body = "x".repeat(300_000);
            int refused = 0;
            for (int i = 0; i < 2000 && refused < 3; i++) {
                int status = client.exchange("PUT", "/", body).status();
                assertThat(status).isIn(200, 503);
                refused += status == 503 ? 1 : 0;
            }
            assertThat(refused).isEqualTo(3);
        }
    }

    @Test
    void overHttp2ARefusalCostsAStreamAndNotItsConnection() throws Exception {
        var policy = new OverloadPolicy(Duration.ofMillis(1).toNanos(), true, List.of(PathPattern.parse("/local")));
        try (var origin = Origin.saying("here");
                var proxy = Proxy.to(origin).filters(SLOW).overload(policy).open();
                var client = Http2Wire.to(proxy.port())) {
            int refused = 0;
            int id = 1;
            for (; id < 4000 && refused < 3; id += 2) {
                // One whose body is yet to come when it is refused.
                client.headers(id, false, Http2Wire.request("PUT", "/"));
                client.data(id, false, "x");
                client.data(id, true, "y");
                Http2Wire.Answer answer = client.answer(id);
                assertThat(answer.status()).isIn(200, 503);
                if (answer.status() == 503) {
                    refused++;
                    assertThat(answer.head()).contains("retry-after: ");
                    client.get(id += 2, "/local");
                    assertThat(client.answer(id).status()).isEqualTo(204);
                }
            }
            assertThat(refused).isEqualTo(3);
            assertThat(proxy.defences().overloads().count(Cause.LAG)).isEqualTo(3);
            int refusals = 0;
            for (int i = 0; i < id / 2; i++) {
                refusals += proxy.next().failure() == Kind.OVERLOADED ? 1 : 0;
            }
            assertThat(refusals).isEqualTo(3);
        }
    }
}
