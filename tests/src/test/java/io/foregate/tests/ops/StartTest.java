package io.foregate.tests.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.tests.support.Message;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.RealProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an origin's state must not do to the start. */
@Execution(ExecutionMode.CONCURRENT)
final class StartTest {
    @TempDir
    private Path folder;

    @Test
    void anOriginThatDoesNotResolveIsAPoolThatIsDown() throws IOException {
        try (var origin = Origin.saying("up");
                var proxy = RealProcess.run(folder, """
                        listeners: { main: "127.0.0.1:0" }
                        sites: { "*": { routes: { "/lost/*": lost, "/*": web } } }
                        pools:
                          web: ["127.0.0.1:%d"]
                          lost: ["nowhere.invalid:80"]
                        """.formatted(origin.port()))) {
            assertThat(proxy.get("/").text()).isEqualTo("up");
            Message down = proxy.get("/lost/page");
            assertThat(down.status()).isEqualTo(503);
            assertThat(down.field("Retry-After")).isNotNull();
            assertThat(down.text()).doesNotContain("nowhere");
            assertThat(proxy.program().awaitError(line -> line.contains("nowhere.invalid")))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void localhostIsFoundOnWhicheverAddressItListens(String address) throws IOException {
        try (var origin = Origin.at(new InetSocketAddress(InetAddress.getByName(address), 0), connection -> {
                    while (connection.request() != null) {
                        connection.send(Origin.ok("here"));
                    }
                });
                var proxy = RealProcess.proxy("localhost:" + origin.port())) {
            for (int i = 0; i < 4; i++) {
                assertThat(proxy.get("/").text()).isEqualTo("here");
            }
        }
    }
}
