package io.foregate.proxy.upstream;

import io.foregate.bench.MaxGarbage;
import io.foregate.proxy.codec.HeadLimits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What an endpoint's and a pool's limits cost a request on its way: being counted in, answered and counted out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LimitsBenchmark {
    /** Which limits there are. */
    public enum Kind {
        NONE,
        COUNTED,
        ADAPTIVE
    }

    private static final int MANY = 1000;

    @Param({"NONE", "COUNTED", "ADAPTIVE"})
    public Kind limits = Kind.NONE;

    private final LearntIdle idle = new LearntIdle("endpoint");
    private final PoolLoad load = new PoolLoad(1);
    private Endpoint endpoint = endpoint(Limits.NONE);
    private int poolLimit = Integer.MAX_VALUE;
    private long now;

    @Setup
    public void build() {
        endpoint = endpoint(
                switch (limits) {
                    case NONE -> Limits.NONE;
                    case COUNTED -> new Limits(MANY, MANY, MANY, MANY, null);
                    case ADAPTIVE -> new Limits(MANY, MANY, MANY, MANY, new Limits.Adaptive(4, MANY, 2));
                });
        poolLimit = limits == Kind.NONE ? Integer.MAX_VALUE : MANY;
        for (int i = 0; i < 5; i++) {
            idle.closed(5_000_000_000L, i * 1_000_000_000L);
        }
        now = 10_000_000_000L;
    }

    private Endpoint endpoint(Limits bounds) {
        HeadLimits heads = new HeadLimits(8192, 65536, 256);
        return new Endpoint(
                "endpoint:80",
                "endpoint:80",
                new PoolSettings(Link.PLAIN, MANY, MANY, 1, MANY, 1, heads, bounds),
                1,
                load);
    }

    /** All that a request passes on its way. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public boolean request() {
        boolean begun = load.tryBegin(poolLimit) && endpoint.full() == null && endpoint.tryBegin();
        endpoint.answered(200, 1_000_000);
        endpoint.exchangeEnds(true, 0);
        load.ends(poolLimit);
        return begun;
    }

    /** What a kept connection is asked when it is taken, when it has served, and when it is laid aside again. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public long keptConnection() {
        long hold = idle.holdNanos(now);
        idle.served(3_000_000, now);
        return hold + idle.holdNanos(now);
    }
}
