package io.foregate.tests.streaming;

import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import io.foregate.tests.support.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pipes through which bodies move: counted in the whole process, which has those of other tests otherwise. */
@ExtendWith(NoLeaks.class)
@Isolated
final class MovingPipesTest {
    private static final int LENGTH = 1_000_000_000;

    private static Origin endless() throws IOException {
        return Origin.start(connection -> {
            connection.request();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            byte[] block = new byte[100_000];
            for (int left = LENGTH; left > 0; left -= block.length) {
                connection.out().write(block);
            }
        });
    }

    private static Set<String> pipes() {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(MovingPipesTest::target)
                    .filter(target -> target.startsWith("pipe:"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static int newPipes(Set<String> before) {
        Set<String> now = pipes();
        now.removeAll(before);
        return now.size();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aPipeIsInUseWhereOneCanBeAndNoneIsLeftBehind(Transport transport) throws IOException {
        assumeThat(transport.available()).isTrue();
        assumeThat(Files.isDirectory(Path.of("/proc/self/fd"))).isTrue();
        Set<String> before = pipes();
        try (var origin = endless();
                var proxy = Proxy.to(origin).transport(transport).open()) {
            for (int i = 0; i < 60; i++) {
                try (Wire client = Wire.narrow(proxy.port(), 16 * 1024)) {
                    client.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
                    client.responseHead();
                    client.in().readNBytes(500_000);
                    if (i == 0 && transport != Transport.NIO) {
                        await().until(() -> newPipes(before) == 1);
                    }
                    if (i % 2 == 0) {
                        client.reset();
                    }
                }
            }
            await().until(() -> origin.open() == 0);
            // One that a new body needed before the last was seen to be over rests beside the others.
            int resting = transport == Transport.IO_URING ? 16 : 0;
            await().until(() -> newPipes(before) <= resting);
        }
        await().until(() -> newPipes(before) == 0);
    }
}
