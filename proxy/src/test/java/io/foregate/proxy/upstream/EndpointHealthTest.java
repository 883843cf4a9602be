package io.foregate.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of what connections, requests and checks show; the clock is the test's, as far as it can be. */
final class EndpointHealthTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Failure REFUSED = Failure.originRetrySafe(Failure.Kind.CONNECT_REFUSED, "Connection refused");
    private static final Failure RESET = Failure.origin(Failure.Kind.RESET, "reset");

    private final List<EndpointState> states = new ArrayList<>();
    private final EndpointHealth health = new EndpointHealth("a:1", 1, this::changed);
    private final long now = System.nanoTime();

    private void changed() {
        states.add(health().status().state());
    }

    private EndpointHealth health() {
        return health;
    }

    private static PassiveGroup group(int consecutive, int others) {
        BitSet statuses = new BitSet();
        statuses.set(500, 505);
        PassiveGroup group = new PassiveGroup(new PassiveRules(
                statuses,
                true,
                true,
                consecutive,
                0,
                new PassiveRules.Window(10 * SECOND, 20),
                10 * SECOND,
                40 * SECOND,
                50));
        for (int i = 0; i < others; i++) {
            new EndpointHealth("other:" + i, 1, () -> {}).judgeBy(group);
        }
        return group;
    }

    @Test
    void whatAnotherProcessKnowsHoldsUntilTheFirstCheck() {
        health.inheritDown("check failed: status 503", 0);
        health.checksBegin(false);
        assertThat(health.status().state()).isEqualTo(EndpointState.DOWN);
        assertThat(health.status().reason()).isEqualTo("check failed: status 503");
        assertThat(health.usable(now + 100 * SECOND)).isFalse();
        assertThat(health.restNanos(now)).isZero();
        health.checkPassed(true, "check passed");
        assertThat(health.usable(now)).isTrue();

        EndpointHealth up = new EndpointHealth("b:1", 1, () -> {});
        up.inheritUp("check passed: status 200");
        up.checksBegin(true);
        assertThat(up.usable(now)).isTrue();
        assertThat(up.awaitsCheck()).isFalse();
    }

    @Test
    void whereNobodyChecksAnyMoreInheritedHealthIsNoVerdict() {
        health.inheritDown("check failed: status 503", 0);
        health.checksEnd();
        assertThat(health.usable(now)).isTrue();
    }

    @Test
    void aRestGoesOnInAnotherProcessAndThenOneRequestTries() {
        health.judgeBy(group(2, 3));
        health.failed(0, RESET, now);
        health.failed(0, RESET, now);
        long left = health.restNanos(System.nanoTime());
        assertThat(left).isBetween(SECOND, 8 * SECOND);

        EndpointHealth next = new EndpointHealth("a:1", 1, () -> {});
        next.inheritDown(health.status().reason(), left);
        next.judgeBy(null);
        assertThat(next.status().state()).isEqualTo(EndpointState.DOWN);
        assertThat(next.status().reason()).startsWith("ejected for 10 s");
        assertThat(next.usable(now)).isFalse();
        long after = System.nanoTime() + left;
        assertThat(next.available(after)).isTrue();
        assertThat(next.available(after)).isFalse();
        next.connectSucceeded();
        assertThat(next.status().state()).isEqualTo(EndpointState.UP);
    }

    @Test
    void whatWasFoundOutHereIsBelievedRatherThanAnotherProcess() {
        health.connectSucceeded();
        health.inheritDown("check failed: status 503", 0);
        health.inheritDown("can't be reached", SECOND);
        assertThat(health.status().state()).isEqualTo(EndpointState.UP);
    }

    @Test
    void theFirstConnectionTellsThatItIsUp() {
        assertThat(health.status().state()).isEqualTo(EndpointState.UNKNOWN);
        assertThat(health.available(now)).isTrue();
        health.connectSucceeded();
        health.connectSucceeded();
        assertThat(states).containsExactly(EndpointState.UP);
    }

    @Test
    void aRefusedConnectionCountsAtOnceAndOneTriesAfterARest() {
        health.connectSucceeded();
        health.connectFailed(now, REFUSED);
        assertThat(health.status())
                .isEqualTo(new EndpointStatus(
                        EndpointState.DOWN,
                        "can't be reached: Connection refused",
                        health.status().sinceNanos()));
        assertThat(health.usable(now)).isFalse();
        assertThat(health.usable(now + SECOND)).isTrue();
        assertThat(health.available(now + SECOND)).isTrue();
        // That try was claimed.
        assertThat(health.available(now + SECOND)).isFalse();
        health.connectFailed(now + SECOND, REFUSED);
        assertThat(health.usable(now + 2 * SECOND)).isFalse();
        assertThat(health.usable(now + 3 * SECOND)).isTrue();
        health.connectSucceeded();
        assertThat(health.available(now)).isTrue();
        assertThat(states)
                .containsExactly(
                        EndpointState.UP,
                        EndpointState.DOWN,
                        EndpointState.UNKNOWN,
                        EndpointState.DOWN,
                        EndpointState.UP);
    }

    @Test
    void ejectionsGrowUntilItIsWellForLong() {
        PassiveGroup group = group(2, 1);
        health.judgeBy(group);
        health.failed(0, RESET, now);
        assertThat(health.available(now)).isTrue();
        health.failed(0, RESET, now);
        assertThat(health.status().reason()).isEqualTo("ejected for 10 s: 2 failures in a row, the last: reset");
        assertThat(group.ejected()).isEqualTo(1);
        // What was under way tells nothing new.
        health.failed(0, RESET, now);
        health.answered(0, 200, now);
        assertThat(health.available(now + 9 * SECOND)).isFalse();

        long second = now + 10 * SECOND;
        assertThat(health.available(second)).isTrue();
        assertThat(health.available(second)).isFalse();
        health.answered(0, 503, second);
        assertThat(health.status().reason()).startsWith("ejected for 20 s: ");
        assertThat(health.usable(second + 19 * SECOND)).isFalse();

        long third = second + 20 * SECOND;
        assertThat(health.available(third)).isTrue();
        health.answered(0, 200, third);
        assertThat(health.available(third)).isTrue();
        assertThat(group.ejected()).isZero();

        // Soon afterwards the next is longer still, and after a long time as short as the first.
        health.failed(0, RESET, third + SECOND);
        health.failed(0, RESET, third + SECOND);
        assertThat(health.status().reason()).startsWith("ejected for 40 s: ");
        long fourth = third + 41 * SECOND;
        assertThat(health.available(fourth)).isTrue();
        health.answered(0, 200, fourth);
        long muchLater = fourth + 200 * SECOND;
        health.failed(0, RESET, muchLater);
        health.failed(0, RESET, muchLater);
        assertThat(health.status().reason()).startsWith("ejected for 10 s: ");
    }

    @Test
    void theOnlyOneIsNeverEjectedAndOtherRulesEndAnEjection() {
        health.judgeBy(group(1, 0));
        health.failed(0, RESET, now);
        assertThat(health.available(now)).isTrue();

        PassiveGroup two = group(1, 1);
        health.judgeBy(two);
        health.failed(0, RESET, now);
        assertThat(health.available(now)).isFalse();
        health.judgeBy(null);
        assertThat(health.available(now)).isTrue();
        assertThat(two.ejected()).isZero();
    }

    @Test
    void whatIsNotTheServersFaultDoesNotCount() {
        health.judgeBy(group(1, 1));
        health.failed(0, Failure.client(Failure.Kind.CLIENT_GONE, null), now);
        health.failed(0, Failure.proxy(Failure.Kind.QUEUE_TIMEOUT, null), now);
        health.failed(0, Failure.origin(Failure.Kind.UNPROCESSED, null), now);
        health.failed(0, Failure.origin(Failure.Kind.CANCELLED, null), now);
        health.answered(0, 404, now);
        health.answered(0, 505, now);
        assertThat(health.available(now)).isTrue();
    }

    @Test
    void whereThereAreChecksTheyBringItBack() {
        health.judgeBy(group(1, 1));
        health.checksBegin(false);
        health.checkPassed(true, "fine");
        health.connectFailed(now - 2 * SECOND, REFUSED);
        // The rest is over, but no request is sent to find out.
        assertThat(health.usable(System.nanoTime())).isFalse();
        assertThat(health.dueNanos()).isNotZero();
        health.checkPassed(false, "fine");
        assertThat(health.available(now)).isTrue();

        // A check that passes doesn't end an ejection before its time.
        health.failed(0, RESET, System.nanoTime());
        health.checkPassed(true, "fine");
        assertThat(health.usable(now)).isFalse();

        health.checkFailed(false, "bad", false);
        health.checkFailed(true, "bad", false);
        assertThat(health.status().reason()).isEqualTo("bad");
        health.checksEnd();
        health.judgeBy(null);
        assertThat(health.available(now)).isTrue();
    }

    @Test
    void anEndedRestIsToldToThoseWhoBuildSets() {
        health.connectSucceeded();
        health.connectFailed(System.nanoTime() - 2 * SECOND, REFUSED);
        health.lapse();
        assertThat(health.status().state()).isEqualTo(EndpointState.UNKNOWN);
        assertThat(health.status().reason())
                .isEqualTo("can't be reached: Connection refused; the next request finds out whether it is back");
        assertThat(health.dueNanos()).isZero();
        assertThat(health.available(System.nanoTime())).isTrue();
        assertThat(health.available(System.nanoTime())).isFalse();
        assertThat(states).containsExactly(EndpointState.UP, EndpointState.DOWN, EndpointState.UNKNOWN);
    }
}
