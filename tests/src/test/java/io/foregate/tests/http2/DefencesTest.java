package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.proxy.observe.Defence;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client can do to make work without using it ends its connection, is counted, and an innocent one beside it is served. */
@ExtendWith(NoLeaks.class)
final class DefencesTest {
    private static final int ENHANCE_YOUR_CALM = 11;

    /** What an attacker does, until it is stopped. */
    private interface Attack {
        void on(Http2Wire attacker) throws IOException;
    }

    private static void stopped(Defence defence, Attack attack) throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire innocent = Http2Wire.to(proxy.port());
                Http2Wire attacker = Http2Wire.to(proxy.port())) {
            innocent.get(1, "/");
            assertThat(innocent.answer(1).body()).isEqualTo("hello");
            // It would come between the frames of the attack.
            attacker.acknowledgeNothing();
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    attack.on(attacker);
                } catch (IOException stopped) {
                    // As it should be.
                }
            });
            assertThat(goAwayCode(attacker))
                    .as("ENHANCE_YOUR_CALM, or closed already")
                    .isIn(ENHANCE_YOUR_CALM, -1);
            assertThat(proxy.defences().count(defence)).isPositive();
            innocent.get(3, "/");
            assertThat(innocent.answer(3).body()).isEqualTo("hello");
            attacker.close();
            sending.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int goAwayCode(Http2Wire wire) throws IOException {
        try {
            return wire.await(Http2Wire.GOAWAY).int32(4);
        } catch (EOFException | SocketException closed) {
            return -1;
        }
    }

    @Test
    void rapidReset() throws IOException {
        stopped(Defence.RAPID_RESET, attacker -> {
            byte[] block = Http2Wire.block(Http2Wire.request("GET", "/"));
            for (int i = 0; i < 20_000; i++) {
                attacker.queue(Http2Wire.HEADERS, 5, i * 2 + 1, block);
                attacker.queue(Http2Wire.RST_STREAM, 0, i * 2 + 1, Http2Wire.int32(8));
            }
            attacker.flush();
        });
    }

    @Test
    void madeYouReset() throws IOException {
        stopped(Defence.MADE_YOU_RESET, attacker -> {
            byte[] block = Http2Wire.block(Http2Wire.request("GET", "/"));
            for (int i = 0; i < 20_000; i++) {
                attacker.queue(Http2Wire.HEADERS, 5, i * 2 + 1, block);
                // A window that opens by nothing is an error of the stream, which the server has to reset.
                attacker.queue(Http2Wire.WINDOW_UPDATE, 0, i * 2 + 1, Http2Wire.int32(0));
            }
            attacker.flush();
        });
    }

    @Test
    void malformedRequestsWithoutEnd() throws IOException {
        stopped(Defence.MADE_YOU_RESET, attacker -> {
            byte[] block = Http2Wire.block(Http2Wire.request("GET", "/", "connection", "close"));
            for (int i = 0; i < 20_000; i++) {
                attacker.queue(Http2Wire.HEADERS, 5, i * 2 + 1, block);
            }
            attacker.flush();
        });
    }

    @Test
    void continuationFlood() throws IOException {
        stopped(Defence.CONTINUATION_FLOOD, attacker -> {
            attacker.queue(Http2Wire.HEADERS, 1, 1, Http2Wire.block(Http2Wire.request("GET", "/")));
            for (int i = 0; i < 20_000; i++) {
                attacker.queue(Http2Wire.CONTINUATION, 0, 1, Http2Wire.block("x-" + i, "y"));
            }
            attacker.flush();
        });
    }

    @Test
    void continuationsOfGreatLength() throws IOException {
        stopped(Defence.CONTINUATION_FLOOD, attacker -> {
            attacker.queue(Http2Wire.HEADERS, 1, 1, Http2Wire.block(Http2Wire.request("GET", "/")));
            for (int i = 0; i < 60; i++) {
                attacker.queue(Http2Wire.CONTINUATION, 0, 1, new byte[16_384]);
            }
            attacker.flush();
        });
    }

    @Test
    void pingFlood() throws IOException {
        stopped(Defence.PING_FLOOD, attacker -> flood(attacker, Http2Wire.PING, 0, new byte[8]));
    }

    @Test
    void settingsFlood() throws IOException {
        stopped(Defence.SETTINGS_FLOOD, attacker -> flood(attacker, Http2Wire.SETTINGS, 0, new byte[0]));
    }

    @Test
    void emptyDataFlood() throws IOException {
        stopped(Defence.EMPTY_FRAME_FLOOD, attacker -> {
            attacker.headers(1, false, Http2Wire.request("POST", "/"));
            flood(attacker, Http2Wire.DATA, 1, new byte[0]);
        });
    }

    @Test
    void priorityFlood() throws IOException {
        stopped(Defence.FRAME_FLOOD, attacker -> flood(attacker, Http2Wire.PRIORITY, 1, new byte[5]));
    }

    @Test
    void framesOfUnknownTypes() throws IOException {
        stopped(Defence.FRAME_FLOOD, attacker -> flood(attacker, 99, 0, new byte[5]));
    }

    @Test
    void windowUpdateFlood() throws IOException {
        stopped(Defence.WINDOW_ABUSE, attacker -> flood(attacker, Http2Wire.WINDOW_UPDATE, 0, Http2Wire.int32(1)));
    }

    private static void flood(Http2Wire attacker, int type, int id, byte[] payload) throws IOException {
        for (int i = 0; i < 50_000; i++) {
            attacker.queue(type, 0, id, payload);
        }
        attacker.flush();
    }

    @Test
    void aWindowBeyondWhatCanBeIsAnError() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.window(0, Integer.MAX_VALUE);
            assertThat(client.endCode()).as("FLOW_CONTROL_ERROR").isEqualTo(3);
        }
    }

    @Test
    void aHeaderBombIsAnsweredAndCostsNothing() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            ByteArrayOutputStream section = new ByteArrayOutputStream();
            section.writeBytes(Http2Wire.block(Http2Wire.request("GET", "/")));
            section.write(0x40);
            Http2Wire.string(section, "x-bomb");
            Http2Wire.string(section, "z".repeat(3900));
            byte[] references = new byte[12_000];
            Arrays.fill(references, (byte) 0xbe);
            section.writeBytes(references);
            // 12 KB that would become 47 MB.
            client.frame(Http2Wire.HEADERS, 5, 1, Arrays.copyOf(section.toByteArray(), 16_000));
            assertThat(client.answer(1).status()).isEqualTo(431);
            assertThat(proxy.defences().count(Defence.HPACK_BOMB)).isPositive();
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("hello");
        }
    }

    @Test
    void tooManyFieldsAreAnswered() throws IOException {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            String[] many = new String[400];
            for (int i = 0; i < many.length; i += 2) {
                many[i] = "x-" + i;
                many[i + 1] = "";
            }
            client.get(1, "/", many);
            assertThat(client.answer(1).status()).isEqualTo(431);
            assertThat(proxy.defences().count(Defence.HEADER_FLOOD)).isPositive();
        }
    }

    @Test
    void aClientThatReadsNothingIsNotReadFromEither() throws Exception {
        try (Origin origin = Origin.saying("hello");
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire innocent = Http2Wire.to(proxy.port());
                Http2Wire attacker = Http2Wire.silent(proxy.port(), 4096)) {
            attacker.begin();
            byte[] block = Http2Wire.block(Http2Wire.request("HEAD", "/local"));
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 200_000; i++) {
                        attacker.queue(Http2Wire.HEADERS, 5, i * 2 + 1, block);
                    }
                    attacker.flush();
                } catch (IOException stopped) {
                    // When the test is over.
                }
            });
            await().until(() -> proxy.defences().count(Defence.UNREAD_REPLIES) > 0);
            innocent.get(1, "/");
            assertThat(innocent.answer(1).body()).isEqualTo("hello");
            attacker.close();
            sending.join();
            await().until(() -> proxy.plane().connectionCount() == 1);
        }
    }
}
