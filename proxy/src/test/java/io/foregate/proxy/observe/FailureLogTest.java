package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.foregate.api.message.Failure;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class FailureLogTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final CapturedLog said = new CapturedLog(Level.INFO);
    private final AtomicLong clock = new AtomicLong(-5 * SECOND_NANOS);

    private static AccessRecord failed(Failure failure, String endpoint) {
        AccessRecord record = Records.typical();
        record.phase = AccessRecord.Phase.CONNECT;
        record.failure = failure;
        record.endpoint = Records.utf8(endpoint);
        record.status = failure.status();
        record.upstreamStatus = 0;
        record.attempts = 2;
        return record;
    }

    @Test
    void saysWhoFailedWhereAndWhy() {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            log.accept(Records.typical());
            log.accept(failed(Failure.origin(Failure.Kind.CONNECT_REFUSED, "Connection refused {}"), "10.0.0.1:8080"));
        }
        assertThat(said.lines())
                .containsExactly("WARN origin failed: connect_refused, phase connect, endpoint 10.0.0.1:8080, pool api:"
                        + " Connection refused {} (answered 502 after 2 attempts and 14.500 ms; id 01jd7c5e8k,"
                        + " client 192.0.2.7, GET app.example.com \"/api/items?page=2\")");
    }

    @Test
    void whatIsUnknownIsLeftOut() {
        AccessRecord record = new AccessRecord();
        record.failure = Failure.client(Failure.Kind.MALFORMED, "line\nfeed");
        try (FailureLog log = new FailureLog(said, clock::get)) {
            log.accept(record);
        }
        assertThat(said.lines())
                .containsExactly("INFO client failed: malformed, phase read_head: line\\x0Afeed (not answered after"
                        + " 0.000 ms)");
    }

    @Test
    void aStormIsSaidFiveTimesAndThenInOneLineForEachEndpointAndKind() throws Exception {
        Failure refused = Failure.origin(Failure.Kind.CONNECT_REFUSED, null);
        try (FailureLog log = new FailureLog(said, clock::get)) {
            List<Thread> loops = new ArrayList<>();
            for (int loop = 0; loop < 2; loop++) {
                loops.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        log.accept(failed(refused, "10.0.0.1:8080"));
                    }
                }));
            }
            for (Thread loop : loops) {
                loop.join();
            }
            log.accept(failed(refused, "10.0.0.2:8080"));
            log.accept(failed(Failure.origin(Failure.Kind.RESET, null), "10.0.0.1:8080"));
            Await.until("the first are said", () -> said.lines().size() == 7);

            clock.addAndGet(11 * SECOND_NANOS);
            log.accept(failed(refused, "10.0.0.1:8080"));
            Await.until("the storm goes on", () -> said.lines().size() >= 8);
        }
        assertThat(said.lines().stream()
                        .filter(line -> line.contains("endpoint 10.0.0.1:8080, pool api (answered 502"))
                        .filter(line -> line.contains("connect_refused")))
                .hasSize(6);
        assertThat(said.lines())
                .filteredOn(line -> line.contains("more like it"))
                .containsExactly(
                        "WARN origin failed: connect_refused, at 10.0.0.1:8080: 9995 more like it within 10 s");
    }

    @Test
    void theSummaryComesByItselfWhenTheStormIsOver() throws Exception {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            // The span ends just after the thread has looked at the clock for the first time.
            clock.addAndGet(SECOND_NANOS);
            Failure reset = Failure.origin(Failure.Kind.RESET, null);
            for (int i = 0; i < 5; i++) {
                log.accept(failed(reset, "10.0.0.1:8080"));
            }
            clock.addAndGet(10 * SECOND_NANOS - 20_000_000);
            log.accept(failed(reset, "10.0.0.1:8080"));
            clock.addAndGet(SECOND_NANOS);
            Await.until("the summary is said", () -> said.lines().size() == 6);
            assertThat(said.lines().getLast()).endsWith(": 1 more like it within 10 s");
        }
        assertThat(said.lines()).hasSize(6);
    }

    @Test
    void aFailureThatIsHeldBackCostsNoGarbage() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        AccessRecord record = failed(Failure.origin(Failure.Kind.RESET, null), "10.0.0.1:8080");
        try (FailureLog log = new FailureLog(said, clock::get)) {
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++) {
                    log.accept(record);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least / 10_000).isZero();
        }
    }

    @Test
    void moreCulpritsThanTheTableHoldsShareOneEntry() {
        FailureLimiter limiter = new FailureLimiter();
        Failure reset = Failure.origin(Failure.Kind.RESET, null);
        int passed = 0;
        for (int i = 0; i < 100_000; i++) {
            passed += limiter.entry(reset, Records.utf8("10.0.0.1:" + i), 1_000).admit(1_000) ? 1 : 0;
        }
        assertThat(passed).isLessThan(2_000);
        // Quiet for over a minute: there is room again.
        FailureLimiter.Entry entry = limiter.entry(reset, Records.utf8("late"), 100_000);
        assertThat(entry.culprit).isEqualTo(Records.utf8("late"));
    }

    @Test
    void clientsAreSaidQuietlyAndOurOwnFaultsLoudly() {
        assertThat(FailureLog.level(Failure.Source.CLIENT, Failure.Kind.CLIENT_GONE))
                .isEqualTo(Level.DEBUG);
        assertThat(FailureLog.level(Failure.Source.CLIENT, Failure.Kind.MALFORMED))
                .isEqualTo(Level.INFO);
        assertThat(FailureLog.level(Failure.Source.ORIGIN, Failure.Kind.RESET)).isEqualTo(Level.WARN);
        assertThat(FailureLog.level(Failure.Source.PROXY, Failure.Kind.INTERNAL))
                .isEqualTo(Level.ERROR);
        try (FailureLog log = new FailureLog(said, clock::get)) {
            log.accept(failed(Failure.client(Failure.Kind.CLIENT_GONE, null), ""));
        }
        assertThat(said.lines()).isEmpty();
    }
}
