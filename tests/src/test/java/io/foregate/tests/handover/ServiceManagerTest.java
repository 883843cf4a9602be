package io.foregate.tests.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.control.os.ServiceManager;
import io.foregate.control.os.Watchdog;
import io.foregate.tests.support.Ports;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that a service manager starts: with its socket, and telling it how it is. */
final class ServiceManagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private Program manager(List<String> options, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "python3",
                RealProcess.root().resolve("tests/scenarios/service-manager.py").toString()));
        all.addAll(options);
        all.add(folder.toString());
        all.addAll(command);
        return Program.start(all);
    }

    private static long count(Program program, Predicate<String> line) {
        return program.output().stream().filter(line).count();
    }

    @Test
    void itsSocketIsTakenAndItHearsOfEverythingAlsoFromTheProcessThatTakesOver() throws Exception {
        int port = Ports.free();
        Path config = folder.resolve("foregate.yaml");
        Files.writeString(config, """
                listeners: { main: "127.0.0.1:%d" }
                logs: { access: off }
                shutdown: 5s
                sites: { "*": { routes: { /*: { respond: { body: hello } } } } }
                admin: unix:admin.sock
                """.formatted(port));
        List<String> command = RealProcess.command(
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"),
                List.of(
                        "run",
                        "--config",
                        config.toString(),
                        "--state",
                        folder.resolve("state").toString()));
        long second = 0;
        try (Program manager =
                manager(List.of("--abstract", "--watchdog", "300000", "--listen", "127.0.0.1:" + port), command)) {
            long first = Long.parseLong(
                    manager.awaitOutput(line -> line.startsWith("child ")).substring(6));
            try {
                // The socket was there before the process, so who comes early only waits.
                try (Wire client = Wire.to(port)) {
                    assertThat(client.get("/").text()).isEqualTo("hello");
                }
                manager.awaitOutput(line -> line.startsWith("told READY=1"));
                manager.awaitOutput(line -> line.equals("told WATCHDOG=1"));

                Program.run("kill", "-HUP", String.valueOf(first));
                manager.awaitOutput(line -> line.matches("told RELOADING=1 MONOTONIC_USEC=[0-9]+ .*"));
                await().atMost(PATIENCE).until(() -> count(manager, line -> line.startsWith("told READY=1")) == 2);

                Program.run(
                        "curl",
                        "-sS",
                        "--fail",
                        "--unix-socket",
                        folder.resolve("admin.sock").toString(),
                        "-H",
                        "Content-Type: application/json",
                        "-d",
                        "{}",
                        "http://localhost/v1/upgrade");
                second = Long.parseLong(manager.awaitOutput(line -> line.startsWith("told MAINPID="))
                        .substring(13));
                manager.awaitOutput(line -> line.equals("ended " + first));
                await().atMost(PATIENCE).until(() -> count(manager, line -> line.startsWith("told READY=1")) == 3);
                long pings = count(manager, line -> line.equals("told WATCHDOG=1"));
                await().atMost(PATIENCE).until(() -> count(manager, line -> line.equals("told WATCHDOG=1")) > pings);
                try (Wire client = Wire.to(port)) {
                    assertThat(client.get("/").text()).isEqualTo("hello");
                }
                // Not by the first one, whose end it isn't.
                assertThat(count(manager, line -> line.startsWith("told STOPPING=1")))
                        .isZero();
                Program.run("kill", "-TERM", String.valueOf(second));
                manager.awaitOutput(line -> line.startsWith("told STOPPING=1"));
                manager.signal("TERM");
                assertThat(manager.awaitEnd(PATIENCE))
                        .as(manager.errors().toString())
                        .isZero();
            } finally {
                for (long pid : new long[] {first, second}) {
                    ProcessHandle.of(pid).filter(one -> pid > 0).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    @Test
    void itIsNotToldThatAllIsWellWhileALoopHangs() throws Exception {
        AtomicBoolean well = new AtomicBoolean(true);
        AtomicInteger good = new AtomicInteger();
        AtomicInteger bad = new AtomicInteger();
        try (Program manager = manager(List.of(), List.of("sleep", "60"))) {
            manager.awaitOutput(line -> line.startsWith("child "));
            ServiceManager told = ServiceManager.of(
                    Map.of("NOTIFY_SOCKET", folder.resolve("notify").toString(), "WATCHDOG_USEC", "60000"), 1);
            try (Watchdog watchdog = Watchdog.start(told, patience -> {
                boolean answer = well.get();
                (answer ? good : bad).incrementAndGet();
                return answer;
            })) {
                await().atMost(PATIENCE).until(() -> count(manager, line -> line.equals("told WATCHDOG=1")) > 2);
                well.set(false);
                await().atMost(PATIENCE).until(() -> bad.get() > 3);
            }
            told.ready("all is said");
            manager.awaitOutput(line -> line.equals("told READY=1 STATUS=all is said"));
            assertThat(count(manager, line -> line.equals("told WATCHDOG=1"))).isEqualTo(good.get());
            manager.signal("TERM");
            manager.awaitEnd(PATIENCE);
        }
    }

    @Test
    void aWatchdogOfAnotherProcessIsNoneOfOurs() {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "/run/nowhere", "WATCHDOG_USEC", "60000", "WATCHDOG_PID", "17");

        assertThat(ServiceManager.of(environment, 17).watchdog()).isEqualTo(Duration.ofMillis(60));
        assertThat(ServiceManager.of(environment, 18).watchdog()).isNull();
        assertThat(ServiceManager.of(Map.of(), 17).watchdog()).isNull();
    }
}
