package io.foregate.tests.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.tests.support.Program;
import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** curl in front, an application server behind, {@code foregate proxy} between them. */
@Execution(ExecutionMode.CONCURRENT)
final class CurlTest {
    private static final int LARGE_BYTES = 200 << 20;

    @TempDir
    private Path folder;

    private static String curl(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 3];
        command[0] = "curl";
        command[1] = "-sS";
        command[2] = "-f";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        return Program.run(command);
    }

    private String file(String name, int length) throws IOException {
        Path path = folder.resolve(name);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        }
        return path.toString();
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void anApplicationServerIsReachedAsIfDirectly(Backend.Kind kind) throws IOException {
        try (var backend = Backend.start(kind, folder, 0);
                var proxy = RealProcess.proxy("localhost:" + backend.port())) {
            assertThat(curl(proxy.url("/"))).startsWith("hello from ");
            assertThat(curl("-d", "some data", proxy.url("/echo"))).isEqualTo("some data");
            assertThat(curl("-I", proxy.url("/no-head"), "-X", "GET")).startsWith("HTTP/1.1 200");
            // Large enough for curl to ask with Expect: 100-continue.
            assertThat(curl("-T", file("two", 2 << 20), proxy.url("/count"))).isEqualTo(String.valueOf(2 << 20));
            String several = curl(proxy.url("/"), proxy.url("/"), proxy.url("/"), "-w", "%{num_connects};");
            assertThat(several).contains("1;").contains("0;");
            assertThat(proxy.terminate()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void largeBodiesPassInBothDirections(Backend.Kind kind) throws IOException {
        try (var backend = Backend.start(kind, folder, 0);
                var proxy = RealProcess.proxy("localhost:" + backend.port())) {
            assertThat(curl("-T", file("large", LARGE_BYTES), proxy.url("/count")))
                    .isEqualTo(String.valueOf(LARGE_BYTES));
            String sizes = curl(
                    "-o", "/dev/null", "-w", "%{http_code} %{size_download}", proxy.url("/big?bytes=" + LARGE_BYTES));
            assertThat(sizes).isEqualTo("200 " + LARGE_BYTES);
            assertThat(proxy.program().errors()).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void eventsComeOneByOne(Backend.Kind kind) throws IOException {
        try (var backend = Backend.start(kind, folder, 0);
                var proxy = RealProcess.proxy("localhost:" + backend.port());
                var events = Program.start("curl", "-sSN", proxy.url("/events"))) {
            events.awaitOutput(line -> line.equals(": welcome"));
            for (int i = 0; i < 5; i++) {
                String text = "event-" + i;
                assertThat(curl(proxy.url("/emit?text=" + text))).isEqualTo("1");
                events.awaitOutput(line -> line.equals("data: " + text));
            }
            events.kill();
            if (kind == Backend.Kind.NODE) {
                // Node hears of it once the proxy has noticed.
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> curl(proxy.url("/emit?text=bye")).equals("0"));
            }
        }
    }
}
