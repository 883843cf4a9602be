package io.foregate.tests.retries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.LostAttempts;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Seen;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that aren't passed on, because another server may give a better one. */
@ExtendWith(NoLeaks.class)
final class StatusRetriesTest {
    private static String answer(int status, String fields, String text) {
        return "HTTP/1.1 " + status + " Said\r\n" + fields + "Content-Length: " + text.length() + "\r\n\r\n" + text;
    }

    private static Origin answering(String answer) throws IOException {
        return Origin.start(connection -> {
            while (connection.request() != null) {
                connection.send(answer);
            }
        });
    }

    private static Origin unavailable() throws IOException {
        return answering(answer(503, "", "not now"));
    }

    /** Says what it was sent. */
    private static Origin echo() throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                connection.send(Origin.ok(request.text()));
            }
        });
    }

    @Test
    void anotherServerIsAskedAndTheConnectionIsKept() throws IOException {
        try (var bad = unavailable();
                var good = Origin.saying("good");
                var proxy = Proxy.to(bad, good).retry(Policies.on(503)).open();
                var client = proxy.client()) {
            int lost = 0;
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
                Seen seen = proxy.next();
                assertThat(seen.failure()).isNull();
                assertThat(seen.endpoint()).isEqualTo("endpoint-1");
                assertThat(seen.lost()).isEqualTo(seen.attempts() - 1);
                lost += seen.lost();
            }
            assertThat(bad.requests()).isEqualTo(lost).isPositive();
            assertThat(bad.accepted()).isEqualTo(1);
            assertThat(good.requests()).isEqualTo(10);
        }
    }

    @Test
    void whatIsntAskedForIsTheAnswer() throws IOException {
        try (var bad = unavailable();
                var good = Origin.saying("good");
                var proxy = Proxy.to(bad, good).open();
                var client = proxy.client()) {
            for (int i = 0; i < 10; i++) {
                client.get("/");
                assertThat(proxy.next().attempts()).isEqualTo(1);
            }
            assertThat(bad.requests()).isEqualTo(5);
        }
    }

    @Test
    void theLastAnswerGoesToTheClientAndNobodyIsAskedTwiceBeforeAllAreAsked() throws IOException {
        try (var a = unavailable();
                var b = unavailable();
                var c = unavailable();
                var proxy = Proxy.to(a, b, c).retry(Policies.on(503)).open()) {
            Message answer = proxy.get("/");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("not now");
            assertThat(List.of(a.requests(), b.requests(), c.requests())).containsOnly(1);
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(3);
            assertThat(seen.lost()).isEqualTo(2);
            assertThat(seen.failure()).isNull();
        }
    }

    @Test
    void whenAllHaveBeenAskedOneIsAskedAgain() throws IOException {
        var times = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send(times.incrementAndGet() < 3 ? answer(502, "", "no") : Origin.ok("at last"));
                    }
                });
                var proxy = Proxy.to(origin).retry(Policies.on(502)).open()) {
            assertThat(proxy.get("/").text()).isEqualTo("at last");
            assertThat(proxy.next().attempts()).isEqualTo(3);
        }
    }

    @Test
    void aPostIsSentAgainOnlyWhereThatIsAllowed() throws IOException {
        try (var bad = unavailable();
                var good = echo();
                var proxy = Proxy.to(bad, good).retry(Policies.on(503)).open();
                var client = proxy.client()) {
            int refused = 0;
            for (int i = 0; i < 4; i++) {
                if (client.exchange("POST", "/", "data").status() == 503) {
                    refused++;
                    assertThat(proxy.next().retryStopped()).isEqualTo(LostAttempts.End.METHOD);
                } else {
                    proxy.next();
                }
            }
            // Those that were asked first of the one that refuses.
            assertThat(refused).isEqualTo(2);
        }
        try (var bad = unavailable();
                var good = echo();
                var proxy = Proxy.to(bad, good)
                        .retry(Policies.anyMethod(Policies.on(503)))
                        .open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                String content = "x".repeat(20_000 * i);
                assertThat(client.exchange("POST", "/", content).text()).isEqualTo(content);
            }
        }
    }

    @Test
    void aBodyThatWasntKeptIsSentOnce() throws IOException {
        try (var bad = unavailable();
                var other = unavailable();
                var proxy = Proxy.to(bad, other)
                        .retry(Policies.buffer(Policies.on(503), 10_000))
                        .open();
                var client = proxy.client()) {
            assertThat(client.exchange("PUT", "/", "x".repeat(50_000)).status()).isEqualTo(503);
            Seen seen = proxy.next();
            assertThat(seen.attempts()).isEqualTo(1);
            assertThat(seen.retryStopped()).isEqualTo(LostAttempts.End.BODY);
            client.exchange("PUT", "/", "x".repeat(9_000));
            assertThat(proxy.next().attempts()).isGreaterThan(1);
        }
    }

    @Test
    void anAnswerBeforeTheBodysEndIsFollowedByTheWholeBodyElsewhere() throws IOException {
        try (var hasty = Origin.start(connection -> {
                    connection.head();
                    connection.send(answer(503, "", "not now"));
                    assertThat(connection.ends()).isTrue();
                });
                var good = echo();
                var proxy = Proxy.to(hasty, good).retry(Policies.on(503)).open();
                var client = proxy.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nfirst");
            await().until(() -> good.requests() == 1);
            client.send("-last");
            assertThat(client.response().text()).isEqualTo("first-last");
            // Whichever was asked first, the other one is next.
            client.send("PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nagain");
            await().until(() -> good.requests() == 2);
            client.send("-last");
            assertThat(client.response().text()).isEqualTo("again-last");
            assertThat(hasty.requests()).isPositive();
        }
    }

    @Test
    void aLongAnswerIsBrokenOffAndAChunkedOneIsReadToItsEnd() throws IOException {
        try (var big = answering(answer(503, "", "z".repeat(200_000)));
                var chunked = answering(
                        "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n");
                var good = Origin.saying("good");
                var proxy = Proxy.to(big, chunked, good).retry(Policies.on(503)).open();
                var client = proxy.client()) {
            for (int i = 0; i < 9; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
            }
            await().until(() -> big.open() == 0);
            assertThat(big.requests()).isPositive().isEqualTo(big.accepted());
            assertThat(chunked.requests()).isGreaterThan(1);
            assertThat(chunked.accepted()).isEqualTo(1);
        }
    }

    @Test
    void retryAfterIsWaitedFor() throws IOException {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        times.add(System.nanoTime());
                        connection.send(
                                times.size() == 1 ? answer(503, "Retry-After: 1\r\n", "later") : Origin.ok("now"));
                    }
                });
                var proxy = Proxy.to(origin).retry(Policies.on(503)).open()) {
            assertThat(proxy.get("/").text()).isEqualTo("now");
            // The proxy's clock may be a turn of its loop behind.
            assertThat(times.get(1) - times.get(0)).isGreaterThan(900_000_000L);
        }
    }

    @Test
    void retryAfterMayBeADate() throws IOException {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (var origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        times.add(System.currentTimeMillis());
                        connection.send(
                                times.size() == 1
                                        ? answer(503, "Retry-After: " + date(times.getFirst() + 1500) + "\r\n", "later")
                                        : Origin.ok("now"));
                    }
                });
                var proxy = Proxy.to(origin).retry(Policies.on(503)).open()) {
            assertThat(proxy.get("/").text()).isEqualTo("now");
            // Dates have no fractions, and the proxy's clock may be a turn of its loop behind.
            assertThat(times.get(1)).isGreaterThan((times.get(0) + 1500) / 1000 * 1000 - 100);
        }
        String tomorrow = date(System.currentTimeMillis() + 86_400_000L);
        try (var origin = answering(answer(503, "Retry-After: " + tomorrow + "\r\n", "later"));
                var proxy = Proxy.to(origin).retry(Policies.on(503)).open()) {
            assertThat(proxy.get("/").field("Retry-After")).isEqualTo(tomorrow);
            assertThat(proxy.next().retryStopped()).isEqualTo(LostAttempts.End.RETRY_AFTER);
        }
    }

    private static String date(long epochMillis) {
        return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .format(Instant.ofEpochMilli(epochMillis).atOffset(ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whoWantsToBeLeftAloneForLongerIsNotAskedAgain(int status) throws IOException {
        try (var origin = answering(answer(status, "Retry-After: 3600\r\n", "later"));
                var proxy = Proxy.to(origin).retry(Policies.on(status)).open()) {
            Message answer = proxy.get("/");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("Retry-After")).isEqualTo("3600");
            assertThat(proxy.next().retryStopped()).isEqualTo(LostAttempts.End.RETRY_AFTER);
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void anotherServerNeedsNoRetryAfterUnlessTheClientIsMeant() throws IOException {
        try (var busy = answering(answer(503, "Retry-After: 3600\r\n", "later"));
                var good = Origin.saying("good");
                var proxy = Proxy.to(busy, good).retry(Policies.on(503)).open();
                var client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.get("/").text()).isEqualTo("good");
            }
            assertThat(busy.requests()).isPositive();
        }
        try (var one = answering(answer(429, "Retry-After: 3600\r\n", "slowly"));
                var other = answering(answer(429, "Retry-After: 3600\r\n", "slowly"));
                var proxy = Proxy.to(one, other).retry(Policies.on(429)).open()) {
            assertThat(proxy.get("/").status()).isEqualTo(429);
            assertThat(one.requests() + other.requests()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesDuringAPauseEndsIt() throws IOException {
        try (var origin = answering(answer(503, "Retry-After: 2\r\n", "later"));
                var proxy = Proxy.to(origin).retry(Policies.on(503)).open()) {
            try (var client = proxy.client()) {
                client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                await().until(() -> origin.requests() == 1);
                await().until(() -> proxy.endpoint(0).inFlight() == 0);
                client.reset();
            }
            assertThat(proxy.next().status()).isZero();
            assertThat(origin.requests()).isEqualTo(1);
            assertThat(proxy.endpoint(0).inFlight()).isZero();
        }
    }

    @Test
    void interimAnswersGoThroughBeforeAnAnswerThatIsnt() throws IOException {
        try (var bad = answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + answer(503, "", "not now"));
                var proxy =
                        Proxy.to(bad).retry(Policies.tries(Policies.on(503), 2)).open();
                var client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.responseHead().status()).isEqualTo(103);
            assertThat(client.responseHead().status()).isEqualTo(103);
            assertThat(client.response().status()).isEqualTo(503);
        }
    }
}
