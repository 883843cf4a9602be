package io.foregate.proxy.route;

import io.foregate.api.filter.Verdict;
import io.foregate.api.message.ClientAddress;
import io.foregate.api.message.RequestHead;
import io.foregate.bench.MaxGarbage;
import io.foregate.proxy.codec.Heads;
import io.foregate.proxy.upstream.Timeouts;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Which route a request takes, in tables of hosts times paths: 2 × 5 and 100 × 100.
 *
 * <p>There is one head, into which the numbers of host and path are written anew for each request, so that what is measured is
 * the table and not the reading of thousands of heads from memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteTableBenchmark {
    @Param({"10", "10000"})
    public int routes;

    private final ClientAddress client = new ClientAddress();
    private final RequestHead head = Heads.request("site-00.example.com", "/service-00/orders/7?page=2");
    private final int hostDigits = head.authorityStart() + "site-".length();
    private final int pathDigits = head.matchStart() + "/service-".length();
    private int hosts;
    private int paths;
    private long random = 88172645463325252L;
    private @Nullable RouteTable table;

    @Setup
    public void build() {
        hosts = routes == 10 ? 2 : 100;
        paths = routes / hosts;
        client.set(InetAddress.getLoopbackAddress());
        RouteTable.Builder builder = RouteTable.builder();
        for (int host = 0; host < hosts; host++) {
            String site = "site-" + twoDigits(host) + ".example.com";
            for (int path = 0; path < paths; path++) {
                String pattern = "/service-" + twoDigits(path) + "/*";
                builder.add(site, pattern, List.of(), route(site, pattern));
            }
        }
        table = builder.build();
    }

    /** The same request again and again. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public Route hot() {
        return match();
    }

    /** Any of the routes, each as likely as the others. */
    @Benchmark
    @MaxGarbage(bytes = 1)
    public Route random() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        int number = (int) ((random >>> 33) % routes);
        write(number / paths, hostDigits);
        write(number % paths, pathDigits);
        return match();
    }

    private Route match() {
        Route found = Objects.requireNonNull(table).match(head, client);
        if (found == null) {
            throw new IllegalStateException("no route for " + head.authorityString() + head.targetString());
        }
        return found;
    }

    private void write(int number, int at) {
        byte[] block = head.headers().array();
        block[at] = (byte) ('0' + number / 10);
        block[at + 1] = (byte) ('0' + number % 10);
    }

    private static String twoDigits(int number) {
        return (number < 10 ? "0" : "") + number;
    }

    private static Route route(String site, String pattern) {
        RouteSettings settings = new RouteSettings(
                Long.MAX_VALUE, new Timeouts(1, 1, 1, 1, 1), RetryPolicy.of(1), RouteSettings.ForwardedMode.X, true);
        return new Route(
                site, pattern, List.of(), settings, new RouteAction.Respond(new Verdict.Respond(200, List.of(), null)));
    }
}
