package io.foregate.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.foregate.api.message.ClientAddress;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class DefencesTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final CapturedLog said = new CapturedLog(Level.INFO);
    private final AtomicLong clock = new AtomicLong(-5 * SECOND_NANOS);

    private static ClientAddress client(String text) {
        ClientAddress address = new ClientAddress();
        byte[] bytes = Records.utf8(text);
        assertThat(address.parse(bytes, 0, bytes.length)).isTrue();
        return address;
    }

    @Test
    void saysWhoWasStoppedByWhatAndAtWhichLimit() {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            log.defences().tripped(Defence.RAPID_RESET, client("192.0.2.7"), "more than 100 streams reset in 10 s");
            log.defences().tripped(Defence.SLOW_HEAD, client("2001:db8::1"), "line\nfeed {}");
            log.defences().tripped(Defence.PING_FLOOD, client("192.0.2.7"), null);
        }
        assertThat(said.lines())
                .containsExactly(
                        "WARN client 192.0.2.7 stopped by rapid_reset: more than 100 streams reset in 10 s",
                        "INFO client 2001:db8::1 stopped by slow_head: line\\x0Afeed {}",
                        "WARN client 192.0.2.7 stopped by ping_flood");
    }

    @Test
    void countsEachDefenceForItselfFromAnyThread() throws Exception {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            List<Thread> loops = new ArrayList<>();
            for (int loop = 0; loop < 2; loop++) {
                loops.add(Thread.ofPlatform().start(() -> {
                    ClientAddress peer = client("192.0.2.7");
                    for (int i = 0; i < 5_000; i++) {
                        log.defences().tripped(Defence.SLOW_READ, peer, null);
                    }
                }));
            }
            for (Thread loop : loops) {
                loop.join();
            }
            assertThat(log.defences().count(Defence.SLOW_READ)).isEqualTo(10_000);
            assertThat(log.defences().count(Defence.SLOW_BODY)).isZero();
        }
        assertThat(said.lines())
                .containsExactly(
                        "INFO client 192.0.2.7 stopped by slow_read",
                        "INFO slow_read: clients stopped 9999 more times within 10 s");
    }

    @Test
    void countsWhatIsTooQuietToBeSaid() {
        CapturedLog warnings = new CapturedLog(Level.WARN);
        try (FailureLog log = new FailureLog(warnings, clock::get)) {
            log.defences().tripped(Defence.SLOW_READ, client("192.0.2.7"), null);
            assertThat(log.defences().count(Defence.SLOW_READ)).isOne();
        }
        assertThat(warnings.lines()).isEmpty();
    }

    @Test
    void anAttackFromEverywhereIsSaidInAFewLinesAndASummary() {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            for (int i = 0; i < 10_000; i++) {
                log.defences()
                        .tripped(Defence.PING_FLOOD, client("2001:db8:0:" + Integer.toHexString(i) + "::1"), null);
            }
        }
        assertThat(said.lines()).hasSize(Defences.NAMED + 1);
        assertThat(said.lines().getLast())
                .isEqualTo("WARN ping_flood: clients stopped " + (10_000 - Defences.NAMED) + " more times within 10 s");
    }

    @Test
    void theSummaryComesByItselfAndAClientIsNamedAgainAfterTenSeconds() throws Exception {
        try (FailureLog log = new FailureLog(said, clock::get)) {
            ClientAddress peer = client("192.0.2.7");
            log.defences().tripped(Defence.PING_FLOOD, peer, null);
            log.defences().tripped(Defence.PING_FLOOD, peer, null);
            clock.addAndGet(Defences.SPAN_MILLIS * 1_000_000);
            log.defences().tripped(Defence.PING_FLOOD, peer, null);
            Await.until("the summary is said", () -> said.lines().size() == 3);
        }
        assertThat(said.lines())
                .containsExactlyInAnyOrder(
                        "WARN client 192.0.2.7 stopped by ping_flood",
                        "WARN client 192.0.2.7 stopped by ping_flood",
                        "WARN ping_flood: clients stopped 1 more times within 10 s");
    }

    @Test
    void whatIsHeldBackCostsNoGarbage() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (FailureLog log = new FailureLog(said, clock::get)) {
            ClientAddress peer = client("192.0.2.7");
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 10_000; i++) {
                    log.defences().tripped(Defence.SLOW_READ, peer, "a reason");
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least / 10_000).isZero();
        }
    }
}
