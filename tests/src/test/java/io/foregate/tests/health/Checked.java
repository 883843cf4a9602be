package io.foregate.tests.health;

import static org.awaitility.Awaitility.await;

import io.foregate.control.config.model.StatusRange;
import io.foregate.control.health.CheckPlan;
import io.foregate.control.health.HealthChecks;
import io.foregate.control.health.PoolHealth;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.PoolSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Endpoints that are checked, with nothing of a proxy around them. */
final class Checked implements AutoCloseable {
    static final CheckPlan.Http HEALTHZ =
            new CheckPlan.Http("GET", "/healthz", null, List.of(new StatusRange(200, 399)), null);

    private final HealthChecks checks = new HealthChecks();

    /** An endpoint at that address, spoken to without TLS. */
    static Endpoint endpoint(InetSocketAddress address) {
        return endpoint(address, Link.PLAIN);
    }

    static Endpoint endpoint(InetSocketAddress address, Link link) {
        HeadLimits limits = new HeadLimits(8192, 8192, 100);
        PoolSettings settings = new PoolSettings(link, 100, 100, Long.MAX_VALUE, 100, Long.MAX_VALUE, limits);
        Endpoint endpoint = new Endpoint("127.0.0.1:" + address.getPort(), settings, 2);
        endpoint.resolved(List.of(address));
        return endpoint;
    }

    /** Every 50 ms, for 5 s; two to rise, three to fall. */
    static CheckPlan often(CheckPlan.Question question) {
        return every(Duration.ofMillis(50), question);
    }

    static CheckPlan every(Duration interval, CheckPlan.Question question) {
        CheckPlan.Pace pace =
                new CheckPlan.Pace(interval.toNanos(), Duration.ofSeconds(5).toNanos());
        return new CheckPlan(question, pace, 2, 3, new CheckPlan.Place(0, false), false);
    }

    /** From now on these are checked. */
    void follow(@Nullable CheckPlan plan, Endpoint... endpoints) {
        checks.follow("web", new PoolHealth(plan, null), Set.of(endpoints));
    }

    static boolean usable(Endpoint endpoint) {
        return endpoint.usable(System.nanoTime());
    }

    static void awaitUp(Endpoint endpoint) {
        awaitState(endpoint, EndpointState.UP);
    }

    /** Waits until it is down; returns why. */
    static String awaitDown(Endpoint endpoint) {
        awaitState(endpoint, EndpointState.DOWN);
        return endpoint.status().reason();
    }

    private static void awaitState(Endpoint endpoint, EndpointState state) {
        await().atMost(Duration.ofSeconds(30)).until(() -> endpoint.status().state() == state);
    }

    @Override
    public void close() {
        checks.close();
    }
}
