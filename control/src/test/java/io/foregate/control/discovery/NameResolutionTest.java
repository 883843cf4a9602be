package io.foregate.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.discovery.NameResolution.Target;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.PoolSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** From names to addresses, with a name service that tests play. */
final class NameResolutionTest {
    private static final Pace QUICK = new Pace(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(5));
    private static final Pace NEVER_AGAIN = new Pace(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
    private static final NameLookup NOBODY = (host, family) -> {
        throw new AssertionError("no name service is needed");
    };

    @Test
    void addressesAndLocalNamesNeedNoNameService() {
        try (NameResolution names = new NameResolution(NOBODY, QUICK)) {
            assertThat(resolve(names, "192.0.2.1:80").addresses()).containsExactly(at("192.0.2.1", 80));
            assertThat(resolve(names, "[2001:db8::1]:81").addresses()).containsExactly(at("2001:db8::1", 81));
            assertThat(resolve(names, "localhost:3000").addresses())
                    .containsExactly(at("127.0.0.1", 3000), at("::1", 3000));
            assertThat(resolve(names, "app.localhost:3000").addresses())
                    .containsExactly(at("127.0.0.1", 3000), at("::1", 3000));
        }
    }

    @Test
    void aNameIsLookedUpOnceForAllItsEndpoints() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            asked.incrementAndGet();
            return answer(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));
        };
        try (NameResolution names = new NameResolution(lookup, NEVER_AGAIN)) {
            Endpoint one = endpoint("app.example:80");
            Endpoint two = endpoint("app.example:81");
            names.follow(target("app.example:80", one));
            names.follow(target("app.example:81", two));

            assertThat(names.awaitFirst(Duration.ofSeconds(10))).isTrue();
            assertThat(one.addresses()).containsExactly(at("192.0.2.1", 80), at("2001:db8::1", 80));
            assertThat(two.addresses()).containsExactly(at("192.0.2.1", 81), at("2001:db8::1", 81));
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void eachReasonWhyANameDoesNotResolveIsSaidOnce() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(NameResolution.class);
        log.start();
        logger.addAppender(log);
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            throw new UnknownHostException(asked.incrementAndGet() % 2 == 0 ? "there is no such name" : "no answer");
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            names.follow(target("reasons.example:80", endpoint("reasons.example:80")));
            await(() -> asked.get() > 6);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(line -> line.startsWith("reasons.example")))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("reasons.example does not resolve (no answer)"))
                .anyMatch(line -> line.startsWith("reasons.example does not resolve (there is no such name)"));
    }

    @Test
    void aNameThatMovesIsFollowed() throws Exception {
        List<InetAddress> answer = new ArrayList<>(List.of(InetAddress.ofLiteral("192.0.2.1")));
        NameLookup lookup = (host, family) -> {
            synchronized (answer) {
                return answer(answer.toArray(InetAddress[]::new));
            }
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            await(() -> endpoint.addresses().equals(List.of(at("192.0.2.1", 80))));
            synchronized (answer) {
                answer.set(0, InetAddress.ofLiteral("192.0.2.2"));
            }
            await(() -> endpoint.addresses().equals(List.of(at("192.0.2.2", 80))));
        }
    }

    @Test
    void theSameAddressesInAnotherOrderChangeNothing() throws Exception {
        InetAddress one = InetAddress.ofLiteral("192.0.2.1");
        InetAddress two = InetAddress.ofLiteral("192.0.2.2");
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> asked.incrementAndGet() % 2 == 1 ? answer(one, two) : answer(two, one);
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            await(() -> asked.get() > 5);
            assertThat(endpoint.addresses()).containsExactly(at("192.0.2.1", 80), at("192.0.2.2", 80));
        }
    }

    @Test
    void aFailureKeepsTheLastAddressesAndSaysWhy() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            if (asked.incrementAndGet() > 1) {
                throw new UnknownHostException("no such name");
            }
            return answer(InetAddress.ofLiteral("192.0.2.1"));
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            await(() -> asked.get() > 3);
            assertThat(endpoint.addresses()).containsExactly(at("192.0.2.1", 80));
            assertThat(endpoint.unresolvedReason()).isEqualTo("app.example does not resolve: no such name");
        }
    }

    @Test
    void aNameThatComesLaterIsFound() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            if (asked.incrementAndGet() < 3) {
                throw new UnknownHostException(host);
            }
            return answer(InetAddress.ofLiteral("192.0.2.1"));
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            await(() -> !endpoint.addresses().isEmpty());
            assertThat(asked.get()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void aResolverThatThrowsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug");
            }
            return answer(InetAddress.ofLiteral("192.0.2.1"));
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            await(() -> !endpoint.addresses().isEmpty());
        }
    }

    @Test
    void aSilentNameServiceDoesNotHoldUpTheStart() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        NameLookup lookup = (host, family) -> {
            never.await();
            throw new UnknownHostException(host);
        };
        try (NameResolution names = new NameResolution(lookup, QUICK)) {
            Endpoint endpoint = resolve(names, "app.example:80");
            assertThat(names.awaitFirst(Duration.ofMillis(20))).isFalse();
            assertThat(endpoint.addresses()).isEmpty();
        }
    }

    @Test
    void aNameThatNobodyBearsAnyMoreIsForgotten() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        NameLookup lookup = (host, family) -> {
            if (host.equals("old.example")) {
                asked.incrementAndGet();
            }
            return answer(InetAddress.ofLiteral("192.0.2.1"));
        };
        try (NameResolution names = new NameResolution(lookup, NEVER_AGAIN)) {
            Endpoint old = resolve(names, "old.example:80");
            assertThat(names.awaitFirst(Duration.ofSeconds(10))).isTrue();
            names.leave(target("old.example:80", old).address(), old);
            Endpoint endpoint = resolve(names, "new.example:80");
            assertThat(names.awaitFirst(Duration.ofSeconds(10))).isTrue();
            assertThat(endpoint.addresses()).isNotEmpty();
            Endpoint back = resolve(names, "old.example:80");
            await(() -> !back.addresses().isEmpty());
            assertThat(asked).hasValue(2);
        }
    }

    private static NameLookup.Answer answer(InetAddress... addresses) {
        return new NameLookup.Answer(List.of(addresses), Duration.ZERO);
    }

    private static Endpoint resolve(NameResolution names, String address) {
        Endpoint endpoint = endpoint(address);
        names.follow(target(address, endpoint));
        return endpoint;
    }

    private static Target target(String address, Endpoint endpoint) {
        try {
            return new Target("web", HostPort.parse(address), endpoint);
        } catch (BadValue e) {
            throw new AssertionError(e);
        }
    }

    private static Endpoint endpoint(String name) {
        return new Endpoint(name, new PoolSettings(Link.PLAIN, 1, 1, 1, 1, 1, new HeadLimits(1, 1, 1)), 1);
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("the condition never came true")
                    .isNegative();
            Thread.sleep(2);
        }
    }
}
