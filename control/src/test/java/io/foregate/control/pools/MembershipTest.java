package io.foregate.control.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.balance.Share;
import io.foregate.proxy.balance.Standing;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Affinity;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.Pool;
import io.foregate.proxy.upstream.PoolSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Who is in a pool, as snapshots and people change. */
final class MembershipTest {
    private static final PoolSettings SETTINGS = new PoolSettings(Link.PLAIN, 1, 1, 1, 1, 1, new HeadLimits(1, 1, 1));

    private final EndpointRegistry registry = new EndpointRegistry(1);

    @Test
    void aDrainingEndpointLeavesTheSetAndComesBack() throws Exception {
        try (registry) {
            PoolPlan plan = plan("10.0.0.1:80", "10.0.0.2:80");
            registry.attach(plan, plan.servers());
            Endpoint first = plan.servers().getFirst().endpoint();

            first.drain(true);
            await(() -> names(plan).equals(List.of("10.0.0.2:80")));
            assertThat(first.status().state()).isEqualTo(EndpointState.DRAINING);
            assertThat(first.keepsSticky()).isTrue();

            first.maintenance("new disk");
            assertThat(first.status().reason()).isEqualTo("new disk");
            assertThat(first.keepsSticky()).isFalse();

            first.backInService();
            await(() -> names(plan).size() == 2);
        }
    }

    @Test
    void aWeightSetAtRunTimeCountsUntilItIsTakenBack() throws Exception {
        try (registry) {
            PoolPlan plan = plan("10.0.0.1:80", "10.0.0.2:80");
            registry.attach(plan, plan.servers());
            Endpoint first = plan.servers().getFirst().endpoint();

            first.weight(7);
            await(() -> plan.pool().endpoints().weight(0) == 7);
            first.weight(null);
            await(() -> plan.pool().endpoints().weight(0) == 1);
        }
    }

    @Test
    void poolsOfSeveralSnapshotsHaveTheirOwnServersAndOneState() throws Exception {
        try (registry) {
            PoolPlan before = plan("10.0.0.1:80", "10.0.0.2:80");
            PoolPlan after = plan("10.0.0.1:80", "10.0.0.3:80");
            registry.attach(before, before.servers());
            registry.attach(after, after.servers());

            before.servers().getFirst().endpoint().drain(false);
            await(() ->
                    names(before).equals(List.of("10.0.0.2:80")) && names(after).equals(List.of("10.0.0.3:80")));

            registry.detach(before);
            after.servers().getFirst().endpoint().backInService();
            await(() -> names(after).size() == 2);
            assertThat(names(before)).as("of a closed snapshot").hasSize(1);
        }
    }

    @Test
    void manyChangesMakeFewSets() throws Exception {
        try (registry) {
            AtomicInteger made = new AtomicInteger();
            CountDownLatch held = new CountDownLatch(1);
            PoolPlan plain = plan("10.0.0.1:80");
            PoolPlan plan = new PoolPlan(plain.name(), plain.pool(), plain.servers(), shares -> {
                if (made.incrementAndGet() == 2) {
                    awaitUninterruptibly(held);
                }
                return set(shares);
            });
            registry.attach(plan, plan.servers());
            Endpoint endpoint = plan.servers().getFirst().endpoint();

            endpoint.weight(2);
            await(() -> made.get() == 2);
            for (int i = 3; i <= 1000; i++) {
                endpoint.weight(i);
            }
            held.countDown();

            await(() -> plan.pool().endpoints().weight(0) == 1000);
            assertThat(made.get()).isEqualTo(3);
        }
    }

    private PoolPlan plan(String... addresses) throws Exception {
        List<PoolServer> servers = new ArrayList<>();
        Name name = Name.parse("web");
        for (String address : addresses) {
            EndpointRegistry.Key key = new EndpointRegistry.Key(name, HostPort.parse(address), SETTINGS);
            servers.add(new PoolServer(registry.endpoint(key), 1));
        }
        return plan(servers);
    }

    static PoolPlan plan(List<PoolServer> servers) {
        EndpointSet first = Membership.set(servers, MembershipTest::set);
        Pool pool = new Pool("web", first, Affinity.NONE, false, 1);
        return new PoolPlan(new Name("web"), pool, servers, MembershipTest::set);
    }

    private static EndpointSet set(List<Share> shares) {
        return new EndpointSet(shares, Balancing.by(Balancer.ROUND_ROBIN));
    }

    // Of those that are in service; without addresses, they count as down.
    private static List<String> names(PoolPlan plan) {
        EndpointSet set = plan.pool().endpoints();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            if (set.standing(i) == Standing.UP || set.standing(i) == Standing.DOWN) {
                names.add(set.get(i).name());
            }
        }
        return names;
    }

    static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("time left").isNegative();
            Thread.sleep(1);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
