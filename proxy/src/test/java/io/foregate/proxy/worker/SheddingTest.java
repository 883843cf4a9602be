package io.foregate.proxy.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.api.message.Failure;
import io.foregate.api.message.RequestHead;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.observe.Overloads;
import io.foregate.proxy.observe.Overloads.Cause;
import io.foregate.proxy.route.PathPattern;
import io.foregate.proxy.route.Requests;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What part of the requests is refused, given how late a loop's ticks are and how much memory is in use. */
final class SheddingTest {
    private static final long MILLI = 1_000_000L;
    private static final long TICK = 50 * MILLI;

    private final Overloads overloads = Defences.unsaid().overloads();
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final Shedding shedding = shedding(new OverloadPolicy(
            200 * MILLI, true, List.of(PathPattern.parse("/healthz"), PathPattern.parse("/internal/*"))));

    private Shedding shedding(OverloadPolicy policy) {
        Runtime runtime = new Runtime(new Snapshot(1, List.of(), policy, 1));
        return new Shedding(0, runtime, new MemoryGuard(usedBytes::get, 1000, nanos::get), overloads);
    }

    private void ticks(int count, long lateNanos) {
        for (int i = 0; i < count; i++) {
            nanos.addAndGet(TICK + lateNanos);
            shedding.onTick(TICK + lateNanos, lateNanos);
        }
    }

    private static RequestHead request(String path, long bodyLength) {
        RequestHead head = Requests.get("a", path);
        head.bodyLength(bodyLength);
        return head;
    }

    /** How many of a hundred. */
    private int refused() {
        RequestHead head = request("/", 0);
        int count = 0;
        for (int i = 0; i < 10_000; i++) {
            count += shedding.refusal(head) == null ? 0 : 1;
        }
        return count / 100;
    }

    @Test
    void nothingIsRefusedWhileTicksComeInTime() {
        ticks(100, MILLI);
        assertThat(refused()).isZero();
    }

    @Test
    void oneLongPauseIsNoOverload() {
        ticks(10, MILLI);
        ticks(1, 30_000 * MILLI);
        assertThat(refused()).isZero();
        ticks(5, MILLI);
        assertThat(refused()).isZero();
    }

    @Test
    void lastingLagIsMetByRefusingMoreAndMoreButNeverAll() {
        ticks(6, 400 * MILLI);
        int first = refused();
        assertThat(first).isPositive();
        ticks(3, 400 * MILLI);
        assertThat(refused()).isGreaterThan(first);
        ticks(50, 400 * MILLI);
        assertThat(refused()).isBetween(90, 99);
        assertThat(overloads.count(Cause.LAG)).isPositive();
        assertThat(overloads.count(Cause.MEMORY)).isZero();
    }

    @Test
    void itEndsOnlyWellBelowTheThreshold() {
        ticks(10, 400 * MILLI);
        ticks(10, 150 * MILLI);
        int between = refused();
        ticks(20, 150 * MILLI);
        assertThat(refused()).isBetween(between - 3, between + 3).isPositive();
        ticks(200, MILLI);
        assertThat(refused()).isZero();
    }

    @Test
    void anIdleLoopRefusesNothing() {
        ticks(20, 400 * MILLI);
        assertThat(refused()).isPositive();
        shedding.onRest();
        assertThat(refused()).isZero();
    }

    @Test
    void whatIsSparedIsServed() {
        ticks(100, 400 * MILLI);
        for (int i = 0; i < 1000; i++) {
            assertThat(shedding.refusal(request("/healthz", 0))).isNull();
            assertThat(shedding.refusal(request("/internal", 0))).isNull();
            assertThat(shedding.refusal(request("/internal/x", 0))).isNull();
        }
        RequestHead other = request("/internals", 0);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            refused += shedding.refusal(other) == null ? 0 : 1;
        }
        assertThat(refused).isPositive();
    }

    @Test
    void scarceMemoryRefusesLargeBodiesFirst() {
        usedBytes.set(900);
        ticks(10, 0);
        assertThat(refused()).isZero();
        assertThat(shedding.refusesConnection()).isFalse();
        Failure large = shedding.refusal(request("/", 1_000_000));
        assertThat(large).isNotNull();
        assertThat(large.kind()).isEqualTo(Failure.Kind.OVERLOADED);
        assertThat(shedding.refusal(request("/", -1))).isNotNull();
        usedBytes.set(970);
        ticks(10, 0);
        assertThat(refused()).isEqualTo(100);
        assertThat(shedding.refusesConnection()).isTrue();
        assertThat(shedding.refusal(request("/healthz", 0))).isNull();
        usedBytes.set(910);
        ticks(10, 0);
        assertThat(refused()).isEqualTo(100);
        usedBytes.set(820);
        ticks(10, 0);
        assertThat(refused()).isZero();
        assertThat(shedding.refusal(request("/", 1_000_000))).isNotNull();
        usedBytes.set(100);
        ticks(10, 0);
        assertThat(shedding.refusal(request("/", 1_000_000))).isNull();
    }

    @Test
    void withoutAPolicyNothingIsRefused() {
        Shedding none = shedding(OverloadPolicy.NONE);
        usedBytes.set(1000);
        for (int i = 0; i < 100; i++) {
            none.onTick(TICK * 100, TICK * 99);
        }
        assertThat(none.refusal(request("/", -1))).isNull();
    }
}
