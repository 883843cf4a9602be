package io.foregate.tests.health;

import static io.foregate.tests.health.Checked.HEALTHZ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.config.model.StatusRange;
import io.foregate.control.health.CheckPlan;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.Link;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Checks of origins: what they ask, what they make of the answers, and how often. */
final class ChecksTest {
    private static Origin answering(AtomicInteger status) throws IOException {
        return Origin.start(connection -> {
            if (connection.request() != null) {
                connection.send("HTTP/1.1 " + status.get() + " Whatever\r\nContent-Length: 2\r\n\r\nok");
            }
        });
    }

    @Test
    void aServerGoesDownAfterFailedChecksInARowAndUpAfterPassedOnes() throws IOException {
        var status = new AtomicInteger(200);
        try (var origin = answering(status);
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            checked.follow(Checked.often(HEALTHZ), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: status 200");

            int before = origin.requests();
            status.set(503);
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: status 503 instead of 200-399");
            assertThat(origin.requests() - before).isGreaterThanOrEqualTo(3);
            assertThat(Checked.usable(endpoint)).isFalse();
            long since = endpoint.status().sinceNanos();
            assertThat(System.nanoTime() - since).isPositive();

            before = origin.requests();
            status.set(204);
            Checked.awaitUp(endpoint);
            assertThat(origin.requests() - before).isGreaterThanOrEqualTo(2);
            assertThat(Checked.usable(endpoint)).isTrue();
            assertThat(endpoint.status().sinceNanos() - since).isPositive();
        }
    }

    @Test
    void fewerFailuresThanItTakesChangeNothing() throws IOException {
        var asked = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        // Two of three fail.
                        String status = asked.incrementAndGet() % 3 == 1 ? "200 OK" : "500 Oops";
                        connection.send("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            checked.follow(Checked.often(HEALTHZ), endpoint);
            Checked.awaitUp(endpoint);
            var downs = new AtomicInteger();
            endpoint.watch(downs::incrementAndGet);
            await().atMost(Duration.ofSeconds(30)).until(() -> asked.get() > 20);
            assertThat(downs).hasValue(0);
        }
    }

    @Test
    void theFirstCheckDecidesAlone() throws IOException {
        try (var origin = answering(new AtomicInteger(500));
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            assertThat(endpoint.status().state()).isEqualTo(EndpointState.UNKNOWN);
            assertThat(Checked.usable(endpoint)).isTrue();
            checked.follow(Checked.every(Duration.ofHours(1), HEALTHZ), endpoint);
            Checked.awaitDown(endpoint);
            assertThat(origin.requests()).isEqualTo(1);
        }
    }

    @Test
    void aServerGetsNothingBeforeItsFirstCheckWhereThatIsWanted() throws Exception {
        var answer = new CountDownLatch(1);
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        answer.await();
                        connection.send(Origin.ok("ok"));
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            CheckPlan plan = Checked.often(HEALTHZ);
            checked.follow(
                    new CheckPlan(plan.what(), plan.pace(), plan.rise(), plan.fall(), plan.place(), true), endpoint);
            await().until(() -> origin.requests() == 1);
            assertThat(Checked.usable(endpoint)).isFalse();
            assertThat(endpoint.status().state()).isEqualTo(EndpointState.UNKNOWN);
            answer.countDown();
            Checked.awaitUp(endpoint);
            assertThat(Checked.usable(endpoint)).isTrue();
        }
    }

