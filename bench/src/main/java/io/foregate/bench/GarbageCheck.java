package io.foregate.bench;

import io.foregate.bench.MicroBenchmarks.Measured;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Runs the JMH benchmarks just long enough for their bytes per operation, and exits with 1 when one allocates more than its
 * {@link MaxGarbage}. Times are printed and never judged.
 */
public final class GarbageCheck {
    private GarbageCheck() {}

    /** Arguments as for {@link MicroBenchmarks}. */
    static void main(String[] patterns) throws RunnerException {
        List<Measured> all = MicroBenchmarks.run(List.of(patterns), 2, 2);
        System.out.print(MicroBenchmarks.table(all));
        long failed = all.stream().filter(Measured::tooMuch).count();
        System.out.printf("%n%d benchmarks, %d of them allocate more than they may%n", all.size(), failed);
        if (failed > 0) {
            System.exit(1);
        }
    }
}
