package io.foregate.bench;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the JMH benchmarks with its allocation profiler and prints time and bytes per operation of each. The times are as good as
 * the machine is quiet; the bytes are the same on every machine.
 */
public final class MicroBenchmarks {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final TimeValue SECOND = TimeValue.seconds(1);

    /**
     * What came out for one benchmark with one set of parameters.
     *
     * @param nanos per operation
     * @param error half the width of the 99.9 % confidence interval of {@code nanos}; NaN from fewer than three iterations
     * @param bytes allocated per operation
     * @param maxBytes what the benchmark may allocate, see {@link MaxGarbage}
     */
    record Measured(String name, double nanos, double error, double bytes, double maxBytes) {
        boolean tooMuch() {
            // NaN, which is no measurement, must not pass.
            return !(bytes <= maxBytes);
        }
    }

    private MicroBenchmarks() {}

    /** The arguments are regular expressions; a benchmark runs when one of them is found in its name. None: all run. */
    static void main(String[] patterns) throws RunnerException {
        System.out.print(table(run(List.of(patterns), 3, 5)));
    }

    /** Runs what matches, in a JVM of its own for each, with iterations of one second. */
    static List<Measured> run(List<String> patterns, int warmUps, int iterations) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(warmUps)
                .warmupTime(SECOND)
                .measurementIterations(iterations)
                .measurementTime(SECOND)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                // As the launcher starts Foregate, but for the size of the heap.
                .jvmArgs(
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xms256m",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow");
        patterns.forEach(options::include);
        List<Measured> measured = new ArrayList<>();
        for (RunResult result : results(options.build())) {
            BenchmarkParams params = result.getParams();
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            measured.add(new Measured(
                    name(params),
                    time.getScore(),
                    time.getScoreError(),
                    allocated == null ? Double.NaN : allocated.getScore(),
                    maxBytes(params.getBenchmark())));
        }
        return measured;
    }

    private static Collection<RunResult> results(Options options) throws RunnerException {
        try {
            return new Runner(options).run();
        } catch (NoBenchmarksException e) {
            System.err.println("No benchmark has a name in which " + options.getIncludes() + " is found.");
            System.exit(2);
            throw e;
        }
    }

    /** One line for each, with its columns aligned. */
    static String table(List<Measured> all) {
        int width = all.stream().mapToInt(one -> one.name().length()).max().orElse(0);
        StringBuilder text = new StringBuilder("\n");
        text.append(String.format(
                Locale.ROOT, "%-" + Math.max(width, 9) + "s  %10s  %9s  %9s%n", "benchmark", "ns/op", "±", "B/op"));
        for (Measured one : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + Math.max(width, 9) + "s  %10.1f  %9s  %9.3f%s%n",
                    one.name(),
                    one.nanos(),
                    Double.isNaN(one.error()) ? "" : String.format(Locale.ROOT, "%.1f", one.error()),
                    one.bytes(),
                    one.tooMuch() ? String.format(Locale.ROOT, "  more than the %s allowed", one.maxBytes()) : ""));
        }
        return text.toString();
    }

    private static String name(BenchmarkParams params) {
        String benchmark = params.getBenchmark();
        int type = benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1;
        return params.getParamsKeys().stream()
                .map(key -> " " + key + "=" + params.getParam(key))
                .collect(Collectors.joining("", benchmark.substring(type), ""));
    }

    /** Every benchmark says what it may allocate, lest one is added that nothing holds to anything. */
    private static double maxBytes(String benchmark) {
        int dot = benchmark.lastIndexOf('.');
        try {
            return Arrays.stream(Class.forName(benchmark.substring(0, dot)).getMethods())
                    .filter(method -> method.getName().equals(benchmark.substring(dot + 1)))
                    .map(MicroBenchmarks::maxBytes)
                    .findFirst()
                    .orElseThrow();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(benchmark, e);
        }
    }

    private static double maxBytes(Method method) {
        MaxGarbage bound = method.getAnnotation(MaxGarbage.class);
        if (bound == null) {
            throw new IllegalStateException(method + " has no @MaxGarbage: state what an operation may allocate");
        }
        return bound.bytes();
    }
}
