package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import io.foregate.control.run.Foregate;
import io.foregate.proxy.server.Transport;
import io.foregate.tests.support.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Clients that let us wait: each kind of waiting has an end. */
@ExtendWith(NoLeaks.class)
final class SlownessTest {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int SETTINGS_TIMEOUT = 4;
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    @TempDir
    static Path folder;

    private static Foregate foregate;

    @BeforeAll
    static void start() throws Exception {
        Loaded loaded = ConfigLoader.load("test.yaml", """
                listeners: { test: "127.0.0.1:0" }
                defaults: { timeouts: { header-read: 300ms, keep-alive: 900ms } }
                sites: { "*": { respond: { body: hello } } }
                logs: { access: off, error: error }
                shutdown: 1ms
                """);
        assertThat(loaded).isInstanceOf(Loaded.Ok.class);
        foregate = Foregate.start((Loaded.Ok) loaded, new Foregate.Settings(1, Transport.preferred(), folder));
    }

    @AfterAll
    static void stop() throws Exception {
        foregate.stop();
    }

    private static int port() {
        return foregate.listeners().getFirst().address().getPort();
    }

    @Test
    void whoSaysNothingIsClosed() throws IOException {
        try (Http2Wire client = Http2Wire.silent(port(), 0)) {
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void whoDoesNotFinishThePrefaceIsClosed() throws IOException {
        try (Http2Wire client = Http2Wire.silent(port(), 0)) {
            client.raw(new byte[] {'P', 'R', 'I'});
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void whoDoesNotSendSettingsIsStopped() throws IOException {
        try (Http2Wire client = Http2Wire.silent(port(), 0)) {
            client.acknowledgeNothing();
            client.raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.endCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeadThatDoesNotEndStopsTheConnection() throws IOException {
        try (Http2Wire client = Http2Wire.to(port())) {
            client.acknowledgeNothing();
            client.frame(Http2Wire.HEADERS, 0, 1, Http2Wire.block(Http2Wire.request("GET", "/")));
            assertThat(client.endCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void aHeadersFrameThatDoesNotEndStopsTheConnection() throws IOException {
        try (Http2Wire client = Http2Wire.to(port())) {
            client.acknowledgeNothing();
            client.raw(new byte[] {0, 0, 100, 1, 5, 0, 0, 0, 1, 2, 3});
            assertThat(client.endCode()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void settingsHaveToBeAcknowledged() throws IOException {
        try (Http2Wire client = Http2Wire.to(port())) {
            client.acknowledgeNothing();
            client.get(1, "/");
            assertThat(client.answer(1).body()).isEqualTo("hello");
            assertThat(client.endCode()).isEqualTo(SETTINGS_TIMEOUT);
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterAWord() throws IOException {
        try (Http2Wire client = Http2Wire.to(port())) {
            client.get(1, "/");
            assertThat(client.answer(1).body()).isEqualTo("hello");
            assertThat(client.endCode()).isZero();
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void theRestOfAnAnswerThatIsNeverTakenIsDropped() throws IOException {
        try (Http2Wire client = Http2Wire.to(port(), INITIAL_WINDOW_SIZE, 0)) {
            client.get(1, "/");
            assertThat(client.endCode()).isEqualTo(CANCEL);
        }
    }
}
