package io.foregate.control.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.model.HostPort;
import io.foregate.control.config.model.Name;
import io.foregate.proxy.balance.EndpointSet;
import io.foregate.proxy.codec.HeadLimits;
import io.foregate.proxy.upstream.Endpoint;
import io.foregate.proxy.upstream.EndpointState;
import io.foregate.proxy.upstream.Link;
import io.foregate.proxy.upstream.PoolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which endpoints there are, for how long, and who hears of it. */
final class EndpointRegistryTest {
    private static PoolSettings settings(int maxConnections) {
        return new PoolSettings(Link.PLAIN, maxConnections, 1, 1, 1, 1, new HeadLimits(1, 1, 1));
    }

    private static EndpointRegistry.Key key(int port, int maxConnections) throws BadValue {
        return new EndpointRegistry.Key(
                Name.parse("web"), HostPort.parse("10.0.0.1:" + port), settings(maxConnections));
    }

    @Test
    void oneThatNobodyNamesAnyMoreIsRememberedAndThenForgotten() throws Exception {
        List<String> heard = new ArrayList<>();
        try (EndpointRegistry registry = new EndpointRegistry(1, Duration.ofMillis(50))) {
            registry.watch(new EndpointWatcher() {
                @Override
                public void arrived(EndpointRegistry.Key key, Endpoint endpoint) {
                    heard.add("+" + endpoint);
                }

                @Override
                public void departed(EndpointRegistry.Key key, Endpoint endpoint) {
                    heard.add("-" + endpoint);
                }
            });
            Endpoint endpoint = registry.endpoint(key(80, 1));
            PoolPlan plan = MembershipTest.plan(List.of(new PoolServer(endpoint, 1)));
            registry.attach(plan, plan.servers());
            Membership membership = registry.membership(plan.name());
            assertThat(membership).isNotNull();

            assertThat(endpoint.tryBegin()).isTrue();
            membership.serve(plan.pool(), List.of());
            assertThat(heard).containsExactly("+10.0.0.1:80", "-10.0.0.1:80");
            Thread.sleep(200);
            assertThat(registry.endpoint(key(80, 1))).as("while it is busy").isSameAs(endpoint);

            endpoint.exchangeEnds(true, 0);
            MembershipTest.await(() -> registry.all().isEmpty());
            registry.detach(plan);
            assertThat(registry.memberships()).isEmpty();
        }
    }

    @Test
    void whatWasWantedOfAServerHoldsForItsNewSettings() throws Exception {
        try (EndpointRegistry registry = new EndpointRegistry(1)) {
            Endpoint before = registry.endpoint(key(80, 1));
            before.maintenance("new disk");
            before.weight(9);
            Endpoint after = registry.endpoint(key(80, 2));

            assertThat(after).isNotSameAs(before);
            assertThat(after.status().state()).isEqualTo(EndpointState.MAINTENANCE);
            assertThat(after.weightOr(1)).isEqualTo(9);
            assertThat(registry.at(Name.parse("web"), HostPort.parse("10.0.0.1:80")))
                    .containsExactly(before, after);
        }
    }

    @Test
    void itHoldsAlsoAfterSettingsThatWereGivenUp() throws Exception {
        try (EndpointRegistry registry = new EndpointRegistry(1, Duration.ofMillis(20))) {
            Endpoint serves = registry.endpoint(key(80, 1));
            PoolPlan plan = MembershipTest.plan(List.of(new PoolServer(serves, 1)));
            registry.attach(plan, plan.servers());
            registry.endpoint(key(80, 2));
            MembershipTest.await(() -> registry.all().size() == 1);
            serves.maintenance("new disk");

            assertThat(registry.endpoint(key(80, 3)).status().state()).isEqualTo(EndpointState.MAINTENANCE);
        }
    }

    @Test
    void onesThatABuildMadeAndNobodyUsedAreForgottenWithTheOthers() throws Exception {
        try (EndpointRegistry registry = new EndpointRegistry(1, Duration.ofMillis(20))) {
            registry.endpoint(key(81, 1));
            PoolPlan plan = MembershipTest.plan(List.of(new PoolServer(registry.endpoint(key(80, 1)), 1)));
            registry.attach(plan, plan.servers());
            EndpointSet set = plan.pool().endpoints();
            registry.detach(plan);
            MembershipTest.await(() -> registry.all().isEmpty());
            assertThat(set.size()).isEqualTo(1);
        }
    }

    @Test
    void whoExchangesAllServersAgainAndAgainFillsNoMemory() throws Exception {
        try (EndpointRegistry registry = new EndpointRegistry(1)) {
            PoolPlan plan = MembershipTest.plan(List.of());
            registry.attach(plan, List.of());
            Membership membership = registry.membership(plan.name());
            assertThat(membership).isNotNull();
            for (int i = 1; i <= 2000; i++) {
                membership.serve(plan.pool(), List.of(new PoolServer(registry.endpoint(key(i, 1)), 1)));
            }
            assertThat(registry.all())
                    .hasSizeLessThan(1000)
                    .containsKey(key(2000, 1))
                    .containsKey(key(1999, 1));
        }
    }
}
