package io.foregate.proxy.balance.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The simulation in short: what {@code docs/balancing.md} says of balancers holds. Its time is simulated, so it is always the same. */
final class SimulationTest {
    @Test
    void balancersFareAsTheGuideSays() {
        Map<String, Map<String, Run.Result>> all = Simulation.run(150_000);
        for (String scenario : all.values().iterator().next().keySet()) {
            double best = p99(all, Simulation.THEORY, scenario);
            boolean far = scenario.contains("away");
            if (!far) {
                assertThat(p99(all, "`least-requests`", scenario)).as(scenario).isLessThan(1.3 * best);
            }
            assertThat(p99(all, "`peak-ewma`", scenario)).as(scenario).isLessThan(1.3 * (far ? 46 : best));
            // With little to do, nobody is passed over.
            assertThat(result(all, "`hash`", scenario).busiest()).as(scenario).isLessThan(far ? 2.6 : 1.6);
        }
        for (String even : new String[] {"alike", "weights 1:2:4"}) {
            assertThat(result(all, "`round-robin`", even).busiest()).isLessThan(1.01);
            assertThat(p99(all, "`round-robin`", even)).isLessThan(60);
            assertThat(p99(all, "`random`", even)).isLessThan(70);
        }
        // Whoever heeds neither load nor latency drowns the slow, and what is cold is spared by a slow start.
        assertThat(p99(all, "`round-robin`", "one 3× slower")).isGreaterThan(500);
        assertThat(p99(all, "`round-robin`", "five join cold"))
                .isGreaterThan(2 * p99(all, "`round-robin`", "… slow-start 10s"));
    }

    @Test
    void fewMoreKeysMoveThanHaveTo() {
        for (Keys.Result result : Keys.all()) {
            assertThat(result.moved() - result.least()).as(result.change()).isBetween(-0.002, 0.012);
            assertThat(result.fullest()).as(result.change()).isLessThan(1.25);
            if (result.change().equals("one of 100 leaves")) {
                assertThat(result.moved()).isLessThanOrEqualTo(0.02);
            }
        }
    }

    private static double p99(Map<String, Map<String, Run.Result>> all, String balancer, String scenario) {
        return result(all, balancer, scenario).p99Millis();
    }

    private static Run.Result result(Map<String, Map<String, Run.Result>> all, String balancer, String scenario) {
        return Objects.requireNonNull(Objects.requireNonNull(all.get(balancer)).get(scenario));
    }
}
