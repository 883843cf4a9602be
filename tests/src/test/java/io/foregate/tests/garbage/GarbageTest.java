package io.foregate.tests.garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.Foregate;
import io.foregate.control.run.StartFailure;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.Origin;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the loop's thread allocates for each request of connections that are kept, everything included: reading, routing,
 * forwarding, timeouts, records. A collection costs some 20 ms, so this is the tail of the latencies.
 *
 * <p>The first requests load classes, open connections and fill pools, and code that isn't compiled may allocate where compiled
 * code doesn't. So it is measured once some rounds in a row have been within the bound, or once there has been time enough for
 * that: see {@link #warmUp}. Interpreted code passes too (-Xint).
 */
final class GarbageTest {
    private static final int CONNECTIONS = 8;
    private static final int MEASURED_REQUESTS = 20_000;
    private static final int ROUND_REQUESTS = 4_000;
    private static final int MAX_ROUNDS = 25;
    private static final int STEADY_ROUNDS = 3;

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    // What the detector notes down about each buffer would be nearly all of it.
    @BeforeEach
    void withoutLeakDetector() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void restoreLeakDetector() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void aSmallAnswerMakesLessThan100Bytes() throws Exception {
        measure("off", get("/small"), 200, 100);
    }

    @Test
    void anAnswerOf10KilobytesMakesLessThan100Bytes() throws Exception {
        measure("off", get("/large"), 200, 100);
    }

    @Test
    void aPostOf1KilobyteMakesLessThan100Bytes() throws Exception {
        String head = "POST /small HTTP/1.1\r\nHost: test\r\nContent-Length: 1024\r\n\r\n";
        measure("off", RawHttp.ascii(head + "y".repeat(1024)), 200, 100);
    }

    @Test
    void aRequestWithoutARouteMakesLessThan1000Bytes() throws Exception {
        measure("off", get("/nowhere"), 404, 1000);
    }

    @Test
    void theAccessLogMakesNoMore() throws Exception {
        Path log = folder.resolve("access.log");
        measure("{ format: json, to: " + log + " }", get("/small"), 200, 100);
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(lines.filter(line -> line.contains("\"target\":\"/small\""))
                            .count())
                    .as("lines written; some may be dropped where the disk or the machine is slow")
                    .isGreaterThan(1_000);
        }
    }

    @Test
    void overHttp2ASmallAnswerMakesLessThan100Bytes() throws Exception {
        measure("off", RawHttp2.get("/small"), 200, 100);
    }

    @Test
    void overHttp2AnAnswerOf10KilobytesMakesLessThan100Bytes() throws Exception {
        measure("off", RawHttp2.get("/large"), 200, 100);
    }

    private static byte[] get(String target) {
        return RawHttp.ascii("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    private void measure(String log, byte[] request, int status, int maxBytes) throws Exception {
        Set<Long> others = loops();
        try (Origin origin = RawHttp.origin()) {
            Foregate proxy = start(log, origin);
            int port = proxy.listeners().getFirst().address().getPort();
            try (RawHttp.Clients clients = request[0] == 0
                    ? new RawHttp2.Http2Clients(port, CONNECTIONS)
                    : new RawHttp.Http1Clients(port, CONNECTIONS)) {
                Set<Long> mine = loops();
                mine.removeAll(others);
                assertThat(mine).as("threads of loops").hasSize(1);
                long loop = mine.iterator().next();
                List<Double> rounds = warmUp(loop, clients, request, status, maxBytes);
                double bytes = bytesPerRequest(loop, clients, request, status, MEASURED_REQUESTS);
                assertThat(bytes)
                        .as("bytes per request, after warm-up rounds of %s", text(rounds))
                        .isLessThan(maxBytes);
            } finally {
                proxy.stop();
            }
        }
    }

    /** Rounds until some in a row have stayed within the bound, or until there has been time enough to; what each came to. */
    private List<Double> warmUp(long loop, RawHttp.Clients clients, byte[] request, int status, int maxBytes)
            throws IOException {
        List<Double> rounds = new ArrayList<>();
        int within = 0;
        while (within < STEADY_ROUNDS && rounds.size() < MAX_ROUNDS) {
            double bytes = bytesPerRequest(loop, clients, request, status, ROUND_REQUESTS);
            within = bytes < maxBytes ? within + 1 : 0;
            rounds.add(bytes);
        }
        return rounds;
    }

    private double bytesPerRequest(long loop, RawHttp.Clients clients, byte[] request, int status, int requests)
            throws IOException {
        long before = threads.getThreadAllocatedBytes(loop);
        clients.exchange(request, status, requests);
        return (double) (threads.getThreadAllocatedBytes(loop) - before) / requests;
    }

    private static String text(List<Double> rounds) {
        return rounds.stream()
                .map(bytes -> String.format(Locale.ROOT, "%.0f", bytes))
                .collect(Collectors.joining(", "));
    }

    private static Set<Long> loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("foregate-loop"))
                .map(Thread::threadId)
                .collect(Collectors.toSet());
    }

    private Foregate start(String log, Origin origin) throws StartFailure, InterruptedException {
        String yaml = """
                listeners: { test: "127.0.0.1:0" }
                sites: { test: { routes: { /small: web, /large/*: web } } }
                pools: { web: { servers: ["127.0.0.1:%d"] } }
                logs: { access: %s, error: error }
                admin: unix:admin.sock
                shutdown: 1ms
                """.formatted(origin.port(), log);
        return switch (ConfigLoader.load("test.yaml", yaml)) {
            case Loaded.Ok ok -> Foregate.start(ok, new Foregate.Settings(1, Transport.preferred(), folder));
            case Loaded.Invalid invalid -> fail("%s%n%s", invalid.problems(), yaml);
        };
    }
}
