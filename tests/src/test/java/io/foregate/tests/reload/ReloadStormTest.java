package io.foregate.tests.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Origin;
import io.foregate.tests.support.RealProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One change of the configuration after the other while everything goes on: requests by HTTP/1.1 and HTTP/2, new connections, and
 * open WebSockets. The short form; {@code tests/reload-storm} runs the long one, and looks at memory too.
 */
final class ReloadStormTest {
    private static final int RELOADS = Integer.getInteger("foregate.test.reloads", 40);
    private static final int ROUTES = Integer.getInteger("foregate.test.routes", 50);
    private static final int WEBSOCKETS = Integer.getInteger("foregate.test.websockets", 100);
    /** From here on the run is long enough for memory to say something. */
    private static final int MEMORABLE = 500;
    /** Until what is remembered for a while, such as servers that are gone, is as much as it ever is. */
    private static final int SETTLING = 700;

    /** From here on the launcher takes another collector. */
    private static final int LARGE = 1_500;

    // What is held softly goes with a full collection, as it would before memory ran out: the JDK caches 750
    // certificates.
    private static final List<String> OPTIONS =
            List.of("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch", "-XX:SoftRefLRUPolicyMSPerMB=0");
    // The launcher's collector and largest heap for ten thousand routes.
    private static final List<String> LARGE_OPTIONS = List.of(
            "-XX:+UseShenandoahGC",
            "-XX:ShenandoahGCMode=generational",
            "-Xms388m",
            "-Xmx388m",
            "-XX:SoftMaxHeapSize=160m",
            "-XX:+AlwaysPreTouch",
            "-XX:SoftRefLRUPolicyMSPerMB=0");

    @TempDir
    Path folder;

    private static List<String> options() {
        return ROUTES < LARGE ? OPTIONS : LARGE_OPTIONS;
    }

    @Test
    void nothingFailsAndNothingIsDropped() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Origin echo = Echo.start();
                RealProcess proxy = RealProcess.run(
                        folder,
                        StormConfig.text(0, ROUTES, origin.port(), echo.port()),
                        options(),
                        "--state",
                        folder.resolve("state").toString());
                StormLoad load = new StormLoad(proxy.port(), WEBSOCKETS)) {
            Storm storm = new Storm(folder, proxy, origin.port(), echo.port());
            storm.run(RELOADS >= MEMORABLE ? SETTLING : RELOADS / 5, ROUTES);
            Storm.Memory before = storm.memory();
            load.latency();
            storm.quiet();
            StormLoad.Latency calm = load.latency();
            storm.run(RELOADS, ROUTES);
            StormLoad.Latency stormy = load.latency();
            Storm.Memory after = storm.memory();
            load.end();

            System.out.println(RELOADS + " reloads of " + ROUTES + " routes, each: " + storm.times());
            System.out.println("latency without reloads: " + calm);
            System.out.println("latency with reloads:    " + stormy);
            System.out.println("memory before: " + before);
            System.out.println("memory after:  " + after);
            System.out.println(load);
            assertThat(load.failures()).isEmpty();
            assertThat(load.droppedWebSockets()).isZero();
            assertThat(load.requests()).isPositive();
            assertThat(proxy.program().errors()).noneMatch(line -> line.contains(" ERROR "));
            if (RELOADS >= MEMORABLE) {
                assertThat(after.heapKilobytes()).isLessThanOrEqualTo(before.heapKilobytes() * 105 / 100);
                assertThat(after.residentKilobytes()).isLessThanOrEqualTo(before.residentKilobytes() * 105 / 100);
            }
            assertThat(proxy.terminate()).isZero();
        }
    }
}
