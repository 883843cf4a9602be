package io.foregate.tests.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.foregate.api.message.Failure;
import io.foregate.tests.support.Message;
import io.foregate.tests.support.NoLeaks;
import io.foregate.tests.support.Origin;
import io.foregate.tests.support.Proxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Windows in both directions: a slow stream stops its own source, gathers nothing in memory, and no neighbour waits for it. */
@ExtendWith(NoLeaks.class)
final class FlowControlTest {
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int HUGE = 64 << 20;

    /** Sends huge answers to {@code /huge}, counting what was taken of them, and small ones to the rest. */
    private static Origin origin(AtomicLong taken) throws IOException {
        return Origin.start(connection -> {
            for (Message request = connection.request(); request != null; request = connection.request()) {
                if (!request.target().startsWith("/huge")) {
                    connection.send(Origin.ok("small"));
                    continue;
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + HUGE + "\r\n\r\n");
                byte[] piece = new byte[16 * 1024];
                for (int sent = 0; sent < HUGE; sent += piece.length) {
                    connection.send(piece);
                    taken.addAndGet(piece.length);
                }
            }
        });
    }

    private static long awaitStandstill(AtomicLong count) {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(300)).until(() -> {
            boolean still = count.get() == last[0];
            last[0] = count.get();
            return still;
        });
        return count.get();
    }

    @Test
    void anAnswerThatNobodyTakesStopsItsOriginAndNoNeighbour() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Origin origin = origin(taken);
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 1000)) {
            client.get(1, "/huge");
            assertThat(client.await(Http2Wire.DATA).payload()).hasSize(1000);
            // What the sockets' buffers hold comes on top of what the proxy holds.
            assertThat(awaitStandstill(taken)).isLessThan(HUGE / 4);
            for (int id = 3; id < 23; id += 2) {
                client.get(id, "/small");
                assertThat(client.answer(id).body()).isEqualTo("small");
            }
            client.window(1, 500);
            assertThat(client.await(frame -> frame.id() == 1).payload()).hasSize(500);
        }
    }

    @Test
    void aWindowThatIsTakenBackStopsAStreamThatWaitedForTheConnection() throws Exception {
        try (Origin origin = origin(new AtomicLong());
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 1 << 20)) {
            client.get(1, "/huge");
            for (int left = 65_535; left > 0; ) {
                left -= client.await(Http2Wire.DATA).payload().length;
            }
            // It may send 65,535 bytes less than none now (RFC 9113 §6.9.2), and the connection 1,000.
            client.settings(INITIAL_WINDOW_SIZE, 0);
            client.window(0, 1000);
            client.frame(Http2Wire.PING, 0, 0, new byte[8]);
            assertThat(client.next().type()).isEqualTo(Http2Wire.PING);
            client.window(1, 65_535 + 400);
            assertThat(client.await(Http2Wire.DATA).payload()).hasSize(400);
            client.get(3, "/small");
            client.window(3, 100);
            assertThat(client.await(frame -> frame.id() == 3 && frame.type() == Http2Wire.DATA)
                            .text())
                    .isEqualTo("small");
        }
    }

    @Test
    void aLargeAnswerComesWholeAsItsWindowsOpen() throws Exception {
        try (Origin origin = origin(new AtomicLong());
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.get(1, "/huge");
            assertThat(client.answer(1).body()).hasSize(HUGE);
        }
    }

    @Test
    void manySlowStreamsHoldNoMoreThanABoundForEach() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Origin origin = origin(taken);
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 0)) {
            for (int id = 1; id < 41; id += 2) {
                client.get(id, "/huge");
            }
            assertThat(awaitStandstill(taken)).as("of 20 answers of 64 MiB").isLessThan(20L * (8 << 20));
            client.get(41, "/small");
            client.window(41, 100);
            assertThat(client.answer(41).body()).isEqualTo("small");
        }
    }

    @Test
    void anUploadThatTheOriginDoesNotReadStopsItsClientAndNoNeighbour() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (Origin origin = Origin.start(connection -> {
                    for (Message head = connection.head(); head != null; head = connection.head()) {
                        if (head.target().equals("/upload")) {
                            goOn.await();
                        }
                        connection.body(head, 0);
                        connection.send(Origin.ok("done"));
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            int size = 32 << 20;
            client.headers(1, false, Http2Wire.request("POST", "/upload", "content-length", String.valueOf(size)));
            // No more than the windows allow: the stream's 128 KiB, and what is opened again.
            int window = 128 * 1024;
            int connectionWindow = 65535;
            byte[] piece = new byte[16 * 1024];
            int sent = 0;
            client.socket().setSoTimeout(700);
            while (true) {
                if (Math.min(window, connectionWindow) >= piece.length) {
                    client.frame(Http2Wire.DATA, 0, 1, piece);
                    sent += piece.length;
                    window -= piece.length;
                    connectionWindow -= piece.length;
                    continue;
                }
                try {
                    Http2Wire.Frame update = client.await(Http2Wire.WINDOW_UPDATE);
                    if (update.id() == 0) {
                        connectionWindow += update.int32(0);
                    } else {
                        window += update.int32(0);
                    }
                } catch (java.net.SocketTimeoutException stopped) {
                    break;
                }
            }
            assertThat(sent).as("taken of an upload that nobody reads").isLessThan(size / 2);
            client.socket().setSoTimeout(20_000);
            client.headers(3, false, Http2Wire.request("POST", "/other"));
            client.data(3, true, "x");
            assertThat(client.answer(3).body()).isEqualTo("done");
            goOn.countDown();
            client.await(frame -> frame.type() == Http2Wire.WINDOW_UPDATE && frame.id() == 1);
        }
    }

    @Test
    void moreThanTheWindowAllowsEndsTheStream() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Origin origin = Origin.start(connection -> never.await());
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port())) {
            client.headers(1, false, Http2Wire.request("POST", "/"));
            // The stream may have given some of its window back until the origin's socket is full.
            List<Integer> codes = new ArrayList<>();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 4000; i++) {
                        client.frame(Http2Wire.DATA, 0, 1, new byte[16 * 1024]);
                    }
                } catch (IOException closed) {
                    // As it should be, sooner or later.
                }
            });
            codes.add(client.endCode());
            assertThat(codes).containsExactly(FLOW_CONTROL_ERROR);
            client.close();
            sender.join();
        }
    }

    @Test
    void urgentStreamsGoFirstAndIncrementalOnesTakeTurns() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        try (Origin origin = Origin.start(connection -> {
                    while (connection.request() != null) {
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + "x".repeat(40_000));
                        answered.incrementAndGet();
                    }
                });
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 1 << 20)) {
            // Uses the connection's window up, so that what comes later has to wait and be chosen from.
            client.get(1, "/");
            client.get(3, "/");
            int left = 65_535;
            while (left > 0) {
                left -= client.await(Http2Wire.DATA).payload().length;
            }
            client.get(5, "/", "priority", "u=6");
            client.get(7, "/", "priority", "u=4, i");
            client.get(9, "/", "priority", "u=4, i");
            client.get(11, "/", "priority", "u=1");
            for (int heads = 0; heads < 4; heads++) {
                client.await(Http2Wire.HEADERS);
            }
            // All is in the sockets, and after some turns of the loop in the proxy.
            await().until(() -> answered.get() == 6);
            for (int turns = 0; turns < 10; turns++) {
                client.frame(Http2Wire.PING, 0, 0, new byte[8]);
                client.await(Http2Wire.PING);
            }
            client.window(0, 1 << 20);
            List<Integer> order = new ArrayList<>();
            int ended = 0;
            while (ended < 5) {
                Http2Wire.Frame frame = client.await(Http2Wire.DATA);
                if (frame.payload().length > 0 && frame.id() >= 5) {
                    order.add(frame.id());
                }
                ended += frame.has(Http2Wire.END_STREAM) ? 1 : 0;
            }
            assertThat(order.lastIndexOf(11)).as("most urgent first: %s", order).isLessThan(order.indexOf(7));
            assertThat(order.lastIndexOf(7)).as("least urgent last: %s", order).isLessThan(order.indexOf(5));
            assertThat(order.indexOf(9))
                    .as("incremental ones take turns: %s", order)
                    .isLessThan(order.lastIndexOf(7));
        }
    }

    @Test
    void anAnswerThatIsCancelledLetsGoOfItsOrigin() throws Exception {
        AtomicLong taken = new AtomicLong();
        try (Origin origin = origin(taken);
                Proxy proxy = Proxy.to(origin).open();
                Http2Wire client = Http2Wire.to(proxy.port(), INITIAL_WINDOW_SIZE, 0)) {
            client.get(1, "/huge");
            client.await(Http2Wire.HEADERS);
            client.reset(1, 8);
            await().until(() -> origin.open() == 0);
            assertThat(proxy.next().failure()).isEqualTo(Failure.Kind.CLIENT_GONE);
        }
    }
}