    @Test
    void theRequestIsAsConfigured() throws Exception {
        var seen = new LinkedBlockingQueue<Message>();
        try (var origin = Origin.start(connection -> {
                    Message request = connection.request();
                    if (request != null) {
                        seen.add(request);
                        connection.send(Origin.ok("ok"));
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            List<StatusRange> fine = List.of(new StatusRange(200, 200));
            checked.follow(
                    Checked.every(
                            Duration.ofHours(1), new CheckPlan.Http("OPTIONS", "/a?b=c", "app.internal", fine, null)),
                    endpoint);
            Message request = seen.poll(30, TimeUnit.SECONDS);
            assertThat(request).isNotNull();
            assertThat(request.start()).isEqualTo("OPTIONS /a?b=c HTTP/1.1");
            assertThat(request.field("Host")).isEqualTo("app.internal");
            assertThat(request.field("Connection")).isEqualTo("close");
            Checked.awaitUp(endpoint);
        }
    }

    @Test
    void theBodyHasToContainWhatItMust() throws IOException {
        var body = new LinkedBlockingQueue<String>();
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        connection.send(body.size() > 1 ? body.remove() : body.element());
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            String wanted = "\"status\":\"grün\"";
            var question = new CheckPlan.Http("GET", "/", null, List.of(new StatusRange(200, 299)), wanted);
            String good =
                    new String(("{" + wanted + "}").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            String chunks = Integer.toHexString(5) + "\r\n" + good.substring(0, 5) + "\r\n"
                    + Integer.toHexString(good.length() - 5) + ";x=y\r\n" + good.substring(5) + "\r\n0\r\n\r\n";

            body.add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            checked.follow(Checked.often(question), endpoint);
            Checked.awaitUp(endpoint);
            body.add(Origin.ok("{\"status\":\"rot\"}"));
            assertThat(Checked.awaitDown(endpoint))
                    .isEqualTo("check failed: status 200, but its body lacks what it must contain");
            // Framed by the connection's end.
            body.add("HTTP/1.0 200 OK\r\n\r\n" + good);
            Checked.awaitUp(endpoint);
            body.add(Origin.ok("wrong"));
            Checked.awaitDown(endpoint);
            body.add(Origin.ok("x".repeat(1000) + good + "x".repeat(100_000)));
            Checked.awaitUp(endpoint);
        }
    }

    @Test
    void interimAnswersArePassedOver() throws IOException {
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Origin.ok("ok"));
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            checked.follow(Checked.often(HEALTHZ), endpoint);
            Checked.awaitUp(endpoint);
            assertThat(endpoint.status().reason()).isEqualTo("check passed: status 200");
        }
    }

    @Test
    void whatIsNoAnswerIsAFailureThatSaysSo() throws IOException {
        var answer = new AtomicReference<>("");
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        connection.send(Objects.requireNonNull(answer.get()));
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            List<StatusRange> fine = List.of(new StatusRange(200, 299));
            checked.follow(Checked.often(new CheckPlan.Http("GET", "/", null, fine, "something")), endpoint);
            Map.of(
                            "SSH-2.0-OpenSSH_9.2\r\n",
                            "the answer is not HTTP/1.1",
                            "HTTP/1.1 2",
                            "the answer broke off",
                            "",
                            "the connection was closed without an answer",
                            "HTTP/1.1 200 OK\r\nX: " + "x".repeat(70_000),
                            "the answer's head is larger than 65536 bytes",
                            "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
                            "the answer has an invalid Content-Length")
                    .forEach((text, reason) -> {
                        answer.set(text);
                        await().atMost(Duration.ofSeconds(30))
                                .until(() -> endpoint.status().reason().equals("check failed: " + reason));
                    });
        }
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsDown() throws IOException {
        try (var origin = Origin.start(connection -> connection.in().readAllBytes());
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            CheckPlan plan = Checked.often(HEALTHZ);
            var pace = new CheckPlan.Pace(
                    Duration.ofMillis(50).toNanos(), Duration.ofMillis(100).toNanos());
            checked.follow(new CheckPlan(HEALTHZ, pace, 2, 3, plan.place(), false), endpoint);
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: no answer within 100 ms");
            // One connection at a time, and none of them is left behind.
            await().until(() -> origin.accepted() > 5);
            assertThat(origin.open()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void anAnswerByDribsAndDrabsHasTheSameTime() throws IOException {
        try (var origin = Origin.start(connection -> {
                    while (true) {
                        connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                        Thread.sleep(20);
                    }
                });
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            var pace = new CheckPlan.Pace(
                    Duration.ofMillis(50).toNanos(), Duration.ofMillis(200).toNanos());
            checked.follow(new CheckPlan(HEALTHZ, pace, 2, 3, new CheckPlan.Place(0, false), false), endpoint);
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: no answer within 200 ms");
        }
    }

    @Test
    void aConnectionIsEnoughForACheckByTcp() throws IOException {
        try (var checked = new Checked()) {
            Endpoint endpoint;
            Origin.Script silent = connection -> connection.in().readAllBytes();
            InetSocketAddress address;
            try (var origin = Origin.start(silent)) {
                address = origin.address();
                endpoint = Checked.endpoint(address);
                checked.follow(Checked.often(new CheckPlan.Tcp()), endpoint);
                Checked.awaitUp(endpoint);
            }
            assertThat(Checked.awaitDown(endpoint)).isEqualTo("check failed: Connection refused");
            try (var again = Origin.at(address, silent)) {
                Checked.awaitUp(endpoint);
                assertThat(again.requests()).isZero();
            }
        }
    }

    @Test
    void anotherPortMayBeAsked() throws IOException {
        var status = new AtomicInteger(200);
        try (var origin = Origin.saying("traffic");
                var admin = answering(status);
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            CheckPlan plan = Checked.often(HEALTHZ);
            checked.follow(
                    new CheckPlan(HEALTHZ, plan.pace(), 2, 3, new CheckPlan.Place(admin.port(), false), false),
                    endpoint);
            Checked.awaitUp(endpoint);
            status.set(500);
            Checked.awaitDown(endpoint);
            assertThat(origin.accepted()).isZero();
        }
    }

    @Test
    void aServerThatIsNotFoundYetIsAskedOnceItIs() throws IOException {
        try (var origin = Origin.saying("ok");
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            endpoint.resolved(List.of());
            checked.follow(Checked.every(Duration.ofHours(1), HEALTHZ), endpoint);
            endpoint.resolved(List.of(origin.address()));
            Checked.awaitUp(endpoint);
        }
    }

    @Test
    void everyAddressIsTried() throws IOException {
        int nobody = Ports.free();
        try (var origin = Origin.saying("ok");
                var checked = new Checked()) {
            Endpoint endpoint = Checked.endpoint(origin.address());
            endpoint.resolved(
                    List.of(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), nobody), origin.address()));
            checked.follow(Checked.often(HEALTHZ), endpoint);
            Checked.awaitUp(endpoint);
        }
    }

    @Test
    void aServerThatExpectsThePROXYProtocolIsGreetedWithIt() throws IOException {
        byte[] v2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x20, 0, 0, 0};
        byte[] v1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
        for (var protocol : List.of(Link.ProxyProtocol.V1, Link.ProxyProtocol.V2)) {
            byte[] expected = protocol == Link.ProxyProtocol.V1 ? v1 : v2;
            try (var origin = Origin.start(connection -> {
                        assertThat(connection.in().readNBytes(expected.length)).isEqualTo(expected);
                        if (connection.request() != null) {
                            connection.send(Origin.ok("ok"));
                        }
                    });
                    var checked = new Checked()) {
                Endpoint endpoint = Checked.endpoint(origin.address(), new Link(Link.Protocol.AUTO, protocol, null));
                checked.follow(Checked.often(HEALTHZ), endpoint);
                Checked.awaitUp(endpoint);
            }
        }
    }

    @Test
    void aServerThatIsNewIsCheckedAtOnceAndOneThatIsGoneNoMore() throws IOException {
        try (var first = Origin.saying("ok");
                var second = Origin.saying("ok");
                var checked = new Checked()) {
            Endpoint one = Checked.endpoint(first.address());
            Endpoint two = Checked.endpoint(second.address());
            CheckPlan hourly = Checked.every(Duration.ofHours(1), HEALTHZ);
            checked.follow(hourly, one);
            Checked.awaitUp(one);
            checked.follow(hourly, one, two);
            Checked.awaitUp(two);
            // Who was there before isn't bothered.
            assertThat(first.accepted()).isEqualTo(1);

            CheckPlan often = Checked.often(HEALTHZ);
            checked.follow(often, one, two);
            await().until(() -> first.accepted() > 3 && second.accepted() > 3);
            checked.follow(often, two);
            await().until(() -> first.open() == 0);
            int last = first.accepted();
            int others = second.accepted();
            await().until(() -> second.accepted() > others + 10);
            assertThat(first.accepted()).isEqualTo(last);
            assertThat(one.status().state()).isNotEqualTo(EndpointState.DOWN);
        }
    }

    @Test
    void checksComeAtTheirPaceHoweverTheServerFares() throws Exception {
        var requests = new AtomicInteger();
        try (var origin = Origin.start(connection -> {
                    if (connection.request() != null) {
                        requests.incrementAndGet();
                        connection.reset();
                    }
                });
                var checked = new Checked()) {
            Endpoint[] endpoints = new Endpoint[20];
            for (int i = 0; i < endpoints.length; i++) {
                endpoints[i] = Checked.endpoint(origin.address());
            }
            long begin = System.nanoTime();
            checked.follow(Checked.every(Duration.ofMillis(500), HEALTHZ), endpoints);
            await().atMost(Duration.ofSeconds(30)).until(() -> requests.get() >= 200);
            // The first gap is half an interval at least, the others are nine tenths of it.
            long each = 2 + (System.nanoTime() - begin) / Duration.ofMillis(450).toNanos();
            assertThat((long) requests.get()).isLessThanOrEqualTo(each * endpoints.length);
            assertThat(requests.get()).isGreaterThanOrEqualTo(endpoints.length);
        }
    }
}
