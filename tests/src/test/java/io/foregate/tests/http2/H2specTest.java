package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Program;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** h2spec 2.2.0, which others wrote against RFC 7540 and 7541, finds nothing. It comes with a Maven plugin of its own. */
final class H2specTest {
    private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";

    @TempDir
    private Path folder;

    /** The program, unpacked into a folder. */
    static Path program(Path folder) throws IOException {
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream in = Objects.requireNonNull(H2specTest.class.getResourceAsStream(ARCHIVE), ARCHIVE)) {
            Files.copy(in, archive, StandardCopyOption.REPLACE_EXISTING);
        }
        Program.run("tar", "-xzf", archive.toString(), "-C", folder.toString());
        return folder.resolve("h2spec");
    }

    @Test
    void findsNothingOverPlainConnections() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open()) {
            passes(program(folder).toString(), "-h", "127.0.0.1", "-p", String.valueOf(proxy.port()), "-o", "5");
        }
    }

    /** Runs it and expects all of it to pass. */
    static void passes(String... command) throws IOException {
        try (Program h2spec = Program.start(command)) {
            int code = h2spec.awaitEnd(Duration.ofMinutes(5));
            assertThat(String.join("\n", h2spec.output())).contains("145 tests, 145 passed, 0 skipped, 0 failed");
            assertThat(code).isZero();
        }
    }
}
