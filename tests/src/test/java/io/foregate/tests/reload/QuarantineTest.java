package io.foregate.tests.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.build.Quarantine;
import io.foregate.control.reload.Result;
import io.foregate.tests.support.Authority;
import io.foregate.tests.support.Configured;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is broken beside the text stays where it is: the rest of a change applies. */
@ExtendWith(NoLeaks.class)
final class QuarantineTest {
    @TempDir
    Path folder;

    @BeforeEach
    void authority() throws IOException {
        Authority.selfSigned(folder, "ca", "IP:127.0.0.1");
    }

    private static String config(String text, int securePort, int plainPort) {
        return """
                listeners: { main: "127.0.0.1:0" }
                logs: { access: off }
                shutdown: 1ms
                sites:
                  "*": { routes: { /*: { respond: { body: "%s" } }, /secure: secure, /plain: plain } }
                pools:
                  secure: { servers: ["https://127.0.0.1:%d"], tls: { ca: ca.pem } }
                  plain: ["127.0.0.1:%d"]
                """.formatted(text, securePort, plainPort);
    }

    @Test
    void aPoolWhoseFileIsBrokenGoesOnAsItWasWhileTheRestApplies() throws Exception {
        try (Nginx secure = Nginx.start(folder);
                Origin plain = Origin.saying("plain");
                Configured proxy = Configured.start(folder, config("one", secure.port(), plain.port()))) {
            assertThat(proxy.get("main", "/secure").text()).isEqualTo("secure");
            Files.writeString(folder.resolve("ca.pem"), "nothing");

            Result.Applied applied = proxy.change(config("two", secure.port(), plain.port()));

            assertThat(applied.quarantined()).singleElement().satisfies(one -> {
                assertThat(one.what()).isEqualTo("pool");
                assertThat(one.name()).isEqualTo("secure");
                assertThat(one.kept()).isTrue();
                assertThat(one.reason()).contains("pools.secure.tls.ca").contains("holds no certificate");
            });
            assertThat(proxy.get("main", "/").text()).isEqualTo("two");
            assertThat(proxy.get("main", "/secure").text()).isEqualTo("secure");
            Instant since = applied.quarantined().getFirst().since();
            assertThat(proxy.change(config("three", secure.port(), plain.port()))
                            .quarantined())
                    .extracting(Quarantine::since)
                    .containsExactly(since);
        }
    }

    @Test
    void aPoolThatNeverWorkedAnswers503UntilItsFileIsThere() throws Exception {
        Path aside = folder.resolve("aside.pem");
        Files.move(folder.resolve("ca.pem"), aside);
        Files.copy(aside, folder.resolve("server.pem"));
        try (Nginx secure = Nginx.start(folder, "server");
                Origin plain = Origin.saying("plain");
                Configured proxy = Configured.start(folder, config("one", secure.port(), plain.port()))) {
            assertThat(proxy.get("main", "/secure").status()).isEqualTo(503);
            assertThat(proxy.get("main", "/plain").text()).isEqualTo("plain");
            assertThat(proxy.foregate().quarantined())
                    .singleElement()
                    .asString()
                    .contains("pool secure is quarantined")
                    .contains("there is no file")
                    .contains("nothing to go on with");

            Files.move(aside, folder.resolve("ca.pem"));
            assertThat(proxy.reloader().again("test")).isInstanceOf(Result.Applied.class);

            assertThat(proxy.get("main", "/secure").text()).isEqualTo("secure");
            assertThat(proxy.foregate().quarantined()).isEmpty();
        }
    }
}
