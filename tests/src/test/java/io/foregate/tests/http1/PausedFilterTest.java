package io.foregate.tests.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.filter.Filter;
import io.foregate.api.filter.FilterContext;
import io.foregate.api.filter.Verdict;
import io.foregate.api.message.RequestHead;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Filters that wait for something on another thread. */
final class PausedFilterTest {
    private static Filter onRequest(BiFunction<RequestHead, FilterContext, Verdict> does) {
        return new Filter() {
            @Override
            public Verdict onRequest(RequestHead head, FilterContext context) {
                return does.apply(head, context);
            }
        };
    }

    @Test
    void aFilterGoesOnFromAnotherThread() throws IOException {
        Filter looksUp = onRequest((head, context) -> {
            Thread.ofVirtual().start(() -> context.execute(() -> context.resume(Verdict.CONTINUE)));
            return Verdict.PAUSE;
        });
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).filters(looksUp).open();
                Wire client = proxy.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.get("/").text()).isEqualTo("hello");
            }
        }
    }

    @Test
    void whatComesTooLateForItsExchangeIsNotDoneToAnother() throws Exception {
        AtomicReference<FilterContext> first = new AtomicReference<>();
        CountDownLatch paused = new CountDownLatch(1);
        AtomicInteger lateTasks = new AtomicInteger();
        Filter waits = onRequest((head, context) -> {
            if (!head.pathString().equals("/waits")) {
                return Verdict.CONTINUE;
            }
            first.set(context);
            paused.countDown();
            return Verdict.PAUSE;
        });
        try (Origin origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        // While this exchange is under way, the one before is over.
                        FilterContext late = first.get();
                        for (int i = 0; i < 100 && late != null; i++) {
                            late.execute(lateTasks::incrementAndGet);
                        }
                        connection.send(Origin.ok("hello"));
                    }
                });
                Proxy proxy = Proxy.to(origin).filters(waits).open()) {
            Wire gone = proxy.client();
            gone.send("GET /waits HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(paused.await(30, TimeUnit.SECONDS)).isTrue();
            gone.close();
            assertThat(proxy.next().status()).isZero();
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.get("/").text()).isEqualTo("hello");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> proxy.plane().connectionCount() == 0);
            assertThat(lateTasks).hasValue(0);
        }
    }
}
