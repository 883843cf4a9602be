package io.foregate.proxy.balance;

import io.foregate.bench.MaxGarbage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One choice among 3 members and among 500 with weights up to 1000, ten requests under way at each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PickBenchmark {
    @Param({"ROUND_ROBIN", "RANDOM", "LEAST_REQUESTS", "PEAK_EWMA", "HASH"})
    public Balancer balancer = Balancer.ROUND_ROBIN;

    @Param({"3", "500"})
    public int members;

    private final PickState state = new PickState(0);
    private final Picking picking = new Picking();
    private byte[] token = new byte[0];
    private long now = 1_000_000_000;
    private long key;
    private @Nullable EndpointSet set;

    private static final class Busy implements Member {
        private final String name;
        private final AtomicInteger inFlight = new AtomicInteger(10);
        private final PeakLatency latency = new PeakLatency();

        Busy(int number) {
            name = "10.0." + number / 250 + "." + number % 250 + ":8080";
            latency.sample(1_000_000 + number * 1000, 1, false);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int inFlight() {
            return inFlight.get();
        }

        @Override
        public long peakLatencyNanos(long nowNanos) {
            return latency.nanos(nowNanos);
        }

        @Override
        public boolean usable(long nowNanos) {
            return true;
        }

        @Override
        public boolean available(long nowNanos) {
            return true;
        }

        @Override
        public boolean availableInPanic(long nowNanos) {
            return true;
        }
    }

    @Setup
    public void build() {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            shares.add(new Share(new Busy(i), members == 3 ? 1 : 1 + i * 7919 % 1000));
        }
        StickyTokens tokens = new StickyTokens("of no importance".getBytes(StandardCharsets.UTF_8), "web");
        set = new EndpointSet(shares, new Balancing(balancer, 40, 20, "", 125, SlowStart.NONE, tokens));
        token = tokens.token(shares.get(1).member().name());
    }

    /** A request with a key, as hashing wants it. */
    @Benchmark
    @MaxGarbage(bytes = 0.1)
    public @Nullable Member pick() {
        now += 10_000;
        picking.clear();
        picking.key(KeyHash.of(0, key++));
        return set == null ? null : set.pick(state, picking, now);
    }

    /** A request of a client that sticks to a member. */
    @Benchmark
    @MaxGarbage(bytes = 0.1)
    public @Nullable Member stick() {
        EndpointSet current = set;
        if (current == null) {
            return null;
        }
        picking.clear();
        picking.sticky(current.stickyMember(token, 0, token.length));
        return current.pick(state, picking, now);
    }
}
